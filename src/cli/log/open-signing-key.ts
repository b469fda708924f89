import type { Config } from '../../config.ts'
import type { Database } from '../../db/db.ts'
import { admitKey, KeyNotAdmitted } from '../../gateway/log/keys/admit-key.ts'
import { readSigningKey, type SigningKey } from '../../keys.ts'
import { CommandProblem } from '../problem.ts'

/**
 * The key that a command signs its entries with.
 * @throws CommandProblem when it is none of the log's, or has ended
 */
export const openSigningKey = async (db: Database, config: Config): Promise<SigningKey> => {
  const key = readSigningKey(config)
  try {
    await admitKey(db, { origin: config.logOrigin, key })
  } catch (cause) {
    if (cause instanceof KeyNotAdmitted) throw new CommandProblem(cause.message, 1, cause)
    throw cause
  }
  return key
}
