import { readClock } from '../../db/clock.ts'
import { type Database, withTransaction } from '../../db/db.ts'
import type { BatchKey } from '../../ledger/batch.ts'
import type { Mark } from '../../ledger/high-water.ts'
import { writeEntry } from '../commit/log-entry.ts'
import { openLogWriter } from '../commit/log-writer.ts'
import { newId } from '../new-id.ts'

export interface Gap {
  /** How far the log had come; null: the mark of it could not be read. */
  readonly had: Mark | null
  /** How far the restored one has. */
  readonly has: Mark | null
  readonly justification: string
  /** The operator, as they named themselves: nobody signs in on the gateway's own machine. */
  readonly by: string
}

/** Enters into the restored log what it lost: from now on every bundle tells of the gap. Gives the entry's id back. */
export const acknowledgeRestore = async (db: Database, key: BatchKey, { had, has, justification, by }: Gap): Promise<string> => {
  const log = await openLogWriter(db, key)
  const entryId = newId()
  await withTransaction(db, async (tx) => {
    const at = await readClock(tx)
    const content = { had, has, lostEntries: had === null ? null : had.size - (has?.size ?? 0), justification, by }
    const draft = { event: 'integrity-checked', effect: 'permit', reason: null, offenderId: null, purpose: null, content } as const
    const entry = writeEntry({ entryId, at, operation: 'acknowledgeRestore', caller: null, policyHash: null, draft, receipt: {} })
    await log.append(tx, [entry], [], at)
  })
  return entryId
}
