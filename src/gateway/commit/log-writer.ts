import { appendToLog, type DisclosureRow, findNewestBatchHash, isBatchCommitted } from '../../db/log/access-log.ts'
import type { Db, Tx } from '../../db/db.ts'
import { type BatchKey, sealBatch, type SealedBatch } from '../../ledger/batch.ts'
import type { WrittenEntry } from './log-entry.ts'
import { newId } from '../new-id.ts'

/** Seals and stores the entries of commits under this instance's chain. */
export interface LogWriter {
  /** Writes into the open transaction. After COMMIT returned, `committed(batch)` moves the chain on. */
  append(tx: Tx, entries: readonly WrittenEntry[], disclosures: readonly DisclosureRow[], at: Date): Promise<SealedBatch>
  committed(batch: SealedBatch): void
  /** After a COMMIT whose result never came: reads back what became of the batch; when even that fails, a new epoch is opened. */
  settle(db: Db, batch: SealedBatch): Promise<'committed' | 'absent' | 'unknown'>
}

export const openLogWriter = async (db: Db, key: BatchKey): Promise<LogWriter> => {
  let epoch = newId()
  let counter = 0
  let previous = await findNewestBatchHash(db)
  return {
    async append(tx, entries, disclosures, at) {
      counter += 1
      const place = { epoch, counter, previous, at }
      const batch = sealBatch(
        entries.map((entry) => entry.sealable),
        place,
        key,
      )
      await appendToLog(tx, batch, { entries: entries.map((entry) => entry.columns), disclosures })
      return batch
    },
    committed(batch) {
      previous = batch.hash
    },
    async settle(lookup, batch) {
      try {
        const found = await isBatchCommitted(lookup, batch.place.epoch, batch.place.counter)
        if (found) previous = batch.hash
        return found ? 'committed' : 'absent'
      } catch {
        epoch = newId()
        counter = 0
        return 'unknown'
      }
    },
  }
}
