/** Who asks, as proved at the door: whose system, and which named person of that agency. Ids only; what they may do is read later. */
export interface Caller {
  /** Id of the agency that the registered issuer and client belong to, never a claim or a header. */
  readonly agencyId: string
  /** The registered `client_id` of the asking system. */
  readonly clientId: string
  /** The named person's `sub` at their own agency; null for a system acting without a person. */
  readonly personSub: string | null
  /** How the token was bound to its sender; `session`: signed in at the console; `package`: holder of a sealed package; both without one. */
  readonly binding: 'dpop' | 'mtls' | 'bearer' | 'session' | 'package'
  /** Thumbprint of the key that proved possession (RFC 7638 or RFC 8705); null for a sandbox bearer token. */
  readonly keyThumbprint: string | null
  readonly tokenExpiresAt: Date
  /** When the request came in, by the door's clock: the time in the ids of its entries, which must not tell how long it took. */
  readonly receivedAt?: Date
  readonly requestId: string
  readonly traceparent: string | null
}
