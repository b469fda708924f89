import type { DoorRequest } from './identity-uses.ts'
import { unauthenticated } from './refusal.ts'

/** What a request brought to prove who asks, unverified. */
export interface Credentials {
  readonly scheme: 'dpop' | 'bearer'
  readonly token: string
  readonly proof: string | null
}

/** Reads `Authorization` and `DPoP`, each at most once: of two that differ, two programs would believe different ones. */
export function readCredentials(request: DoorRequest): Credentials {
  const [authorization, ...more] = valuesOf(request.rawHeaders, 'authorization')
  if (authorization === undefined) throw unauthenticated('absent', 'the request has no Authorization header')
  if (more.length > 0) throw unauthenticated('token', 'the request has more than one Authorization header')
  const [proof, ...moreProofs] = valuesOf(request.rawHeaders, 'dpop')
  // RFC 9449 4.3: "There is not more than one DPoP HTTP request header field."
  if (moreProofs.length > 0) throw unauthenticated('proof', 'the request has more than one DPoP header')
  const match = /^(DPoP|Bearer) ([^ ]+)$/i.exec(authorization)
  if (match === null) throw unauthenticated('token', 'the Authorization header is not "DPoP <token>" or "Bearer <token>"')
  const scheme = match[1]?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer'
  return { scheme, token: match[2] ?? '', proof: proof ?? null }
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
}
