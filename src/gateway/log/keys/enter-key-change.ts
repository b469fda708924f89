import type { Tx } from '../../../db/db.ts'
import type { BatchKey } from '../../../ledger/batch.ts'
import { writeEntry } from '../../commit/log-entry.ts'
import { openLogWriter } from '../../commit/log-writer.ts'

export interface KeyChangeReason {
  /** The operator, as they named themselves: nobody signs in on the gateway's own machine. */
  readonly by: string
  readonly justification: string
}

export interface EnteredChange extends KeyChangeReason {
  readonly at: Date
  readonly entryId: string
  readonly operation: string
  readonly statement: string
  /** Signs the entry. */
  readonly key: BatchKey
  readonly about: Readonly<Record<string, unknown>>
}

/** The change of a key is itself in the log, with the statement word for word, in the transaction that makes it. */
export const enterKeyChange = async (tx: Tx, change: EnteredChange): Promise<void> => {
  const { at, entryId, operation, statement, by, justification, about } = change
  const content = { ...about, statement, justification, by }
  const draft = { event: 'key-changed', effect: 'permit', reason: null, offenderId: null, purpose: null, content } as const
  const entry = writeEntry({ entryId, at, operation, caller: null, policyHash: null, draft, receipt: {} })
  const log = await openLogWriter(tx, change.key)
  await log.append(tx, [entry], [], at)
}
