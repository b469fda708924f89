import { createPublicKey } from 'node:crypto'
import { readClock } from '../../../db/clock.ts'
import { type Database, type Tx, withTransaction } from '../../../db/db.ts'
import { findNewestCheckpoint } from '../../../db/log/checkpoints.ts'
import { insertLogKey, listLogKeys, type LogKeyRow } from '../../../db/log/log-keys.ts'
import type { BatchKey } from '../../../ledger/batch.ts'
import { emptyFrontier, frontierRoot } from '../../../ledger/frontier.ts'
import { signKeyChange } from '../../../ledger/keys/key-change.ts'
import { logVerifierKey } from '../../../ledger/note.ts'
import { newId } from '../../new-id.ts'
import { enterKeyChange, type KeyChangeReason } from './enter-key-change.ts'

/** The keys of the log do not allow it. */
export class KeyChangeRefused extends Error {}

export interface EndorseOptions extends KeyChangeReason {
  readonly origin: string
  /** The log's newest key; null: it was lost, and nobody endorses the next one. */
  readonly current: BatchKey | null
  readonly next: BatchKey
}

export interface Endorsed {
  readonly entryId: string
  readonly verifierKey: string
  readonly statement: string
}

/**
 * Enters the next key of the log: a statement signed by the key before it and by itself, which the log carries as an entry. From then
 * on both sign, each on its own instances, until the older one is ended.
 * @throws KeyChangeRefused
 */
export const endorseKey = (db: Database, options: EndorseOptions): Promise<Endorsed> =>
  withTransaction(db, async (tx) => {
    const { origin, current, next } = options
    const verifierKey = verifierKeyOf(origin, next)
    const before = await keyBefore(tx, options, verifierKey)
    const at = await readClock(tx)
    const newest = await findNewestCheckpoint(tx)
    const [size, root] = [newest?.size ?? 0, newest?.root ?? frontierRoot(emptyFrontier)]
    const entryId = newId()
    const signers = current === null ? [next.privateKey] : [current.privateKey, next.privateKey]
    const statement = signKeyChange(
      { origin, change: 'follows', key: verifierKey, other: before.verifierKey, size, root, entryId, at },
      signers,
    )
    await insertLogKey(tx, { kid: next.kid, verifierKey, follows: before.kid, fromSize: size, beganAt: at, statement, entryId })
    const { by, justification } = options
    await enterKeyChange(tx, {
      ...{ at, entryId, statement, by, justification, key: current ?? next, operation: 'endorseLogKey' },
      about: { kid: next.kid, follows: before.kid, endorsed: current !== null },
    })
    return { entryId, verifierKey, statement }
  })

export const verifierKeyOf = (origin: string, key: BatchKey): string => logVerifierKey(origin, createPublicKey(key.privateKey))

const keyBefore = async (tx: Tx, { origin, current }: EndorseOptions, nextKey: string): Promise<LogKeyRow> => {
  const keys = await listLogKeys(tx)
  const newest = keys.at(-1)
  if (newest === undefined) throw new KeyChangeRefused('The log has no key yet: start the gateway once.')
  if (keys.some(({ verifierKey }) => verifierKey === nextKey)) throw new KeyChangeRefused('That is a key of the log already.')
  if (current !== null && verifierKeyOf(origin, current) !== newest.verifierKey)
    throw new KeyChangeRefused(`The newest key of the log is ${newest.kid}, and only it endorses the next one; ${current.kid} is another.`)
  return newest
}
