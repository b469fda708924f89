import { readClock } from '../db/clock.ts'
import { type Database, withTransaction } from '../db/db.ts'
import { holdLogCommits, insertLogKeyEnd, listLogKeys, readLastUse } from '../db/log/log-keys.ts'
import { KeyChangeRefused, verifierKeyOf } from '../gateway/log/keys/endorse-key.ts'
import { enterKeyChange, type KeyChangeReason } from '../gateway/log/keys/enter-key-change.ts'
import { newId } from '../gateway/new-id.ts'
import { type BatchKey, batchHeader } from '../ledger/batch.ts'
import { signKeyChange } from '../ledger/keys/key-change.ts'
import { sealAll, sealOnce } from './sealer.ts'

export interface EndOptions extends KeyChangeReason {
  readonly origin: string
  /** The log's newest key, which says that the others have ended. */
  readonly current: BatchKey
  /** End it though an instance has signed with it a moment ago: that instance then answers 503 until it has the new key. */
  readonly anyway: boolean
}

export interface EndedKey {
  readonly kid: string
  readonly untilSize: number
  readonly entryId: string
}

/**
 * Ends every key of the log but the newest, at a tree that holds all that they signed: nothing is committed while it is sealed. So what
 * they signed stays proved, and whatever is signed with them from now on is refused by the database and by whoever checks.
 * @throws KeyChangeRefused
 */
export const endKeys = async (db: Database, options: EndOptions): Promise<readonly EndedKey[]> => {
  const { origin, current, anyway } = options
  const keys = await listLogKeys(db)
  if (keys.at(-1)?.verifierKey !== verifierKeyOf(origin, current))
    throw new KeyChangeRefused(`${current.kid} is not the newest key of the log: only that one says which have ended.`)
  const older = keys.slice(0, -1).filter(({ end }) => end === null)
  if (older.length === 0) throw new KeyChangeRefused('Every older key has ended already.')
  for (const { kid } of older) {
    const seconds = await readLastUse(db, batchHeader(kid))
    if (seconds !== null && !anyway)
      throw new KeyChangeRefused(
        `An instance signed with ${kid} ${Math.round(seconds)} seconds ago. Give every instance the new key, and wait five minutes (or --anyway).`,
      )
  }
  const uses = { database: db, origin, privateKey: current.privateKey }
  // Most of it before anybody has to wait.
  while ((await sealOnce(uses))?.more === true);
  return withTransaction(db, async (tx) => {
    const tree = await sealAll(tx, uses, () => holdLogCommits(tx))
    const at = await readClock(tx)
    const ended: EndedKey[] = []
    for (const { kid, verifierKey } of older) {
      const entryId = newId()
      const said = { origin, change: 'ends', key: verifierKey, other: verifierKeyOf(origin, current), ...tree, entryId, at } as const
      const statement = signKeyChange(said, [current.privateKey])
      await insertLogKeyEnd(tx, { kid, batchHeader: batchHeader(kid), untilSize: tree.size, endedAt: at, statement, entryId })
      const { by, justification } = options
      await enterKeyChange(tx, {
        ...{ at, entryId, statement, by, justification, key: current, operation: 'endLogKey' },
        about: { kid, endedBy: current.kid },
      })
      ended.push({ kid, untilSize: tree.size, entryId })
    }
    return ended
  })
}
