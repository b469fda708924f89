import { Buffer } from 'node:buffer'
import type { Checked } from '../checked.ts'
import { accepted, rejected } from '../checked.ts'
import { quoted } from '../refusal.ts'
import { parseJsonObject } from './strict-json.ts'
import type { JsonObject } from './strict-json.ts'

export const signatureAlgorithms = ['ES256', 'PS256', 'EdDSA'] as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

/** A compact JWS that has exactly one spelling; nothing in it is verified yet. */
export interface CompactToken {
  readonly text: string
  readonly algorithm: SignatureAlgorithm
  readonly keyId: string | null
  readonly header: JsonObject
  readonly payload: Uint8Array
}

export interface CompactExpectation {
  /** How messages call it, e.g. `the access token`. */
  readonly called: string
  readonly type: string
  readonly maxBytes: number
  readonly embeddedKey?: boolean
}

const alphabet = /^[A-Za-z0-9_-]+$/
export const keyIdPattern = /^[A-Za-z0-9._:-]{1,128}$/
/** Parameters that point to keys, change how the payload is read, or belong to encryption: none may steer a verification. */
const refusedParameters = ['jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc'] as const

/**
 * Reads a compact JWS before any library sees it. Base64 decoders overlook spare bits, padding and foreign characters, so that one
 * signature would stand under many spellings; here each part is of the alphabet and re-encodes to itself (RFC 7515 appendix C).
 */
export function readCompactToken(text: string, expected: CompactExpectation): Checked<CompactToken> {
  const { called } = expected
  if (text.length > expected.maxBytes) return rejected(`${called} is longer than ${expected.maxBytes} bytes`)
  const parts = text.split('.')
  if (parts.length === 5) return rejected(`${called} is encrypted (JWE); only signed tokens (JWS) are accepted`)
  const [head = '', body = '', signature = ''] = parts
  if (parts.length !== 3) return rejected(`${called} has ${parts.length} part(s), a compact JWS has 3`)
  const header = decode(head)
  const payload = decode(body)
  if (header === null || payload === null || decode(signature) === null) return rejected(`${called} is not strict base64url`)
  const parsed = parseJsonObject(header)
  if (!parsed.ok) return rejected(`the header of ${called} ${parsed.why}`)
  const problem = headerProblem(parsed.value, expected)
  if (problem !== null) return rejected(problem)
  const { alg, kid } = parsed.value
  return accepted({ text, algorithm: alg as SignatureAlgorithm, keyId: (kid as string | undefined) ?? null, header: parsed.value, payload })
}

function decode(part: string): Uint8Array | null {
  if (!alphabet.test(part)) return null
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : null
}

function headerProblem(header: JsonObject, { called, type, embeddedKey }: CompactExpectation): string | null {
  const refused = refusedParameters.find((name) => Object.hasOwn(header, name))
  if (refused !== undefined) return `the header of ${called} has ${refused}, which is not accepted`
  if (embeddedKey !== true && Object.hasOwn(header, 'jwk')) return `the header of ${called} has jwk, which is not accepted`
  if (!signatureAlgorithms.some((algorithm) => algorithm === header['alg'])) {
    return `${called} has alg ${quoted(header['alg'])}, expected one of ${signatureAlgorithms.join(', ')}`
  }
  // RFC 7515 4.1.9: media types compare without case, and "application/" may be left out.
  const given = typeof header['typ'] === 'string' ? header['typ'].toLowerCase().replace(/^application\//, '') : null
  if (given !== type) return `${called} has typ ${quoted(header['typ'])}, expected "${type}"`
  const { kid } = header
  if (kid !== undefined && !(typeof kid === 'string' && keyIdPattern.test(kid)))
    return `${called} has a kid that is not ${keyIdPattern.source}`
  return null
}
