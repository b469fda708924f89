import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { connect, type ConnectOptions } from './db/db.ts'
import { openLogWriter } from './gateway/commit/log-writer.ts'
import { makePolicyShelf } from './gateway/policies/policy-shelf.ts'
import { startClocks } from './jobs/clocks.ts'
import type { SigningKey } from './keys.ts'

/** A sweep looks at everybody at once; an enquiry never waits for it, so it has connections and a time limit of its own. */
const sweepMillis = 300_000

/** Starts this instance's share of the clocks; `stop` lets a sweep under way end. */
export const startTimers = async (options: {
  readonly connection: ConnectOptions['connection']
  readonly config: Pick<Config, 'partnershipId'>
  readonly signingKey: SigningKey
  readonly log: Logger
}): Promise<{ stop(): Promise<void> }> => {
  const { connection, log } = options
  const database = connect({
    ...{ connection, max: 2, applicationName: 'gateway clocks' },
    ...{ statementTimeoutMillis: sweepMillis, idleInTransactionMillis: sweepMillis },
    log: (message) => log.warn(message),
  })
  try {
    const clocks = await startClocks({
      ...{ database, connection, partnershipId: options.config.partnershipId },
      policies: makePolicyShelf(),
      log: await openLogWriter(database, options.signingKey),
      onError: (message, cause) => log.warn({ err: cause }, message),
      tell: (message, about) => log.info(about, message),
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
