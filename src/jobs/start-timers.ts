import { connect, type ConnectOptions } from '../db/db.ts'
import { openLogWriter } from '../gateway/commit/log-writer.ts'
import { makePolicyShelf } from '../gateway/policies/policy-shelf.ts'
import type { BatchKey } from '../ledger/batch.ts'
import { startClocks } from './clocks.ts'

/** A sweep looks at everybody at once; an enquiry never waits for it, so it has connections and a time limit of its own. */
const sweepMillis = 300_000

/** Starts this instance's share of the clocks; `stop` lets a sweep under way end. */
export const startTimers = async (options: {
  readonly connection: ConnectOptions['connection']
  readonly partnershipId: string
  readonly signingKey: BatchKey
  /** What operators read: ids and figures, never people. */
  readonly tell: (level: 'info' | 'warn', message: string, about: object) => void
}): Promise<{ stop(): Promise<void> }> => {
  const { connection, partnershipId, tell } = options
  const database = connect({
    ...{ connection, max: 2, applicationName: 'gateway clocks' },
    ...{ statementTimeoutMillis: sweepMillis, idleInTransactionMillis: sweepMillis },
    log: (message) => tell('warn', message, {}),
  })
  try {
    const clocks = await startClocks({
      ...{ database, connection, partnershipId },
      policies: makePolicyShelf(),
      log: await openLogWriter(database, options.signingKey),
      onError: (message, cause) => tell('warn', message, { err: cause }),
      tell: (message, about) => tell('info', message, about),
    })
    return {
      stop: async () => {
        await clocks.stop()
        await database.end()
      },
    }
  } catch (cause) {
    await database.end()
    throw cause
  }
}
