import { Agent, type Dispatcher } from 'undici'
import type { Category } from '../core/vocabulary.ts'
import type { SourceDescription, SourceRequest } from './description.ts'
import { type Call, exchange } from './exchange.ts'
import { SourceFailure } from './failure.ts'
import { type CategoryTerms, itemDefaults } from './item.ts'
import { compileMapping, type Mapping } from './mapping.ts'
import { protectSource } from './protection.ts'
import type { Source, SourceReply } from './source.ts'

export interface HttpSourceUses {
  /** The text of a credential file; asked again for every request, so that a rotated credential is used at once. */
  readonly readSecret: (file: string) => string | Promise<string>
  /** What the policy in force says of a category; undefined for one it does not know. */
  readonly categoryOf: (category: Category) => CategoryTerms | undefined
  /** Where requests go; by default a connection pool of the source's own. */
  readonly dispatcher?: Dispatcher
}

/** One request and the mappings of every category that its reply holds. */
interface Group {
  readonly request: SourceRequest
  readonly mappings: ReadonlyMap<Category, Mapping>
}

type Question = Parameters<Source['fetch']>[0]

/** An agency's own system, asked over HTTP as its description says. Never throws: whatever goes wrong is its reply, the whole category's. */
export function httpSource(description: SourceDescription, uses: HttpSourceUses): Source {
  const groups = groupByRequest(description)
  const guarded = protectSource<readonly SourceReply[]>(description, (replies) => replies.some((reply) => reply.outcome === 'unavailable'))
  const connect = connector(description, uses)
  const askGroup = async (group: Group, asked: readonly Category[], question: Question): Promise<readonly SourceReply[]> => {
    try {
      // Outside the guard: a question that cannot be put says nothing about the source.
      const call = toCall(group.request, description, question)
      return await guarded(async (signal) => {
        const { dispatcher, credential } = await connect()
        const reply = await exchange({ ...call, dispatcher, signal, headers: { ...call.headers, ...credential } })
        const read = (category: Category) => {
          const defaults = itemDefaults(description.agency, uses.categoryOf(category))
          return readCategory(group, category, { reply, identifier: question.identifier, defaults })
        }
        return dropWrongPerson(await Promise.all(asked.map(read)))
      })
    } catch (error) {
      const because = error instanceof SourceFailure ? error.because : 'failed'
      return asked.map((category) => ({ category, outcome: 'unavailable', because }))
    }
  }
  return {
    agencyId: description.agency,
    categories: Object.keys(description.categories) as Category[],
    identifierKind: description.identifierKind,
    fetch: async (question) => {
      const asked = [...new Set(question.categories)]
      const parts = groups.map((group) => [group, asked.filter((category) => group.mappings.has(category))] as const)
      const known = parts.filter(([, wanted]) => wanted.length > 0).map(([group, wanted]) => askGroup(group, wanted, question))
      const replies = new Map((await Promise.all(known)).flat().map((reply) => [reply.category, reply]))
      return asked.map((category) => replies.get(category) ?? { category, outcome: 'unavailable', because: 'failed' })
    },
  }
}

/** A reply in which one category is about someone else is not believed about any other. */
function dropWrongPerson(replies: readonly SourceReply[]): readonly SourceReply[] {
  const wrong = replies.some((reply) => reply.outcome === 'unavailable' && reply.because === 'wrong-subject')
  return wrong ? replies.map(({ category }) => ({ category, outcome: 'unavailable', because: 'wrong-subject' })) : replies
}

async function readCategory(group: Group, category: Category, got: Parameters<Mapping['read']>[0]): Promise<SourceReply> {
  try {
    const mapping = group.mappings.get(category)
    if (!mapping) throw new SourceFailure('failed')
    return { category, outcome: 'items', items: await mapping.read(got) }
  } catch (error) {
    return { category, outcome: 'unavailable', because: error instanceof SourceFailure ? error.because : 'invalid-reply' }
  }
}

function groupByRequest(description: SourceDescription): readonly Group[] {
  const groups = new Map<string, { request: SourceRequest; mappings: Map<Category, Mapping> }>()
  for (const [id, source] of Object.entries(description.categories)) {
    const category = id as Category
    const key = JSON.stringify(source.request)
    const group = groups.get(key) ?? { request: source.request, mappings: new Map<Category, Mapping>() }
    group.mappings.set(category, compileMapping(source))
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** The request as it is sent, before anybody has proved who sends it; throws for a number that no agency writes. */
export function toCall(
  request: SourceRequest,
  description: SourceDescription,
  question: Pick<Question, 'identifier' | 'requestId'>,
): Omit<Call, 'signal' | 'dispatcher'> {
  const { identifier, requestId } = question
  if (!/^[A-Za-z0-9][A-Za-z0-9 /._-]{0,63}$/.test(identifier)) throw new SourceFailure('failed')
  const base = description.address.replace(/\/+$/, '')
  const body = request.method === 'POST' ? JSON.stringify(fill(request.body, identifier)) : null
  return {
    url: new URL(base + request.path.replaceAll('{identifier}', encodeURIComponent(identifier))),
    method: request.method,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip, br',
      ...(/^[\w.:-]{1,128}$/.test(requestId) ? { 'x-request-id': requestId } : {}),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    body,
    maxBytes: description.maxBytes,
  }
}

function fill(template: unknown, identifier: string): unknown {
  if (typeof template === 'string') return template.replaceAll('{identifier}', identifier)
  if (Array.isArray(template)) return template.map((part) => fill(part, identifier))
  if (template === null || typeof template !== 'object') return template
  return Object.fromEntries(Object.entries(template).map(([key, part]) => [key, fill(part, identifier)]))
}

type Connection = Pick<Call, 'dispatcher'> & { readonly credential: Readonly<Record<string, string>> }

/** Reads the credential for each request; a pool is kept until the certificate it was opened with is replaced. */
export function connector(
  description: SourceDescription,
  uses: Pick<HttpSourceUses, 'readSecret' | 'dispatcher'>,
): () => Promise<Connection> {
  const { credential, timeoutMs } = description
  const open = (tls: { cert?: string; key?: string; ca?: string }) =>
    uses.dispatcher ??
    new Agent({
      connections: description.concurrency,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: 16_384,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { ...tls, timeout: timeoutMs },
    })
  if (credential.type !== 'mtls') {
    const dispatcher = open({})
    if (credential.type === 'none') return () => Promise.resolve({ dispatcher, credential: {} })
    return async () => ({ dispatcher, credential: { authorization: `Bearer ${(await uses.readSecret(credential.file)).trim()}` } })
  }
  let pool: { readonly from: string; readonly dispatcher: Dispatcher } | null = null
  const { certificateFile, keyFile, authorityFile } = credential
  return async () => {
    const [cert, key, ca] = await Promise.all(
      [certificateFile, keyFile, authorityFile].map(async (file) => (file ? uses.readSecret(file) : undefined)),
    )
    const from = JSON.stringify([cert, key, ca])
    if (pool?.from !== from) {
      void pool?.dispatcher.close()
      pool = { from, dispatcher: open({ cert, key, ca }) }
    }
    return { dispatcher: pool.dispatcher, credential: {} }
  }
}
