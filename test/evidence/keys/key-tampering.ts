import { sign } from 'node:crypto'
import type { Tx } from '../../../src/db/db.ts'
import { findNewestCheckpoint } from '../../../src/db/log/checkpoints.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { batchHeader } from '../../../src/ledger/batch.ts'
import { signCheckpoint } from '../../../src/ledger/checkpoint.ts'
import { type KeyChange, signKeyChange } from '../../../src/ledger/keys/key-change.ts'
import { parseKeyStatement } from '../../../src/ledger/verify/keys/key-statement.ts'
import type { FindingKind } from '../../../src/ledger/verify/finding.ts'
import { type LogKey, makeKey, origin } from '../sealing-support.ts'
import { told } from './support.ts'

/** The keys of a log, in the order in which they followed one another. */
export type Keys = Readonly<Record<'first' | 'second' | 'third', LogKey>>

export interface KeyTampering {
  readonly title: string
  /** Gives the entries that have to be named. */
  run(tx: Tx, keys: Keys): Promise<readonly string[]>
  readonly kind: FindingKind
}

const change = async (tx: Tx, text: string, values: readonly unknown[]): Promise<void> => {
  const { rowCount } = await tx.query({ text, values })
  if (rowCount === 0) throw new Error(`nothing was tampered with: ${text}`)
}

const statementOf = async (tx: Tx, kid: string, table = 'log_key'): Promise<KeyChange> => {
  const { rows } = await tx.query<{ statement: string }>({ text: `select k.statement from ${table} k where k.kid = $1`, values: [kid] })
  const { key, other, ...rest } = parseKeyStatement(rows[0]!.statement)!
  return { ...rest, key: key.text, other: other.text, at: new Date() }
}

const restate = async (tx: Tx, kid: string, more: Partial<KeyChange>, signers: readonly LogKey[]): Promise<readonly string[]> => {
  const said = { ...(await statementOf(tx, kid)), ...more }
  const statement = signKeyChange(
    said,
    signers.map(({ privateKey }) => privateKey),
  )
  await change(tx, 'update log_key set statement = $2 where kid = $1', [kid, statement])
  return []
}

/** The same commit with the signature of another key of the log: the last one, or the first. */
const resign = async (tx: Tx, which: 'asc' | 'desc', key: LogKey): Promise<readonly string[]> => {
  const { rows } = await tx.query<{ epoch: string; counter: number; jws: string; ids: string[] }>({
    text: `select b.epoch, b.counter, b.jws, b.entry_ids as ids from log_batch b
             join access_log a on a.batch_epoch = b.epoch and a.batch_counter = b.counter join log_leaf l on l.entry_id = a.entry_id
            order by l.leaf_index ${which} limit 1`,
  })
  const { epoch, counter, jws, ids } = rows[0]!
  const signed = `${batchHeader(key.kid)}.${jws.split('.')[1]!}`
  const again = `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`
  await change(tx, 'update log_batch set jws = $3 where epoch = $1 and counter = $2', [epoch, counter, again])
  return ids
}

export const keyTamperings: readonly KeyTampering[] = [
  {
    title: 'enters a key that the one before it never endorsed',
    kind: 'key-not-endorsed',
    run: (tx, { second }) => restate(tx, 'second', {}, [second]),
  },
  {
    title: 'puts a key of his own in the place of the one that was endorsed',
    kind: 'key-not-endorsed',
    run: (tx) => {
      const own = makeKey()
      return restate(tx, 'second', { key: told(own) }, [own])
    },
  },
  {
    title: 'swaps the endorsements of two keys',
    kind: 'key-forged',
    run: async (tx) => {
      await change(
        tx,
        `update log_key k set statement = split_part(k.statement, E'\\n\\n', 1) || E'\\n\\n' || split_part(o.statement, E'\\n\\n', 2)
           from log_key o where k.kid in ('second', 'third') and o.kid in ('second', 'third') and o.kid <> k.kid`,
        [],
      )
      return []
    },
  },
  {
    title: 'moves the place from which a key signs, without the older key',
    kind: 'key-not-endorsed',
    run: (tx, { second }) => restate(tx, 'second', { size: 0 }, [second]),
  },
  {
    title: 'holds both keys, and has them state another tree',
    kind: 'key-forged',
    run: (tx, { first, second }) => restate(tx, 'second', { root: Buffer.alloc(32) }, [first, second]),
  },
  {
    title: 'signs the newest checkpoint with a key that has ended',
    kind: 'key-out-of-time',
    run: async (tx, { first }) => {
      const { size, root } = (await findNewestCheckpoint(tx))!
      const note = signCheckpoint({ origin, size, root }, first.privateKey)
      await change(tx, 'update log_checkpoint set note = $2 where tree_size = $1', [size, note])
      return []
    },
  },
  {
    title: 'signs a late commit with a key that has ended',
    kind: 'key-out-of-time',
    run: (tx, { first }) => resign(tx, 'desc', first),
  },
  {
    title: 'signs an early commit with a key that did not sign yet',
    kind: 'key-out-of-time',
    run: (tx, { third }) => resign(tx, 'asc', third),
  },
  {
    title: 'hides that a key has ended',
    kind: 'key-withheld',
    run: async (tx) => {
      const { entryId } = await statementOf(tx, 'first', 'log_key_end')
      await change(tx, `delete from log_key_end where kid = 'first'`, [])
      return [entryId]
    },
  },
  {
    title: 'stole an ended key, and lets it say that it ended later',
    kind: 'key-forged',
    run: async (tx, { first }) => {
      const said = await statementOf(tx, 'first', 'log_key_end')
      const statement = signKeyChange({ ...said, size: said.size + 6 }, [first.privateKey])
      await change(tx, `update log_key_end set statement = $1 where kid = 'first'`, [statement])
      return [said.entryId]
    },
  },
  {
    title: 'stole the newest key, and endorses another that the log does not speak of',
    kind: 'key-unlogged',
    run: async (tx, { third }) => {
      const own = makeKey('own')
      const entryId = newId()
      const { size, root } = (await findNewestCheckpoint(tx))!
      const said = { origin, change: 'follows', key: told(own), other: told(third), size, root, entryId, at: new Date() } as const
      const statement = signKeyChange(said, [third.privateKey, own.privateKey])
      await change(
        tx,
        `insert into log_key (kid, verifier_key, follows, from_size, began_at, statement, entry_id)
         values ('own', $1, 'third', $2, statement_timestamp(), $3, $4)`,
        [told(own), size, statement, entryId],
      )
      return [entryId]
    },
  },
]
