import { Fault } from '../../core/fault.ts'
import { readClock } from '../../db/clock.ts'
import { type Database, withTransaction } from '../../db/db.ts'
import { writeEntry } from '../commit/log-entry.ts'
import type { LogWriter } from '../commit/log-writer.ts'
import { newId } from '../new-id.ts'

export interface StrangerUses {
  readonly database: Database
  readonly log: LogWriter
  readonly monotonic: () => number
  readonly warn: (message: string, cause: unknown) => void
}

export interface Strangers {
  /** Resolves when the failure is in the log, or counted; rejects when the log cannot be written. */
  record(failure: { readonly reason: string; readonly address: string }): Promise<void>
  /** Writes the counts that are still waiting; called once a minute and at shutdown. */
  flush(): Promise<void>
}

const PER_MINUTE_SINGLY = 20
const MINUTE_MS = 60_000
const MOST_ADDRESSES = 10_000

/**
 * Failures of nobody in particular are single entries up to a cap for each address and minute, then counts in one entry a
 * minute: a stranger may not fill the log, and may not hide in it either.
 */
export const makeStrangers = (uses: StrangerUses): Strangers => {
  let windowEnds = 0
  let seen = new Map<string, number>()
  const counted = new Map<string, number>()

  const write = (content: Record<string, unknown>): Promise<void> => writeFailure(uses, content)

  const flush = async (): Promise<void> => {
    if (counted.size === 0) return
    const counts = Object.fromEntries(counted)
    counted.clear()
    try {
      await write({ counts })
    } catch (cause) {
      for (const [reason, count] of Object.entries(counts)) counted.set(reason, (counted.get(reason) ?? 0) + count)
      uses.warn('counts of authentication failures wait to be logged', cause)
    }
  }

  return {
    flush,
    async record({ reason, address }) {
      if (uses.monotonic() >= windowEnds || seen.size > MOST_ADDRESSES) {
        seen = new Map()
        windowEnds = uses.monotonic() + MINUTE_MS
      }
      const soFar = (seen.get(address) ?? 0) + 1
      seen.set(address, soFar)
      if (soFar > PER_MINUTE_SINGLY) {
        counted.set(reason, (counted.get(reason) ?? 0) + 1)
        return
      }
      await write({ because: reason }).catch((cause: unknown) => {
        throw cause instanceof Fault ? cause : new Fault('unavailable', 'The log cannot be written.', { retryAfterSeconds: 2, cause })
      })
    },
  }
}

const writeFailure = async ({ database, log }: StrangerUses, content: Record<string, unknown>): Promise<void> => {
  const sealed = await withTransaction(database, async (tx) => {
    const at = await readClock(tx)
    const draft = { event: 'auth-failure', effect: 'deny', reason: 'auth', offenderId: null, purpose: null, content } as const
    const entry = writeEntry({ entryId: newId(), at, operation: 'authenticate', caller: null, policyHash: null, draft, receipt: {} })
    return log.append(tx, [entry], [], at)
  })
  log.committed(sealed)
}
