import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { closeServer, listenLocally, sendJson } from '../local-server.ts'
import type { SandboxPerson } from '../people/person.ts'
import { printed } from '../people/person.ts'
import type { Random } from '../random.ts'
import { seededBy } from '../random.ts'

/** One person as one agency holds them. */
export interface Known {
  readonly person: SandboxPerson
  /** The agency's own number for the person, as the agency prints it. */
  readonly number: string
  readonly random: Random
}

/** An agency's system as its vendor might have built it: where the number stands in a request, and what each path answers. */
export interface SystemDefinition {
  readonly agencyId: string
  readonly numberKey: string
  readonly views: Readonly<Record<string, (known: Known) => Readonly<Record<string, unknown>>>>
}

/** What can go wrong with somebody else's system: it never answers, fails, answers about another person, or in a shape nobody announced. */
export type Misbehaviour = 'hang' | 'fail' | 'wrong-person' | 'changed-shape'

export interface AgencySystem {
  readonly agencyId: string
  readonly url: string
  /** Requests answered with a record so far: nought proves that a refused category was never asked for. */
  answered(): number
  /** From the next request on; null behaves again. */
  misbehave(how: Misbehaviour | null): void
  close(): Promise<void>
}

interface Serving {
  readonly definition: SystemDefinition
  readonly credential: string
  readonly byNumber: ReadonlyMap<string, Known['person']>
  misbehaviour: Misbehaviour | null
  answered: number
}

/** Starts that agency's system on the loopback address. It knows the people who bear one of its own numbers, and nobody else. */
export const startAgencySystem = async (options: {
  readonly definition: SystemDefinition
  readonly people: readonly SandboxPerson[]
  readonly credential: string
  readonly port: number
}): Promise<AgencySystem> => {
  const { definition, people, credential, port } = options
  const numbered = people.flatMap((person) => {
    const own = person.identifiers.find((identifier) => identifier.agencyId === definition.agencyId)
    return own ? [[own.value, person] as const] : []
  })
  const serving: Serving = { definition, credential, byNumber: new Map(numbered), misbehaviour: null, answered: 0 }
  const server = createServer((request, response) => {
    answer(serving, request, response).catch(() => response.destroy())
  })
  const url = await listenLocally(server, port)
  return {
    agencyId: definition.agencyId,
    url,
    answered: () => serving.answered,
    misbehave: (how) => {
      serving.misbehaviour = how
    },
    close: () => closeServer(server),
  }
}

const answer = async (serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (serving.misbehaviour === 'hang') return
  if (serving.misbehaviour === 'fail') return void sendJson(response, 500, { error: 'internal error' })
  if (!bearsCredential(request, serving.credential)) return void sendJson(response, 401, { error: 'unauthorised' })
  const path = request.url ?? ''
  const view = Object.hasOwn(serving.definition.views, path) ? serving.definition.views[path] : undefined
  if (request.method !== 'POST' || view === undefined) return void sendJson(response, 404, { error: 'no such service' })
  const person = serving.byNumber.get(numberIn(await text(request), serving.definition.numberKey))
  if (!person) return void sendJson(response, 404, { error: 'no such record' })
  serving.answered += 1
  const asked = serving.misbehaviour === 'wrong-person' ? neighbour(serving, person) : person
  const reply = view(knownAs(serving, asked, path))
  sendJson(response, 200, serving.misbehaviour === 'changed-shape' ? withoutRecords(reply) : reply)
}

/** Every reply says first whom it is about; what is left after that is whom, and no records. */
const withoutRecords = (reply: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(reply).slice(0, 1))

const bearsCredential = (request: IncomingMessage, credential: string): boolean => {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${credential}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const numberIn = (body: string, key: string): string => {
  try {
    const parsed: unknown = JSON.parse(body)
    const number = parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>)[key] : undefined
    return typeof number === 'string' ? number.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') : ''
  } catch {
    return ''
  }
}

const neighbour = (serving: Serving, person: SandboxPerson): SandboxPerson =>
  [...serving.byNumber.values()].find((other) => other.id !== person.id) ?? person

const knownAs = (serving: Serving, person: SandboxPerson, path: string): Known => {
  const own = person.identifiers.find((identifier) => identifier.agencyId === serving.definition.agencyId)
  if (!own) throw new Error(`${serving.definition.agencyId} has no number for ${person.id}`)
  return { person, number: printed(own), random: seededBy(`${serving.definition.agencyId} ${path} ${person.id}`) }
}

/** As many records as the person has: at least one. */
export const several = <T>(random: Random, most: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: random.between(1, most) }, (_, index) => make(index))
