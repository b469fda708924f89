import { type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import type { BatchKey } from './batch.ts'

/** What is signed of a page of an agency's events: whose feed, from which place to which, and everything in between. */
export interface EventPage {
  readonly agencyId: string
  /** The place after which the page begins; 0 at the beginning of the feed. */
  readonly after: number
  readonly events: readonly {
    readonly place: number
    readonly eventId: string
    readonly kind: string
    readonly offenderId: string | null
    readonly refs: Readonly<Record<string, string>>
    readonly happenedAt: string
  }[]
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url')

/** A JWS with detached content (RFC 7515 appendix F): `header..signature` over the RFC 8785 form of it, by the key of the log. */
export const signDetached = (content: object, { typ, key }: { readonly typ: string; readonly key: BatchKey }): string => {
  const header = base64url(JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ }))
  const signed = `${header}.${base64url(canonicalJson(content))}`
  return `${header}..${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`
}

/** Does the signature stand under exactly this? */
export const detachedHolds = (content: object, signature: string, publicKey: KeyObject): boolean => {
  const [header, empty, mark, ...rest] = signature.split('.')
  if (!header || empty !== '' || !mark || rest.length > 0) return false
  return verify(null, Buffer.from(`${header}.${base64url(canonicalJson(content))}`), publicKey, Buffer.from(mark, 'base64url'))
}

export const signEventPage = (page: EventPage, key: BatchKey): string => signDetached(page, { typ: 'event-page+jws', key })

/** Does the signature stand under exactly this page? */
export const eventPageHolds = (page: EventPage, signature: string, publicKey: KeyObject): boolean =>
  detachedHolds(page, signature, publicKey)
