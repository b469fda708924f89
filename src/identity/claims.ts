import { rejected, accepted } from './checked.ts'
import type { Checked } from './checked.ts'
import { isJsonObject, parseJsonObject } from './jws/strict-json.ts'
import type { JsonObject } from './jws/strict-json.ts'
import { keyIdPattern } from './jws/compact-token.ts'
import { quoted } from './refusal.ts'

/** The claims of an RFC 9068 access token that the gateway reads; all others are ignored. */
export interface AccessClaims {
  readonly issuer: string
  readonly subject: string
  readonly clientId: string
  readonly expiresAt: Date
  /** The `cnf` claim (RFC 7800); null when the token is bound to no key. */
  readonly confirmation: JsonObject | null
}

export interface Expected {
  readonly audience: string
  readonly at: Date
}

/** Seconds that another machine's clock may be ahead of ours. */
export const aheadSeconds = 10
const maxLifetimeSeconds = 600
/** Letters, marks, digits, punctuation, symbols and inner spaces: no control, format or lone surrogate code points. */
const printable = /^(?! )[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,128}(?<! )$/u
const asciiPrintable = /^[\x21-\x7e]+$/

/** RFC 9068 2.2 and 4, as a table: each check says what is wrong, or null. */
const checks: readonly ((claims: JsonObject, expected: Expected) => string | null)[] = [
  ({ iss }) => (isAscii(iss, 512) ? null : 'the access token has no iss that could be an issuer'),
  ({ sub }) => (typeof sub === 'string' && printable.test(sub) ? null : 'the access token has no sub of 1 to 128 printable characters'),
  ({ client_id: id }) =>
    typeof id === 'string' && keyIdPattern.test(id) ? null : 'the access token has no client_id of a registered shape',
  ({ jti }) => (isAscii(jti, 256) ? null : 'the access token has no jti'),
  audienceProblem,
  expiryProblem,
  (claims, { at }) => aheadProblem('iat', claims['iat'], at),
  (claims, { at }) => (claims['nbf'] === undefined ? null : aheadProblem('nbf', claims['nbf'], at)),
  lifetimeProblem,
  ({ cnf }) => (cnf === undefined || isJsonObject(cnf) ? null : 'the cnf of the access token is not an object'),
]

/** Reads and checks the claims of an access token at one instant; whether anybody signed them is not known here. */
export function readClaims(payload: Uint8Array, expected: Expected): Checked<AccessClaims> {
  const parsed = parseJsonObject(payload)
  if (!parsed.ok) return rejected(`the payload of the access token ${parsed.why}`)
  const claims = parsed.value
  for (const check of checks) {
    const problem = check(claims, expected)
    if (problem !== null) return rejected(problem)
  }
  return accepted({
    issuer: claims['iss'] as string,
    subject: claims['sub'] as string,
    clientId: claims['client_id'] as string,
    expiresAt: new Date((claims['exp'] as number) * 1000),
    confirmation: (claims['cnf'] as JsonObject | undefined) ?? null,
  })
}

export const isAscii = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength && asciiPrintable.test(value)

/** Whole seconds since 1970 up to the year 5138, so that a Date can hold them. */
export const isNumericDate = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 1e11

function audienceProblem({ aud }: JsonObject, { audience }: Expected): string | null {
  const named = Array.isArray(aud) ? (aud as unknown[]) : [aud]
  const ours = named.length > 0 && named.every((one) => typeof one === 'string') && named.includes(audience)
  return ours ? null : `aud was ${quoted(aud)}, expected ${quoted(audience)}`
}

/** RFC 7519 4.1.4: "on or after which the JWT MUST NOT be accepted": refused from the very millisecond of exp. */
function expiryProblem({ exp }: JsonObject, { at }: Expected): string | null {
  if (!isNumericDate(exp)) return 'the access token has no exp in whole seconds since 1970'
  const late = at.getTime() - exp * 1000
  return late < 0 ? null : `the access token expired ${Math.floor(late / 1000)} s ago`
}

/** Exactly ten seconds ahead is accepted, a millisecond more is not. */
export function aheadProblem(name: string, value: unknown, at: Date): string | null {
  if (!isNumericDate(value)) return `the ${name} claim is not whole seconds since 1970`
  const ahead = value * 1000 - at.getTime()
  if (ahead <= aheadSeconds * 1000) return null
  return `${name} is ${Math.ceil(ahead / 1000)} s ahead of our clock, at most ${aheadSeconds} s are accepted`
}

function lifetimeProblem({ exp, iat }: JsonObject): string | null {
  const lifetime = (exp as number) - (iat as number)
  if (lifetime > 0 && lifetime <= maxLifetimeSeconds) return null
  return `the access token lives ${lifetime} s (exp - iat), expected 1 to ${maxLifetimeSeconds} s`
}
