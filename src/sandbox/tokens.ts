import { createHash, randomUUID } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import type { CastClient } from './cast.ts'
import { clients } from './cast.ts'
import { keptKey } from './keys.ts'
import { getPersona } from './personas.ts'

/** The issuer's name, which tokens carry as `iss`: the same whatever port its keys are published on. */
export const issuerOf = (agencyId: string): string => `https://issuers.sandbox.example/${agencyId}`

/** The console's `client_id` at that agency. */
export const consoleClientOf = (agencyId: string): string => `${agencyId}-console`

export interface TokenOrder {
  readonly dataDir: string
  readonly audience: string
  readonly ttlSeconds?: number
  /** Defaults to the agency's bearer client, `<agency>-records`. */
  readonly clientId?: string
  readonly at?: Date
}

/** An RFC 9068 access token for a persona, from its own agency's issuer; bound to the client's key when the client proves possession. */
export const mintToken = async (order: TokenOrder & { readonly persona: string }): Promise<string> => {
  const persona = getPersona(order.persona)
  const client = getClient(order.clientId ?? `${persona.agencyId}-records`)
  if (client.agencyId !== persona.agencyId) throw new Error(`${client.id} is a system of ${client.agencyId}, not of ${persona.agencyId}`)
  return sign(order, client, persona.name)
}

/** A token of a system acting without a person: its `sub` is its `client_id` (RFC 9068 section 2.2). */
export const mintSystemToken = (order: TokenOrder & { readonly clientId: string }): Promise<string> =>
  sign(order, getClient(order.clientId), order.clientId)

/** An RFC 9449 proof by that client's key for one request; `url` without query and fragment is what it covers. */
export const dpopProof = async (request: {
  readonly dataDir: string
  readonly clientId: string
  readonly method: string
  readonly url: string
  readonly accessToken: string
  readonly nonce?: string
  readonly at?: Date
}): Promise<string> => {
  const key = await keptKey(request.dataDir, 'client', getClient(request.clientId).id)
  const { kty, crv, x, y } = key.publicJwk
  const target = new URL(request.url)
  const ath = createHash('sha256').update(request.accessToken).digest('base64url')
  const claims = { htm: request.method, htu: `${target.origin}${target.pathname}`, ath, ...(request.nonce && { nonce: request.nonce }) }
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })
    .setIssuedAt(request.at ?? new Date())
    .setJti(randomUUID())
    .sign(await importJWK(key.privateJwk, 'ES256'))
}

const getClient = (id: string): CastClient => {
  const client = clients.find((candidate) => candidate.id === id)
  if (!client) throw new Error(`no client ${id}; there are ${clients.map((known) => known.id).join(', ')}`)
  return client
}

const sign = async (order: TokenOrder, client: CastClient, sub: string): Promise<string> => {
  const key = await keptKey(order.dataDir, 'issuer', client.agencyId)
  const issuedAt = Math.floor((order.at ?? new Date()).getTime() / 1000)
  const bound = client.binding === 'dpop' ? { cnf: { jkt: (await keptKey(order.dataDir, 'client', client.id)).thumbprint } } : {}
  return new SignJWT({ client_id: client.id, auth_time: issuedAt, ...bound })
    .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256', kid: key.thumbprint })
    .setIssuer(issuerOf(client.agencyId))
    .setAudience(order.audience)
    .setSubject(sub)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (order.ttlSeconds ?? 300))
    .setJti(randomUUID())
    .sign(await importJWK(key.privateJwk, 'ES256'))
}
