import { Buffer } from 'node:buffer'
import { constants, createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { Fault } from '../../src/core/fault.ts'
import type { DoorRequest, IdentityUses, RegisteredClient, RegisteredIssuer } from '../../src/identity/identity-uses.ts'
import { checkPublicJwk } from '../../src/identity/key-check.ts'

export type Json = Record<string, unknown>
export const audience = 'https://gateway.example'
export const url = 'https://gateway.example/v1/enquiries'
export const startAt = Date.parse('2026-11-21T09:00:00.000Z')
export const start = startAt / 1000
export const sub = 'officer.4711@ridings.example'

export type Algorithm = 'ES256' | 'PS256' | 'EdDSA'
export interface KeyPair {
  readonly algorithm: Algorithm
  readonly privateKey: KeyObject
  readonly jwk: Json
  readonly thumbprint: string
}

export function makeKey(algorithm: Algorithm = 'ES256'): KeyPair {
  const { privateKey, publicKey } = generate(algorithm)
  const jwk = publicKey.export({ format: 'jwk' }) as Json
  const check = checkPublicJwk(jwk)
  if (!check.ok) throw new Error(check.why)
  return { algorithm, privateKey, jwk, thumbprint: check.thumbprint }
}

function generate(algorithm: Algorithm) {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519')
  if (algorithm === 'PS256') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

export const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('base64url')
export const base64url = (text: string | Uint8Array) => Buffer.from(text).toString('base64url')

/** Signs whatever header and payload it is told to, also those that a library would refuse to write. */
export function rawJws(header: string, payload: string, { algorithm, privateKey }: KeyPair): string {
  const data = `${base64url(header)}.${base64url(payload)}`
  return `${data}.${base64url(rawSignature(Buffer.from(data), algorithm, privateKey))}`
}

function rawSignature(data: Uint8Array, algorithm: Algorithm, key: KeyObject): Uint8Array {
  if (algorithm === 'EdDSA') return signBytes(null, data, key)
  if (algorithm === 'ES256') return signBytes('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
  return signBytes('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
}

/** The value with some members replaced; `undefined` takes a member away. */
export const changed = (value: Json, changes: Json) =>
  Object.fromEntries(Object.entries({ ...value, ...changes }).filter(([, one]) => one !== undefined))

export const claimsOf = (changes: Json = {}): Json =>
  changed(
    { iss: 'https://id.police.example', sub, client_id: 'police-records', aud: audience, iat: start, exp: start + 300, jti: 'token-1' },
    changes,
  )

export const mint = (claims: Json, key: KeyPair, header: Json = {}) =>
  new SignJWT(claims)
    .setProtectedHeader(changed({ alg: key.algorithm, typ: 'at+jwt', kid: 'k1' }, header) as { alg: string })
    .sign(key.privateKey)

let proofs = 0
export const proofClaims = (token: string, changes: Json = {}): Json =>
  changed({ htm: 'POST', htu: url, iat: start, jti: `proof-${(proofs += 1)}`, ath: sha256(token) }, changes)

export const mintProof = (token: string, key: KeyPair, more: { claims?: Json; header?: Json } = {}) =>
  rawJws(
    JSON.stringify(changed({ typ: 'dpop+jwt', alg: key.algorithm, jwk: key.jwk }, more.header ?? {})),
    JSON.stringify(proofClaims(token, more.claims)),
    key,
  )

export const requestWith = (headers: Record<string, string | string[]>, more: Partial<DoorRequest> = {}): DoorRequest => ({
  method: 'POST',
  url,
  headers,
  rawHeaders: Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, one])),
  peerCertificate: null,
  requestId: 'request-1',
  traceparent: null,
  ...more,
})

/** Registered agencies, systems and keys in memory, a clock that stands still until told, and a count of what was asked. */
export function makeHouse() {
  const issuers = new Map<string, RegisteredIssuer>()
  const clients = new Map<string, RegisteredClient>()
  const documents = new Map<string, { status: number; body: Uint8Array } | null>()
  const proofsSeen = new Map<string, Date>()
  const house = { at: startAt, fetches: [] as { uri: string; at: number }[] }
  const uses: IdentityUses = {
    audience,
    allowBearer: true,
    findIssuer: async (issuer) => issuers.get(issuer) ?? null,
    findClient: async (clientId) => clients.get(clientId) ?? null,
    fetchJwks: async (uri) => {
      house.fetches.push({ uri, at: house.at })
      const document = documents.get(uri)
      if (!document) throw new Error('connection refused')
      return document
    },
    rememberProof: async (key, expiresAt) => !proofsSeen.has(key) && Boolean(proofsSeen.set(key, expiresAt)),
    now: () => new Date(house.at),
  }
  return Object.assign(house, {
    uses,
    issuers,
    clients,
    proofsSeen,
    documents,
    publish: (agency: string, keys: unknown[]) =>
      documents.set(`https://id.${agency}.example/jwks`, { status: 200, body: Buffer.from(JSON.stringify({ keys })) }),
    addAgency(agency: string, keys: readonly (readonly [string, KeyPair])[]) {
      const issuer = `https://id.${agency}.example`
      issuers.set(issuer, { agencyId: agency, issuer, jwksUri: `${issuer}/jwks`, suspended: false })
      this.publish(
        agency,
        keys.map(([kid, key]) => ({ ...key.jwk, kid })),
      )
    },
    addClient(clientId: string, agencyId: string, more: Partial<RegisteredClient> = {}) {
      clients.set(clientId, { clientId, agencyId, binding: 'bearer', suspended: false, keys: [], ...more })
    },
  })
}
export type House = ReturnType<typeof makeHouse>

/** The fault a promise must end in; anything else, success included, fails the test. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome && outcome.error instanceof Fault) return outcome.error
  throw new Error(`expected a Fault, got ${JSON.stringify(outcome)} ${'error' in outcome ? String(outcome.error) : ''}`)
}
