import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Caller } from '../core/caller.ts'
import { Fault } from '../core/fault.ts'
import { readClaims } from './claims.ts'
import type { AccessClaims } from './claims.ts'
import type { DoorRequest, IdentityUses, RegisteredClient, RegisteredIssuer } from './identity-uses.ts'
import { makeJwksCache } from './jwks-cache.ts'
import { readCompactToken } from './jws/compact-token.ts'
import type { CompactToken } from './jws/compact-token.ts'
import { verifyCompact } from './jws/verify-compact.ts'
import { readCredentials } from './credentials.ts'
import type { Credentials } from './credentials.ts'
import { makeProvePossession } from './possession/prove-possession.ts'
import { makeRecentlyUsed } from './recently-used.ts'
import { unauthenticated, withoutPerson } from './refusal.ts'

const expected = { called: 'the access token', type: 'at+jwt', maxBytes: 8192 }
const rememberedTokens = 10_000

/**
 * The door at which a request becomes a Caller: RFC 9068 access token, registered issuer and client, proof of possession (RFC 9449 or
 * RFC 8705). Throws `Fault('unauthenticated')` with the reason, `Fault('unavailable')` when an issuer's keys cannot be had.
 * A token is verified once and remembered until it expires; registration, suspension, claims and possession are checked every time.
 */
export function makeAuthenticate(uses: IdentityUses): (request: DoorRequest) => Promise<Caller> {
  const verifySignedBy = makeVerifySignedBy(uses)
  const provePossession = makeProvePossession(uses)

  return async (request) => {
    const credentials = readCredentials(request)
    const at = uses.now()
    const token = readCompactToken(credentials.token, expected)
    if (!token.ok) throw withoutPerson(unauthenticated('token', token.why), subjectOf(credentials.token))
    const claims = readClaims(token.value.payload, { audience: uses.audience, at })
    if (!claims.ok) throw withoutPerson(unauthenticated('token', claims.why), subjectOf(credentials.token))
    try {
      return await proveCaller({ credentials, request, at, token: token.value, claims: claims.value })
    } catch (error) {
      throw error instanceof Fault ? withoutPerson(error, personOf(claims.value)) : error
    }
  }

  async function proveCaller({ credentials, request, at, token, claims }: Presented): Promise<Caller> {
    const [issuer, client] = await Promise.all([uses.findIssuer(claims.issuer), uses.findClient(claims.clientId)])
    if (issuer?.issuer !== claims.issuer) throw unauthenticated('token', `no agency has registered the issuer ${claims.issuer}`)
    const tokenHash = createHash('sha256').update(token.text).digest('base64url')
    await verifySignedBy(issuer, { token, tokenHash, expiresAt: claims.expiresAt, at })
    const registered = requireStanding(issuer, client, claims)
    const keyThumbprint = await provePossession({ credentials, request, at, tokenHash, claims, client: registered })
    return {
      agencyId: registered.agencyId,
      clientId: registered.clientId,
      personSub: personOf(claims),
      binding: registered.binding,
      keyThumbprint,
      tokenExpiresAt: claims.expiresAt,
      receivedAt: at,
      requestId: request.requestId,
      traceparent: request.traceparent,
    }
  }
}

interface Presented {
  readonly credentials: Credentials
  readonly request: DoorRequest
  readonly at: Date
  readonly token: CompactToken
  readonly claims: AccessClaims
}

interface Unverified {
  readonly token: CompactToken
  readonly tokenHash: string
  readonly expiresAt: Date
  readonly at: Date
}

/** RFC 9068 2.2: without a resource owner "the value of sub SHOULD correspond to an identifier ... of the client": no person then. */
const personOf = ({ subject, clientId }: AccessClaims) => (subject === clientId ? null : subject)

/** A token that was refused before its claims were read may still name a person, whom no message may repeat. */
function subjectOf(token: string): string | null {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      sub?: unknown
      client_id?: unknown
    } | null
    return typeof claims?.sub === 'string' && claims.sub !== claims.client_id ? claims.sub : null
  } catch {
    return null
  }
}

/** The agency is the one that registered both; told only to somebody whose token that issuer did sign. */
function requireStanding(issuer: RegisteredIssuer, client: RegisteredClient | null, claims: AccessClaims): RegisteredClient {
  if (issuer.suspended) throw unauthenticated('token', `the agency ${issuer.agencyId} is suspended`)
  if (client?.clientId !== claims.clientId || client.agencyId !== issuer.agencyId) {
    throw unauthenticated('token', `the agency ${issuer.agencyId} has registered no client ${claims.clientId}`)
  }
  if (client.suspended) throw unauthenticated('token', `the client ${client.clientId} is suspended`)
  return client
}

function makeVerifySignedBy(uses: IdentityUses): (issuer: RegisteredIssuer, unverified: Unverified) => Promise<void> {
  const jwks = makeJwksCache(uses)
  // The strict spelling makes the hash of the characters a hash of the decoded bytes.
  const verified = makeRecentlyUsed<{ readonly jwksUri: string; readonly expiresAt: Date }>(rememberedTokens)

  return async ({ jwksUri }, { token, tokenHash, expiresAt, at }) => {
    const known = verified.get(tokenHash)
    // An issuer that moved its keys vouches for nothing that rests on the old ones.
    if (known?.jwksUri === jwksUri && known.expiresAt > at) return
    verified.delete(tokenHash)
    if (token.keyId === null) throw unauthenticated('token', 'the access token has no kid')
    const key = await jwks.findKey(jwksUri, token.keyId)
    if (!key.ok) throw unauthenticated('token', key.why)
    if (token.algorithm !== key.value.algorithm) {
      throw unauthenticated('token', `the access token has alg ${token.algorithm}, its key is for ${key.value.algorithm}`)
    }
    if (!(await verifyCompact(token, key.value))) throw unauthenticated('token', 'the signature of the access token does not verify')
    verified.set(tokenHash, { jwksUri, expiresAt })
  }
}
