import { readClock } from '../../db/clock.ts'
import { type Database, withTransaction } from '../../db/db.ts'
import { writeEntry } from '../commit/log-entry.ts'
import type { LogWriter } from '../commit/log-writer.ts'
import type { NotDelivered } from '../commit/settle.ts'
import { newId } from '../new-id.ts'

interface Uses {
  readonly database: Database
  readonly log: LogWriter
  readonly warn: (message: string, cause: unknown) => void
}

/**
 * A decision that was committed and then not given has an entry of its own that says so, since the first would otherwise read
 * as a release. When not even that can be written, the first entry stands: the log may say too much, never too little.
 */
export const noteNotDelivered =
  ({ database, log, warn }: Uses): NotDelivered =>
  ({ work, entryId, because }) => {
    const write = async (): Promise<void> => {
      const sealed = await withTransaction(database, async (tx) => {
        const at = await readClock(tx)
        const draft = {
          event: 'not-delivered',
          effect: 'deny',
          reason: 'log-unavailable',
          offenderId: work.offenderId,
          purpose: null,
          content: { about: entryId, because },
        } as const
        const { operation, caller } = work
        const entry = writeEntry({ entryId: newId(), at, operation, caller, policyHash: null, draft, receipt: {} })
        return log.append(tx, [entry], [], at)
      })
      log.committed(sealed)
    }
    write().catch((cause: unknown) => warn('an undelivered answer could not be noted', cause))
  }
