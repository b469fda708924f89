import type { Caller } from '../../core/caller.ts'
import { CommitUnknown, type Database } from '../../db/db.ts'
import { isBatchCommitted } from '../../db/log/access-log.ts'
import type { SealedBatch } from '../../ledger/batch.ts'
import type { LogWriter } from './log-writer.ts'

/** A committed answer that nobody was given. */
export interface Undelivered {
  readonly work: { readonly operation: string; readonly caller: Caller; readonly offenderId: string | null }
  readonly entryId: string
  readonly because: string
}

/** Records, out of band, that a committed answer was not given. */
export type NotDelivered = (undelivered: Undelivered) => void

/** A COMMIT that was still on its way when it was first looked for has ended by the last of these looks. */
const LOOKS_AGAIN_AFTER_MS = [2_000, 10_000, 60_000]

export const isUnknownCommit = (cause: unknown): boolean => cause instanceof Error && cause.cause instanceof CommitUnknown

/**
 * What to do when the result of a COMMIT never came: whoever asked was told 503, so where the entries are in the log after all,
 * they must not read as answers that were given.
 */
export const settleUnknown = async (
  uses: { readonly database: Database; readonly log: LogWriter; readonly notDelivered: NotDelivered },
  sealed: SealedBatch,
  entries: readonly Omit<Undelivered, 'because'>[],
): Promise<void> => {
  const note = (outcome: string): void => {
    for (const one of entries) uses.notDelivered({ ...one, because: `commit ${outcome}` })
  }
  const outcome = await uses.log.settle(uses.database, sealed)
  if (outcome !== 'absent') {
    note(outcome)
    return
  }
  lookAgain(uses.database, sealed, { note, delays: LOOKS_AGAIN_AFTER_MS })
}

/** Only looks: the writer's chain went on long ago, and must not be set back to this batch. */
const lookAgain = (
  database: Database,
  sealed: SealedBatch,
  { note, delays: [next, ...later] }: { readonly note: (outcome: string) => void; readonly delays: readonly number[] },
): void => {
  if (next === undefined) return
  const look = async (): Promise<void> => {
    const { epoch, counter } = sealed.place
    if (await isBatchCommitted(database, epoch, counter).catch(() => false)) note('committed late')
    else lookAgain(database, sealed, { note, delays: later })
  }
  setTimeout(() => void look(), next).unref()
}
