import { connect, type ConnectOptions } from '../db/db.ts'
import { openLogWriter } from '../gateway/commit/log-writer.ts'
import { makePolicyShelf } from '../gateway/policies/policy-shelf.ts'
import type { BatchKey } from '../ledger/batch.ts'
import type { MiCaseUses } from '../gateway/casework/mi-case/mi-case-uses.ts'
import { startClocks } from './clocks.ts'
import { startCopies } from './copies.ts'
import { startMiCase } from './mi-case.ts'
import { startMisuse } from './misuse.ts'
import type { DetectUses } from '../gateway/misuse/detect.ts'

/** A sweep looks at everybody at once; an enquiry never waits for it, so it has connections and a time limit of its own. */
const sweepMillis = 300_000

/** Starts this instance's share of the clocks; `stop` lets a sweep under way end. */
export const startTimers = async (
  options: Pick<DetectUses, 'sealer' | 'staffKey'> & {
    readonly connection: ConnectOptions['connection']
    readonly partnershipId: string
    readonly signingKey: BatchKey
    /** Null: no agency's system is the record of strands. */
    readonly moves: MiCaseUses['moves'] | null
    /** What operators read: ids and figures, never people. */
    readonly tell: (level: 'info' | 'warn', message: string, about: object) => void
  },
): Promise<{ stop(): Promise<void> }> => {
  const { connection, partnershipId, tell } = options
  const database = connect({
    ...{ connection, max: 6, applicationName: 'gateway clocks' },
    ...{ statementTimeoutMillis: sweepMillis, idleInTransactionMillis: sweepMillis },
    log: (message) => tell('warn', message, {}),
  })
  try {
    const shared = {
      ...{ database, connection, partnershipId },
      policies: makePolicyShelf(),
      onError: (message: string, cause: unknown) => tell('warn', message, { err: cause }),
      tell: (message: string, about: object) => tell('info', message, about),
    }
    const clocks = await startClocks({ ...shared, log: await openLogWriter(database, options.signingKey) })
    const misuse = await startMisuse({
      ...{ ...shared, sealer: options.sealer, staffKey: options.staffKey },
      log: await openLogWriter(database, options.signingKey),
    })
    const copies = await startCopies({ ...shared, log: await openLogWriter(database, options.signingKey) })
    const { moves } = options
    const miCase = moves === null ? null : await startMiCase({ ...shared, log: await openLogWriter(database, options.signingKey), moves })
    return {
      stop: async () => {
        await miCase?.stop()
        await copies.stop()
        await misuse.stop()
        await clocks.stop()
        await database.end()
      },
    }
  } catch (cause) {
    await database.end()
    throw cause
  }
}
