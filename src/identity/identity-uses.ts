/** One request as the door saw it, before anything in it is believed. */
export interface DoorRequest {
  readonly method: string
  /** Absolute, as the client addressed it: scheme, host, path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Names and values in turn, as received. Credentials are read from here alone: `headers` hides a header that was sent twice. */
  readonly rawHeaders: readonly string[]
  /** The client's certificate in DER, its possession proved by the TLS handshake; null without one. */
  readonly peerCertificate: Uint8Array | null
  readonly requestId: string
  readonly traceparent: string | null
}

export interface RegisteredIssuer {
  readonly agencyId: string
  readonly issuer: string
  readonly jwksUri: string
  readonly suspended: boolean
}

export interface RegisteredClient {
  readonly clientId: string
  readonly agencyId: string
  readonly binding: 'dpop' | 'mtls' | 'bearer' | 'session'
  readonly suspended: boolean
  /** Only the keys that count now; a key whose period is over is not listed. */
  readonly keys: readonly { readonly kind: 'dpop' | 'mtls'; readonly thumbprint: string }[]
}

/** What the door needs from the house; each store is read for every request, so that a suspension counts at once. */
export interface IdentityUses {
  /** The `aud` by which issuers name this gateway. */
  readonly audience: string
  /** True in the sandbox only. */
  readonly allowBearer: boolean
  findIssuer(issuer: string): Promise<RegisteredIssuer | null>
  findClient(clientId: string): Promise<RegisteredClient | null>
  /** Asks a registered address for its keys: no redirects, its own time limit, at most 64 KB read. Throws when it cannot. */
  fetchJwks(jwksUri: string): Promise<{ readonly status: number; readonly body: Uint8Array }>
  /** False when the key was remembered before, by any instance; `key` is `jkt|jti`. Throws when it cannot tell. */
  rememberProof(key: string, expiresAt: Date): Promise<boolean>
  now(): Date
}
