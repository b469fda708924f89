import type { Answer } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { Standing, Subject } from '../../core/snapshot.ts'
import type { Category } from '../../core/vocabulary.ts'
import type { LogEvent } from '../../core/decision-vocabulary.ts'
import type { Tx } from '../../db/db.ts'
import type { DisclosureRow } from '../../db/log/access-log.ts'
import type { LockName } from '../../db/release-locks.ts'
import type { Receipt } from '../../ledger/receipt.ts'

/** The facts of one piece of work, read under the locks of the transaction that will commit its entry. */
export interface Reading {
  readonly at: Date
  /** Null: an agency that is no longer registered. */
  readonly standing: Standing | null
  readonly subject: Subject | null
  readonly policies: Policies
  readonly policyHash: string
  /** Those of the work's `alongOffenders` whom there is. */
  readonly subjects?: ReadonlyMap<string, Subject>
}

/** What the log keeps of one outcome. Everything in `content` is canonical JSON: objects, arrays, strings, integers, booleans, null. */
export interface EntryDraft {
  readonly event: LogEvent
  readonly effect: string
  /** The public reason's code; null when nothing was refused. */
  readonly reason: string | null
  readonly offenderId: string | null
  readonly purpose: string | null
  readonly content: Readonly<Record<string, unknown>>
}

/** A further line of the same commit, e.g. one per person a search returned, with the release it made. */
export interface LoggedLine {
  readonly entry: EntryDraft
  readonly disclosures: Draft['disclosures']
}

/** One decided outcome, not yet committed: its entry, the releases it makes, and the answer that may leave after COMMIT. */
export interface Draft {
  readonly entry: EntryDraft
  /** What the receipt says besides the entry's id, instant and policy. */
  readonly receipt: Readonly<Record<string, unknown>>
  readonly disclosures: readonly Omit<DisclosureRow, 'entryId'>[]
  /** Further entries of the same decision, each with its own releases. */
  readonly lines?: readonly LoggedLine[]
  /** First instant at which a fact of the decision lapses: after it, the answer may no longer leave. */
  readonly validUntil: Date | null
  readonly answer: (committed: Committed) => Answer
  /** True of a refusal that does not depend on the person: it is the same for somebody who does not exist. */
  readonly refusesWhoever?: boolean
  /** Written in the committing transaction once its entries are: what stands or falls with them. */
  readonly alongside?: (tx: Tx, entryId: string) => Promise<void>
}

export interface Committed {
  readonly entryId: string
  readonly at: Date
  readonly receipt: Receipt
}

/** One piece of work for a release commit. */
export interface Work {
  readonly caller: Caller
  readonly operation: string
  readonly offenderId: string | null
  /** Hosted categories to read along. */
  readonly categories: readonly Category[]
  /** Set by emergency access alone: it goes on when ordinary data stops because the log is not being sealed. */
  readonly emergency?: boolean
  /** Decides and redacts; pure apart from opening sealed records. Called again if its batch has to be tried alone. */
  readonly decide: (reading: Reading) => Draft
  /** Locks to share besides those of the policy, the agency and the person. */
  readonly alongLocks?: readonly { readonly class: LockName['class']; readonly id?: string }[]
  /** People whose locks are among those, to be read with the facts in one statement. */
  readonly alongOffenders?: readonly string[]
  /**
   * Reads, behind the locks, what the facts do not hold; gives back how to decide with it, instead of `decide`. Only reads. It runs while
   * the facts are still being read, so that what hangs on none of them is asked for in the same breath.
   */
  readonly prepare?: (tx: Tx, reading: Promise<Reading>) => Promise<Work['decide']>
}
