import { randomBytes } from 'node:crypto'
import type { Tx } from '../../src/db/db.ts'
import { appendToLog } from '../../src/db/log/access-log.ts'
import { leafOf, commitmentOf, sealBatch } from '../../src/ledger/batch.ts'
import { newId } from '../../src/gateway/new-id.ts'
import type { FindingKind } from '../../src/ledger/verify/finding.ts'
import { entryAt, type LogKey, makeKey } from './sealing-support.ts'

/** What somebody who owns the database does to the log, and what has to be found: where, and by which of these names. */
export interface Tampering {
  readonly title: string
  /** Returns the entries that were touched; an empty list where none is left to name. */
  run(tx: Tx, about: { readonly ids: readonly string[]; readonly pick: number; readonly key: LogKey }): Promise<readonly string[]>
  readonly kinds: readonly FindingKind[]
}

const change = async (tx: Tx, text: string, values: readonly unknown[]): Promise<void> => {
  const { rowCount } = await tx.query({ text, values })
  if (rowCount === 0) throw new Error(`nothing was tampered with: ${text}`)
}
const payloadOf = async (tx: Tx, id: string): Promise<{ canonical: Buffer; salt: Buffer; digest: Buffer }> => {
  const text = 'select p.canonical, p.salt, p.receipt_digest as digest from access_log_payload p where p.entry_id = $1'
  const { rows } = await tx.query<{ canonical: Buffer; salt: Buffer; digest: Buffer }>({ text, values: [id] })
  return rows[0]!
}
const at = <Item>(items: readonly Item[], pick: number): Item => items[pick % items.length]!

/** Puts an entry into the log with a commit of its own, as if it had been made a day before; signed with whatever key is at hand. */
const putIn = async (tx: Tx, key: LogKey, sealed: boolean): Promise<string> => {
  const when = new Date(Date.now() - 86_400_000)
  const entry = entryAt(when)
  const batch = sealBatch([entry.sealable], { epoch: newId(), counter: 1, previous: null, at: when }, key)
  await appendToLog(tx, batch, { entries: [entry.columns], disclosures: [] })
  if (sealed) {
    await change(tx, 'insert into log_leaf select max(l.leaf_index) + 1, $1, $2 from log_leaf l', [
      entry.columns.entryId,
      batch.leaves[0]!.hash,
    ])
  }
  return entry.columns.entryId
}

export const tamperings: readonly Tampering[] = [
  {
    title: 'alters what an entry says',
    kinds: ['entry-altered'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(
        tx,
        `update access_log_payload set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '"analyst"', '"another"'), 'UTF8')
          where entry_id = $1`,
        [id],
      )
      return [id]
    },
  },
  {
    title: 'alters an entry, and computes its leaf again everywhere',
    kinds: ['batch-altered', 'tree-altered'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      const { canonical } = await payloadOf(tx, id)
      const salt = randomBytes(32)
      const text = Buffer.from(canonical.toString('utf8').replace('"audit-ig"', '"foi"'))
      const receipt = Buffer.from('{}')
      const leaf = leafOf(commitmentOf(salt, text), receipt)
      await change(
        tx,
        `update access_log_payload set canonical = $2, salt = $3, purpose = 'foi', receipt_digest = sha256($4) where entry_id = $1`,
        [id, text, salt, receipt],
      )
      await change(tx, 'update access_log set leaf_hash = $2 where entry_id = $1', [id, leaf])
      await change(tx, 'update log_leaf set leaf_hash = $2 where entry_id = $1', [id, leaf])
      return [id]
    },
  },
  {
    title: 'alters the salt of an entry',
    kinds: ['entry-altered'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(tx, 'update access_log_payload set salt = $2 where entry_id = $1', [id, randomBytes(32)])
      return [id]
    },
  },
  {
    title: 'alters what an entry is searched by',
    kinds: ['columns-altered'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(tx, `update access_log_payload set person_sub = 'somebody' where entry_id = $1`, [id])
      return [id]
    },
  },
  {
    title: 'alters when an entry was made',
    kinds: ['instant-altered'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(tx, `update access_log set at = at + interval '1 microsecond' where entry_id = $1`, [id])
      return [id]
    },
  },
  {
    title: 'deletes an entry from both tables',
    kinds: ['entry-deleted'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(tx, 'delete from access_log_payload where entry_id = $1', [id])
      await change(tx, 'delete from access_log where entry_id = $1', [id])
      return [id]
    },
  },
  {
    title: 'deletes an entry with its leaf, and closes the gap',
    kinds: ['entry-deleted'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids.slice(0, -1), pick)
      const { rows } = await tx.query<{ index: number }>({
        text: 'select l.leaf_index as index from log_leaf l where l.entry_id = $1',
        values: [id],
      })
      for (const table of ['access_log_payload', 'access_log', 'log_leaf'])
        await change(tx, `delete from ${table} where entry_id = $1`, [id])
      await change(tx, 'update log_leaf set leaf_index = leaf_index + 1000000 where leaf_index > $1', [rows[0]!.index])
      await change(tx, 'update log_leaf set leaf_index = leaf_index - 1000001 where leaf_index > 1000000', [])
      return [id]
    },
  },
  {
    title: "deletes an entry's text, with nobody to account for it",
    kinds: ['payload-deleted'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(tx, 'delete from access_log_payload where entry_id = $1', [id])
      return [id]
    },
  },
  {
    title: "deletes an entry's text, and says another entry accounts for it",
    kinds: ['erasure-unaccounted'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(tx, 'delete from access_log_payload where entry_id = $1', [id])
      await change(tx, 'insert into log_erasure values ($1, $2, statement_timestamp())', [id, at(ids, pick + 1)])
      return [id]
    },
  },
  {
    title: 'changes the order of two entries',
    kinds: ['moved', 'tree-altered'],
    run: async (tx, { ids, pick }) => {
      const [left, right] = [at(ids, pick), at(ids, pick + 1 + (pick % 7))]
      const text = 'select l.entry_id as id, l.leaf_hash as hash, l.leaf_index as index from log_leaf l where l.entry_id = any($1)'
      const { rows } = await tx.query<{ id: string; hash: Buffer; index: number }>({ text, values: [[left, right]] })
      const [a, b] = rows as [(typeof rows)[0], (typeof rows)[0]]
      await change(tx, 'delete from log_leaf where entry_id = any($1)', [[left, right]])
      await change(tx, 'insert into log_leaf values ($1, $2, $3), ($4, $5, $6)', [a.index, b.id, b.hash, b.index, a.id, a.hash])
      return [left, right]
    },
  },
  {
    title: 'puts an entry in, as if it had been there',
    kinds: ['backfilled'],
    run: async (tx, { key }) => [await putIn(tx, key, false)],
  },
  {
    title: 'puts an entry in behind the end of the tree, with a signature of its own',
    kinds: ['batch-forged', 'backfilled'],
    run: async (tx) => [await putIn(tx, makeKey(), true)],
  },
  {
    title: 'forges the signature of a commit',
    kinds: ['batch-forged'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(
        tx,
        `update log_batch set jws = translate(left(jws, -20), 'x', 'x') || reverse(right(jws, 20))
          where (epoch, counter) = (select a.batch_epoch, a.batch_counter from access_log a where a.entry_id = $1)`,
        [id],
      )
      return [id]
    },
  },
  {
    title: 'deletes the signature of a commit',
    kinds: ['batch-deleted'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      const where = '(select a.batch_epoch, a.batch_counter from access_log a where a.entry_id = $1)'
      await change(tx, `delete from log_batch where (epoch, counter) = ${where}`, [id])
      return [id]
    },
  },
  {
    title: 'alters the leaf of an entry in the tree',
    kinds: ['leaf-altered'],
    run: async (tx, { ids, pick }) => {
      const id = at(ids, pick)
      await change(tx, 'update log_leaf set leaf_hash = $2 where entry_id = $1', [id, randomBytes(32)])
      return [id]
    },
  },
  {
    title: 'cuts the tail off, entries and all',
    kinds: ['tail-cut'],
    run: async (tx, { pick }) => {
      const text = 'select c.tree_size as size from log_checkpoint c order by c.tree_size offset 1'
      const sizes = (await tx.query<{ size: number }>({ text })).rows.map((row) => row.size)
      const size = at(sizes.slice(0, -1), pick)
      const gone = `(select l.entry_id from log_leaf l where l.leaf_index >= $1)`
      await change(
        tx,
        `delete from log_batch where (epoch, counter) in (select a.batch_epoch, a.batch_counter from access_log a where a.entry_id in ${gone})`,
        [size],
      )
      for (const table of ['access_log_payload', 'access_log']) await change(tx, `delete from ${table} where entry_id in ${gone}`, [size])
      await change(tx, 'delete from log_leaf where leaf_index >= $1', [size])
      await change(tx, 'delete from log_checkpoint where tree_size > $1', [size])
      return []
    },
  },
]
