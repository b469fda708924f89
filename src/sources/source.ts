import type { Item } from '../core/snapshot.ts'
import type { Category, IdentifierKind } from '../core/vocabulary.ts'

export const unavailableReasons = [
  'timeout',
  'breaker-open',
  'busy',
  'too-large',
  'redirect',
  'invalid-reply',
  'wrong-subject',
  'refused',
  'failed',
] as const
export type UnavailableReason = (typeof unavailableReasons)[number]

/** What a source said about one category: items (none is an answer too), or why it could not say. */
export type SourceReply =
  | { readonly category: Category; readonly outcome: 'items'; readonly items: readonly Item[] }
  | { readonly category: Category; readonly outcome: 'unavailable'; readonly because: UnavailableReason }

/** The port through which an agency's own system is asked. A source never throws: what goes wrong is its reply. */
export interface Source {
  readonly agencyId: string
  readonly categories: readonly Category[]
  /** The kind of number by which this agency knows people. */
  readonly identifierKind: IdentifierKind
  fetch(question: { identifier: string; categories: readonly Category[]; requestId: string }): Promise<readonly SourceReply[]>
}
