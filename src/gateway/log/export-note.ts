import { readClock } from '../../db/clock.ts'
import { type Database, withTransaction } from '../../db/db.ts'
import type { BatchKey } from '../../ledger/batch.ts'
import { writeEntry } from '../commit/log-entry.ts'
import { openLogWriter } from '../commit/log-writer.ts'
import { newId } from '../new-id.ts'

/** "The logs ... may be used only for" these (DPA 2018 s.62(4)). */
export const logPurposes = ['lawfulness', 'self-monitoring', 'integrity', 'criminal-proceedings'] as const
export type LogPurpose = (typeof logPurposes)[number]

export interface ExportNote {
  readonly purpose: LogPurpose
  readonly justification: string
  /** The operator, as they named themselves: nobody signs in on the gateway's own machine. */
  readonly by: string
  readonly only: object | null
}

/** Enters into the log that it is about to be exported, and gives the entry's id back. */
export const noteExport = async (db: Database, key: BatchKey, { purpose, justification, by, only }: ExportNote): Promise<string> => {
  const log = await openLogWriter(db, key)
  const entryId = newId()
  await withTransaction(db, async (tx) => {
    const at = await readClock(tx)
    const draft = {
      event: 'log-exported',
      effect: 'permit',
      reason: null,
      offenderId: null,
      purpose: null,
      content: { logPurpose: purpose, justification, by, part: only },
    } as const
    const entry = writeEntry({ entryId, at, operation: 'exportLog', caller: null, policyHash: null, draft, receipt: {} })
    await log.append(tx, [entry], [], at)
  })
  return entryId
}
