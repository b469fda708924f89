import type { IdentifierKind, Strand } from '../../core/vocabulary.ts'
import type { UnavailableReason } from '../source.ts'

/** What a system of record for strands is told of one move: ids and codes, and nothing about the person besides. */
export interface Move {
  /** The system takes a message of one id once, however often it comes. */
  readonly messageId: string
  /** The system's own number for the person. */
  readonly identifier: string
  readonly strand: Strand
  readonly leadAgencyId: string
  readonly trigger: string
  readonly evidenceIds: readonly string[]
  /** ISO 8601, UTC. */
  readonly effectiveAt: string
}

export type MoveTaken = { readonly outcome: 'taken' } | { readonly outcome: 'unavailable'; readonly because: UnavailableReason }

/** `strand` null: the system knows the person and holds no strand. */
export type StrandHeld =
  { readonly outcome: 'held'; readonly strand: Strand | null } | { readonly outcome: 'unavailable'; readonly because: UnavailableReason }

/** The port to an agency's system that is the record of strands (MI-Case). It never throws: what goes wrong is its answer. */
export interface MoveRegister {
  readonly agencyId: string
  /** The kind of number by which the system knows people. */
  readonly identifierKind: IdentifierKind
  record(move: Move): Promise<MoveTaken>
  /** @param requestId what the system may trace the question by */
  read(identifier: string, requestId: string): Promise<StrandHeld>
}
