import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { keptKey } from '../../../src/sandbox/keys.ts'
import { issuerOf } from '../../../src/sandbox/tokens.ts'

export const audience = 'urn:offender-information-gateway:faults'

/** Whom a token names: one of the sandbox's people, or somebody that a test has registered. */
export interface Who {
  readonly agencyId: string
  readonly sub: string
  /** Defaults to the agency's bearer client. */
  readonly clientId?: string
}

export interface Validity {
  readonly issuedAt: Date
  readonly ttlSeconds: number
}

const ttlSeconds = 600
const usedForMs = 300_000

/** Access tokens of the agencies' own issuers; one is used again for as long as it has half of its life before it. */
export const makeTokens = (dataDir: string): ((who: Who, validity?: Validity) => Promise<string>) => {
  const kept = new Map<string, { readonly until: number; readonly token: Promise<string> }>()
  return (who, validity) => {
    if (validity !== undefined) return sign(dataDir, who, validity)
    const name = JSON.stringify([who.agencyId, who.sub, who.clientId])
    const known = kept.get(name)
    if (known !== undefined && performance.now() < known.until) return known.token
    const token = sign(dataDir, who, { issuedAt: new Date(), ttlSeconds })
    kept.set(name, { until: performance.now() + usedForMs, token })
    return token
  }
}

const sign = async (dataDir: string, { agencyId, sub, clientId }: Who, validity: Validity): Promise<string> => {
  const key = await keptKey(dataDir, 'issuer', agencyId)
  const issuedAt = Math.floor(validity.issuedAt.getTime() / 1000)
  return new SignJWT({ client_id: clientId ?? `${agencyId}-records` })
    .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256', kid: key.thumbprint })
    .setIssuer(issuerOf(agencyId))
    .setAudience(audience)
    .setSubject(sub)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + validity.ttlSeconds)
    .setJti(randomUUID())
    .sign(await importJWK(key.privateJwk, 'ES256'))
}
