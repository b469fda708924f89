import { Fault } from '../core/fault.ts'

/** Which part of the request failed to prove who asks; it settles the challenge that goes with the 401. */
export type Unproven = 'absent' | 'token' | 'proof'

const paths: Record<Unproven, string> = { absent: '', token: '/headers/authorization', proof: '/headers/dpop' }
const algorithms = 'algs="ES256 PS256 EdDSA"'

/** The fault of a caller who is not proved; `message` goes to the integrator and says nothing about any person. */
export function unauthenticated(unproven: Unproven, message: string): Fault {
  return new Fault('unauthenticated', message, { details: unproven === 'absent' ? [] : [{ path: paths[unproven], message }] })
}

/**
 * The `WWW-Authenticate` value of a fault, null for any fault but `unauthenticated`.
 * RFC 6750 3.1: a request that brought no authentication is told no error code. RFC 9449 7.1: a bad proof is `invalid_dpop_proof`.
 */
export function challengeFor(fault: Fault): string | null {
  if (fault.code !== 'unauthenticated') return null
  const path = fault.details[0]?.path
  if (path === paths.proof) return `DPoP error="invalid_dpop_proof", ${algorithms}`
  if (path === paths.token) return `DPoP error="invalid_token", ${algorithms}, Bearer error="invalid_token"`
  return `DPoP ${algorithms}, Bearer`
}

/** A value as it may stand in a message: JSON, cut at 200 characters, anything but printable ASCII escaped. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  const plain = text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return plain.length > 200 ? `${plain.slice(0, 200)}...` : plain
}

/** The same fault without the person: a message that would repeat the token's `sub`, wherever it was put, says less instead. */
export function withoutPerson(fault: Fault, sub: string | null): Fault {
  // A `sub` of one or two characters stands in every English sentence by chance.
  if (fault.code !== 'unauthenticated' || sub === null || sub.length < 3) return fault
  if (!fault.message.includes(sub) && !fault.message.includes(quoted(sub).slice(1, -1))) return fault
  const proof = fault.details[0]?.path === paths.proof
  return unauthenticated(proof ? 'proof' : 'token', proof ? 'the DPoP proof is not accepted' : 'the access token is not accepted')
}
