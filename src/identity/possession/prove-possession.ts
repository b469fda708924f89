import type { AccessClaims } from '../claims.ts'
import type { Credentials } from '../credentials.ts'
import type { DoorRequest, IdentityUses, RegisteredClient } from '../identity-uses.ts'
import { unauthenticated } from '../refusal.ts'
import { boundThumbprint } from './confirmation.ts'
import { makeCheckProof } from './dpop.ts'
import { checkCertificateBinding } from './mtls.ts'

export interface Possession {
  readonly credentials: Credentials
  readonly request: DoorRequest
  readonly client: RegisteredClient
  readonly claims: AccessClaims
  readonly tokenHash: string
  readonly at: Date
}

const schemes = { dpop: 'dpop', mtls: 'bearer', bearer: 'bearer' } as const

/**
 * Proves that the sender holds the key its token is bound to, in the one way its client is registered for; the value is the key's
 * thumbprint, null for a sandbox bearer token. Throws `Fault('unauthenticated')`.
 */
export function makeProvePossession(uses: IdentityUses): (possession: Possession) => Promise<string | null> {
  const checkProof = makeCheckProof(uses)

  return async (possession) => {
    const { client, credentials } = possession
    if (client.binding === 'session')
      throw unauthenticated('token', `the client ${client.clientId} is the console, whose people sign in there; no token of it is accepted`)
    // RFC 9449 7.2: a bound token sent as Bearer must be refused, or whoever stole it would just leave the proof out.
    if (credentials.scheme !== schemes[client.binding]) {
      const scheme = schemes[client.binding] === 'dpop' ? 'DPoP' : 'Bearer'
      throw unauthenticated(
        'token',
        `the client ${client.clientId} is registered for ${client.binding}: send "Authorization: ${scheme} <token>"`,
      )
    }
    if (client.binding === 'dpop') return proveByDpop(possession)
    if (credentials.proof !== null)
      throw unauthenticated('proof', `the client ${client.clientId} is registered for ${client.binding}, not for DPoP`)
    return client.binding === 'mtls' ? proveByCertificate(possession) : acceptBearer(possession)
  }

  async function proveByDpop({ credentials, claims, ...rest }: Possession): Promise<string> {
    const bound = boundThumbprint(claims.confirmation, 'jkt')
    if (!bound.ok) throw unauthenticated('token', bound.why)
    if (credentials.proof === null) throw unauthenticated('proof', 'the request has no DPoP header')
    const checked = await checkProof({ ...rest, proof: credentials.proof, boundTo: bound.value })
    if (!checked.ok) throw unauthenticated('proof', checked.why)
    return checked.value
  }

  function acceptBearer({ client, claims }: Possession): null {
    if (!uses.allowBearer)
      throw unauthenticated('token', `plain bearer tokens are for the sandbox only; register a key for ${client.clientId}`)
    if (claims.confirmation !== null)
      throw unauthenticated('token', 'the access token is bound to a key, its client is registered without one')
    return null
  }
}

function proveByCertificate({ client, claims, request }: Possession): string {
  const checked = checkCertificateBinding({ client, confirmation: claims.confirmation, peerCertificate: request.peerCertificate })
  if (!checked.ok) throw unauthenticated('token', checked.why)
  return checked.value
}
