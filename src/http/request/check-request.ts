import { createHash } from 'node:crypto'
import type { IdempotencyKey, OperationRequest } from '../../core/answer.ts'
import { Fault } from '../../core/fault.ts'
import type { ContractOperation } from '../contract.ts'
import { sentencesOf, type Detail } from '../contract/sentences.ts'
import { hasBody, readBody } from './read-body.ts'
import { parseStrictJson } from '../strict-json.ts'
import type { Visit } from './visit.ts'

/** Reads the request and holds it against the contract; Faults `malformed`, `invalid`, `too-large`, `unsupported-media-type`. */
export const checkRequest = async (visit: Visit, operation: ContractOperation): Promise<OperationRequest> => {
  const { request } = visit
  const bytes = await bytesFor(visit, operation)
  const body = bytes !== null ? parseStrictJson(bytes) : operation.bodyOptional ? {} : null
  const params = { ...(request.params as Record<string, string>) }
  const query = queryOf(request.url)
  holdAgainstContract(operation, { params, query, body, headers: request.headers })
  return {
    params,
    query,
    body,
    idempotencyKey: operation.takesIdempotencyKey ? idempotencyKeyOf(visit, bytes) : null,
    ifMatch: headerOf(visit, 'if-match') ?? null,
  }
}

/** Fault `invalid` with a sentence for each place that does not fit. */
export const holdAgainstContract = (
  operation: ContractOperation,
  { params, query, body, headers }: { readonly params: object; readonly query: object; readonly body: unknown; readonly headers: object },
): void => {
  const details: Detail[] = [
    // A validator of text may turn it into numbers in place.
    ...wrongIn(operation.params, { ...params }, '/path'),
    ...wrongIn(operation.query, { ...query }, '/query'),
    ...wrongIn(operation.headers, headers, '/headers'),
    ...(operation.body === null ? [] : wrongIn(operation.body, body, '')),
  ]
  if (details.length > 0) throw new Fault('invalid', 'The request does not fit the contract.', { details })
}

const wrongIn = (validate: ContractOperation['params'], value: unknown, prefix: string): readonly Detail[] =>
  validate(value) ? [] : sentencesOf(validate.errors ?? [], prefix)

const bytesFor = async (visit: Visit, operation: ContractOperation): Promise<Uint8Array | null> => {
  if (operation.body !== null && (!operation.bodyOptional || hasBody(visit.request))) {
    const bytes = await readBody(visit.request, operation.bodyLimitBytes)
    visit.completeAt = performance.now()
    return bytes
  }
  if (operation.body === null && hasBody(visit.request)) throw new Fault('malformed', 'This operation takes no body.')
  return null
}

const idempotencyKeyOf = (visit: Visit, bytes: Uint8Array | null): IdempotencyKey | null => {
  const key = headerOf(visit, 'idempotency-key')
  if (key === undefined) return null
  const hash = createHash('sha256').update(`${visit.request.method} ${visit.request.path}\n`)
  return { key, requestHash: hash.update(bytes ?? '').digest('base64url') }
}

/** Two servers may each take another of two values with one name, so a repeated name is refused. */
const queryOf = (url: string): Record<string, string> => {
  const mark = url.indexOf('?')
  const query: Record<string, string> = {}
  if (mark === -1) return query
  for (const [name, value] of new URLSearchParams(url.slice(mark + 1))) {
    if (Object.hasOwn(query, name)) {
      throw new Fault('malformed', 'A query parameter is repeated.', {
        details: [{ path: '/query', message: 'A parameter is given twice.' }],
      })
    }
    Object.defineProperty(query, name, { value, enumerable: true })
  }
  return query
}

const headerOf = (visit: Visit, name: string): string | undefined => {
  const value = visit.request.headers[name]
  return typeof value === 'string' ? value : undefined
}
