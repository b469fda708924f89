/** The closed list of things that can go wrong with a request; refusals by rule are not faults, they are decisions. */
export type FaultCode =
  | 'unauthenticated'
  | 'malformed'
  | 'invalid'
  | 'too-large'
  | 'not-found'
  | 'conflict'
  | 'precondition-required'
  | 'precondition-failed'
  | 'rate-limited'
  | 'unavailable'
  | 'unsupported-media-type'
  | 'method-not-allowed'

/** HTTP status of each fault (RFC 9110 section 15.5, RFC 6585). */
export const faultStatus: Readonly<Record<FaultCode, number>> = {
  unauthenticated: 401,
  malformed: 400,
  invalid: 400,
  'too-large': 413,
  'not-found': 404,
  conflict: 409,
  'precondition-required': 428,
  'precondition-failed': 412,
  'rate-limited': 429,
  unavailable: 503,
  'unsupported-media-type': 415,
  'method-not-allowed': 405,
}

/** The one error class that http/problem.ts turns into an answer; anything else thrown is a bug and answers 500 with nothing told. */
export class Fault extends Error {
  readonly code: FaultCode
  /** JSON Pointers and sentences: what was wrong where. */
  readonly details: readonly { readonly path: string; readonly message: string }[]
  readonly retryAfterSeconds: number | null
  constructor(code: FaultCode, message: string, more: { details?: Fault['details']; retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.name = 'Fault'
    this.code = code
    this.details = more.details ?? []
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
  }
}
