/**
 * What a use case gives back to the door it was called through. `entryId` is the committed access-log entry that stands
 * behind it: an answer without one never leaves (it becomes a 500 that says nothing).
 */
export interface Answer<Body = unknown> {
  readonly status: number
  readonly body: Body
  readonly entryId: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** True for the one answer that an invented person, a shielded one and an excluded one share: it leaves at a fixed delay. */
  readonly shielded?: boolean
}

/** A client's own key for a change, with what it was used for: the same key with another request is a conflict. */
export interface IdempotencyKey {
  readonly key: string
  /** SHA-256 over method, path and body, base64url. */
  readonly requestHash: string
}

/** One request as it reaches a use case: already authenticated and valid against the contract. */
export interface OperationRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly idempotencyKey: IdempotencyKey | null
  readonly ifMatch: string | null
}
