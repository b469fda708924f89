import { Buffer } from 'node:buffer'
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { SignatureAlgorithm } from './jws/compact-token.ts'
import { isJsonObject } from './jws/strict-json.ts'
import type { JsonObject } from './jws/strict-json.ts'

type Refused = { readonly ok: false; readonly why: string }
type BareJwk = { readonly kty: 'EC' | 'OKP' | 'RSA' } & Readonly<Record<string, string>>
export type JwkShape =
  { readonly ok: true; readonly thumbprint: string; readonly algorithm: SignatureAlgorithm; readonly jwk: BareJwk } | Refused

const no = (why: string): Refused => ({ ok: false, why })
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const
const algorithmNames: Record<BareJwk['kty'], readonly string[]> = { EC: ['ES256'], OKP: ['EdDSA', 'Ed25519'], RSA: ['PS256'] }
const algorithms: Record<BareJwk['kty'], SignatureAlgorithm> = { EC: 'ES256', OKP: 'EdDSA', RSA: 'PS256' }

/**
 * Whether a JWK may be registered or used as a public signature key: EC P-256, Ed25519, or RSA of 2048 to 8192 bits.
 * `thumbprint` is RFC 7638 with SHA-256, base64url; `jwk` keeps the members that define the key and nothing else.
 */
export function checkPublicJwk(jwk: unknown): JwkShape {
  const shape = readPublicJwk(jwk)
  if (!shape.ok) return shape
  try {
    createPublicKey({ key: { ...shape.jwk }, format: 'jwk' })
    return shape
  } catch {
    return no('the key is not a point of its curve')
  }
}

/** Everything that can be seen without arithmetic; `checkPublicJwk` also proves that the point lies on the curve. */
export function readPublicJwk(jwk: unknown): JwkShape {
  if (!isJsonObject(jwk)) return no('the key is not a JSON object')
  const secret = secretOf(jwk)
  if (secret !== null) return no(secret)
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return no('the use of the key is not sig')
  if (jwk['key_ops'] !== undefined && !isVerifyOnly(jwk['key_ops'])) return no('the key_ops of the key are not verify alone')
  const bare = readMembers(jwk)
  if (!bare.ok) return bare
  const { kty } = bare.jwk
  if (jwk['alg'] !== undefined && !algorithmNames[kty].some((name) => name === jwk['alg'])) {
    return no(`the alg of the key is not ${algorithmNames[kty].join(' or ')}`)
  }
  // RFC 7638 3: required members only, in lexicographic order, without white space.
  const canonical = JSON.stringify(Object.fromEntries(Object.entries(bare.jwk).sort(([a], [b]) => (a < b ? -1 : 1))))
  const thumbprint = createHash('sha256').update(canonical).digest('base64url')
  return { ok: true, thumbprint, algorithm: algorithms[kty], jwk: bare.jwk }
}

/** Why a JWK is not for anybody's eyes but its owner's; null when it is public. */
export function secretOf(jwk: JsonObject): string | null {
  if (jwk['kty'] === 'oct') return 'the key is symmetric (kty oct)'
  const member = secretMembers.find((name) => Object.hasOwn(jwk, name))
  return member === undefined ? null : `the key has the private member ${member}`
}

const isVerifyOnly = (operations: unknown) => Array.isArray(operations) && operations.length === 1 && operations[0] === 'verify'

function readMembers(jwk: JsonObject): { readonly ok: true; readonly jwk: BareJwk } | Refused {
  const { kty, crv, x, y, n, e } = jwk
  if (kty === 'EC' && crv === 'P-256') {
    const ok = numberBytes(x)?.length === 32 && numberBytes(y)?.length === 32
    return ok ? { ok, jwk: { kty, crv, x: x as string, y: y as string } } : no('x and y of the key are not 32 bytes in base64url each')
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    const point = numberBytes(x)
    if (point?.length !== 32) return no('x of the key is not 32 bytes in base64url')
    return isWeakPoint(point)
      ? no('x of the key is a point of small order or not in its shortest form')
      : { ok: true, jwk: { kty, crv, x: x as string } }
  }
  if (kty === 'RSA') {
    const why = rsaProblem(numberBytes(n), numberBytes(e))
    return why === null ? { ok: true, jwk: { kty, n: n as string, e: e as string } } : no(why)
  }
  return no('the key is not EC P-256, OKP Ed25519 or RSA')
}

/** Bytes of a base64url string that re-encodes to itself, so that one key has one thumbprint. */
function numberBytes(member: unknown): Uint8Array | null {
  if (typeof member !== 'string' || !/^[A-Za-z0-9_-]{1,1400}$/.test(member)) return null
  const bytes = Buffer.from(member, 'base64url')
  return bytes.toString('base64url') === member ? bytes : null
}

const ed25519Prime = 2n ** 255n - 19n
const orderEightY = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
/** The y coordinates of the points whose order divides 8. */
const smallOrderYs = new Set([0n, 1n, ed25519Prime - 1n, orderEightY, ed25519Prime - orderEightY])

/** RFC 8032 asks no verifier to refuse such a key, yet a signature by one may verify over any text, and so binds nobody. */
function isWeakPoint(point: Uint8Array): boolean {
  const y = BigInt(`0x${Buffer.from(point).reverse().toString('hex')}`) & (2n ** 255n - 1n)
  return y >= ed25519Prime || smallOrderYs.has(y)
}

function rsaProblem(modulus: Uint8Array | null, exponent: Uint8Array | null): string | null {
  const first = modulus?.[0]
  const exponentFirst = exponent?.[0]
  if (!modulus || !exponent || !first || !exponentFirst) return 'n or e of the key is not a number in base64url without leading zeros'
  const bits = modulus.length * 8 - (Math.clz32(first) - 24)
  if (bits < 2048 || bits > 8192) return `the RSA key has ${bits} bits, expected 2048 to 8192`
  if (((modulus.at(-1) ?? 0) & 1) === 0) return 'the RSA modulus is even'
  const value = BigInt(`0x${Buffer.from(exponent).toString('hex')}`)
  if (value < 65_537n || (value & 1n) === 0n || exponent.length > 8)
    return 'the RSA exponent is not odd, at least 65537 and at most 8 bytes'
  return null
}

/**
 * Whether a certificate (one PEM block, or DER) may be registered for mTLS. `thumbprint` is SHA-256 over its DER, base64url, as in
 * `cnf["x5t#S256"]` (RFC 8705 3.1).
 */
export function certificateThumbprint(certificate: string | Uint8Array): { readonly ok: true; readonly thumbprint: string } | Refused {
  if (typeof certificate === 'string') {
    const labels = certificate.match(/-----BEGIN [^-]+-----/g) ?? []
    if (labels.some((label) => label.includes('PRIVATE KEY'))) return no('the PEM contains a private key, which must never leave its owner')
    if (labels.length !== 1) return no(`the PEM has ${labels.length} blocks, expected one certificate`)
  }
  let parsed: X509Certificate
  try {
    parsed = new X509Certificate(certificate)
  } catch {
    return no('the certificate is neither PEM nor DER')
  }
  const why = certificateKeyProblem(parsed.publicKey)
  return why === null ? { ok: true, thumbprint: derThumbprint(parsed.raw) } : no(why)
}

function certificateKeyProblem(key: KeyObject): string | null {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'ed25519') return null
  if (key.asymmetricKeyType === 'ec') {
    return ['prime256v1', 'secp384r1'].includes(details?.namedCurve ?? '') ? null : 'the curve of the certificate is not P-256 or P-384'
  }
  if (key.asymmetricKeyType !== 'rsa') return 'the key of the certificate is not EC, Ed25519 or RSA'
  const strong = (details?.modulusLength ?? 0) >= 2048 && (details?.publicExponent ?? 0n) >= 65_537n
  return strong ? null : 'the RSA key of the certificate is shorter than 2048 bits or its exponent is below 65537'
}

/** SHA-256 over a certificate's DER, base64url (RFC 8705 3.1). */
export function derThumbprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url')
}
