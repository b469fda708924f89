import type { LogEvent } from '../../core/decision-vocabulary.ts'
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
export const noteExport = (db: Database, key: BatchKey, { purpose, justification, by, only }: ExportNote): Promise<string> =>
  noteByOperator(db, key, {
    event: 'log-exported',
    operation: 'exportLog',
    content: { logPurpose: purpose, justification, by, part: only },
  })

/** Enters into the log what its operator does on the gateway's own machine, before it is done. */
export const noteByOperator = async (
  db: Database,
  key: BatchKey,
  { event, operation, content }: { readonly event: LogEvent; readonly operation: string; readonly content: object },
): Promise<string> => {
  const log = await openLogWriter(db, key)
  const entryId = newId()
  await withTransaction(db, async (tx) => {
    const at = await readClock(tx)
    const draft = { event, effect: 'permit', reason: null, offenderId: null, purpose: null, content: { ...content } }
    const entry = writeEntry({ entryId, at, operation, caller: null, policyHash: null, draft, receipt: {} })
    await log.append(tx, [entry], [], at)
  })
  return entryId
}
