import type { Answer, IdempotencyKey } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Reason } from '../../core/decision/decision.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { Standing, Subject } from '../../core/snapshot.ts'
import type { LogEvent, ReasonCode } from '../../core/decision-vocabulary.ts'
import type { Tx } from '../../db/db.ts'
import type { LoggedLine } from './logged-work.ts'

/** The lock classes of design section 4, in the order in which they are taken. */
export type LockKey =
  | { readonly class: 'policy' }
  | { readonly class: 'agency'; readonly id: string }
  /** A conference by its id, and all of an area's together as `area <id>`. */
  | { readonly class: 'conference'; readonly id: string }
  | { readonly class: 'subject'; readonly id: string }
  | { readonly class: 'permission'; readonly id: string }

/**
 * What a change does once its exclusive locks are held. `standing` is the caller's own, read under the same locks; `Ahead` is what can be
 * asked for before that is known.
 */
export interface Change<Body, Ahead = undefined> {
  readonly operation: string
  readonly event: LogEvent
  readonly locks: readonly LockKey[]
  /** What the change rests on and leaves as it is. */
  readonly sharedLocks?: readonly LockKey[]
  readonly offenderId?: string | null
  /** True of what writes nothing until its entry is written, so that nothing has to be undone. */
  readonly readsOnly?: boolean
  /** People whose locks are among those taken, to be read with the caller's own standing in one statement. */
  readonly readAlong?: readonly string[]
  readonly idempotencyKey?: IdempotencyKey | null
  /** Shared locks suffice for what only reads (default: exclusive). */
  readonly lockMode?: 'exclusive' | 'shared'
  /** Set by emergency access alone: it goes on when ordinary data stops because the log is not being sealed. */
  readonly emergency?: boolean
  /** Set by sealed packages alone: whoever opens one is nobody's user, and proves by its code, in `run`, that it is theirs. */
  readonly provesItself?: boolean
  /** A system without a person may do this: only contributions to its own agency's records (R2). */
  readonly systemMay?: boolean
  /** Goes into the entry: ids, versions and codes of what was asked, never free text about people unless it is the justification. */
  readonly detail?: Readonly<Record<string, unknown>>
  /** Looks up, behind the locks, what hangs on nothing but the request, while the caller's standing is being read. Only reads. */
  readonly ahead?: (tx: Tx) => Promise<Ahead>
  run(context: ChangeContext, ahead: Ahead): Promise<ChangeOutcome<Body>>
}

export interface ChangeContext {
  readonly tx: Tx
  /** The database's clock, read after the locks were granted. */
  readonly at: Date
  readonly caller: Caller
  readonly standing: Standing
  readonly policies: Policies
  readonly policyHash: string
  /** Those of `readAlong` whom there is. */
  readonly subjects: ReadonlyMap<string, Subject>
}

export type ChangeOutcome<Body> =
  | {
      readonly allowed: true
      readonly status: 200 | 201 | 202
      readonly body: Body
      readonly detail?: Readonly<Record<string, unknown>>
      readonly headers?: Readonly<Record<string, string>>
      readonly event?: LogEvent
      /** Where the change itself lets something out: what its entry says of that, and the release that it makes. */
      readonly release?: LoggedLine
      readonly lines?: readonly LoggedLine[]
      /** The instant that what is released was decided at, where that is later than the locks of the change itself. */
      readonly at?: Date
      /** First instant at which a fact behind what is released lapses. */
      readonly validUntil?: Date | null
      /** What the receipt says besides the entry's id, instant and policy; absent: the answer carries none. */
      readonly receipt?: Readonly<Record<string, unknown>>
      /** Members that are told this once and kept nowhere: a repeated request is answered without them. */
      readonly once?: Readonly<Record<string, unknown>>
      /** Members of the answer that have to name the entry, such as a watermark. */
      readonly named?: (entryId: string) => Readonly<Record<string, unknown>>
      /** Runs in the same transaction once the entry is written, for what must name it; what it throws rolls everything back. */
      readonly afterEntry?: (entryId: string) => Promise<void>
      readonly shielded?: boolean
    }
  | {
      readonly allowed: false
      readonly status?: 403 | 404 | 409 | 412 | 422
      readonly reason: Reason | { readonly code: ReasonCode; readonly stage: string; readonly ruleId: string; readonly cites: string }
      readonly shielded?: boolean
      readonly detail?: Readonly<Record<string, unknown>>
      /** Nobody showed that they are the caller: the entry names no person. */
      readonly unnamed?: boolean
      /** As for what is allowed: what a refusal itself leaves, such as a wrong code that counts. */
      readonly afterEntry?: (entryId: string) => Promise<void>
      /** Where in the request the rule fails; told unless shielded. */
      readonly errors?: readonly { readonly path: string; readonly message: string }[]
    }

/** Takes exclusive locks, runs the change, writes its one log entry in the same transaction, commits, then answers. */
export type CommitChange = <Body, Ahead = undefined>(caller: Caller, change: Change<Body, Ahead>) => Promise<Answer>
