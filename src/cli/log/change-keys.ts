import { connect, type Database } from '../../db/db.ts'
import { KeyChangeRefused } from '../../gateway/log/keys/endorse-key.ts'
import { openCommandDatabase } from '../database.ts'
import { CommandProblem, type ExitCode } from '../problem.ts'
import type { Terminal } from '../session.ts'

/** Runs a change of the log's keys on the gateway's own database; what the log refuses is told in its words. */
export const changeKeys = async (terminal: Terminal, change: (db: Database) => Promise<void>): Promise<ExitCode> => {
  const database = await openCommandDatabase(terminal.config)
  const db = connect({ connection: await database.app(), max: 2 })
  try {
    await change(db)
    return 0
  } catch (cause) {
    if (cause instanceof KeyChangeRefused) throw new CommandProblem(cause.message, 1, cause)
    throw cause
  } finally {
    await db.end()
    await database.close()
  }
}
