import type { Db, Tx } from '../db.ts'

/** One sealer at a time, on any instance: the lock lasts as long as the transaction that seals. */
const sealerLock = 7_030_021

/** A committed entry that has no place in the tree yet. */
export interface UnsealedEntry {
  readonly entryId: string
  readonly leafHash: Buffer
  readonly at: Date
}

/** False while another instance seals. */
export const takeSealerLock = async (tx: Tx): Promise<boolean> => {
  const { rows } = await tx.query<{ taken: boolean }>({ text: 'select pg_try_advisory_xact_lock($1) as taken', values: [sealerLock] })
  return rows[0]?.taken === true
}

/** Waits until no other instance seals. */
export const waitForSealerLock = async (tx: Tx): Promise<void> => {
  await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [sealerLock] })
}

/** The transactions that are over: all before this one. Read it before the entries, so that it can only be too old. */
export const readHorizon = async (tx: Db): Promise<string> => {
  const { rows } = await tx.query<{ horizon: string }>({ text: 'select pg_snapshot_xmin(pg_current_snapshot())::text as horizon' })
  return rows[0]!.horizon
}

/** In the order in which leaves are numbered within one checkpoint: by commit instant, instance, counter and place in the commit. */
const inOrder = 'order by a.at, a.batch_epoch, a.batch_counter, a.batch_position'

/**
 * Entries of commits since the horizon of the last checkpoint that are not leaves yet. `more` tells that the limit cut them short:
 * the horizon then stays where it was.
 */
export const findUnsealed = async (
  tx: Db,
  since: string,
  limit: number,
): Promise<{ readonly entries: readonly UnsealedEntry[]; readonly more: boolean }> => {
  // Unnamed statements on purpose: a plan made for any horizon would read the whole log.
  const { rows: batches } = await tx.query<{ ids: string[] | null }>({
    text: `
      select b.entry_ids as ids from log_batch b
       where b.transaction_id >= $1::xid8 and b.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
         and exists (select from unnest(b.entry_ids) as e (id) where not exists (select from log_leaf l where l.entry_id = e.id))
       order by b.committed_at, b.epoch, b.counter limit $2`,
    values: [since, limit],
  })
  const ids = batches.flatMap((batch) => batch.ids ?? [])
  if (ids.length === 0) return { entries: [], more: false }
  const { rows } = await tx.query<UnsealedEntry>({
    text: `
      select a.entry_id as "entryId", a.leaf_hash as "leafHash", a.at from access_log a
       where a.entry_id = any($1::uuid[]) and not exists (select from log_leaf l where l.entry_id = a.entry_id) ${inOrder}`,
    values: [ids],
  })
  return { entries: rows, more: batches.length === limit }
}

/** The same by looking at every entry: for a log that has no checkpoint, or that was restored into another server. */
export const sweepUnsealed = async (
  tx: Db,
  limit: number,
): Promise<{ readonly entries: readonly UnsealedEntry[]; readonly more: boolean }> => {
  const { rows } = await tx.query<UnsealedEntry>({
    text: `
      select a.entry_id as "entryId", a.leaf_hash as "leafHash", a.at
        from access_log a left join log_leaf l on l.entry_id = a.entry_id
       where l.entry_id is null ${inOrder} limit $1`,
    values: [limit],
  })
  return { entries: rows, more: rows.length === limit }
}

/** Numbers the entries from `first` on. */
export const insertLeaves = async (tx: Tx, first: number, entries: readonly UnsealedEntry[]): Promise<void> => {
  await tx.query({
    text: `
      insert into log_leaf (leaf_index, entry_id, leaf_hash)
      select $1 + e.place - 1, e.id, e.hash from unnest($2::uuid[], $3::bytea[]) with ordinality as e (id, hash, place)`,
    values: [first, entries.map((entry) => entry.entryId), entries.map((entry) => entry.leafHash)],
  })
}

/** The place of an entry; null while it has none. */
export const findLeaf = async (db: Db, entryId: string): Promise<{ readonly index: number; readonly hash: Buffer } | null> => {
  const { rows } = await db.query<{ index: number; hash: Buffer }>({
    name: 'find-leaf',
    text: 'select l.leaf_index as index, l.leaf_hash as hash from log_leaf l where l.entry_id = $1',
    values: [entryId],
  })
  return rows[0] ?? null
}

/** The leaf hash with which an entry was committed, and whose it is where its payload is still there; null for an id that is none. */
export const findCommittedLeaf = async (
  db: Db,
  entryId: string,
): Promise<{ readonly leafHash: Buffer; readonly agencyId: string | null } | null> => {
  const { rows } = await db.query<{ leafHash: Buffer; agencyId: string | null }>({
    name: 'find-committed-leaf',
    text: `
      select a.leaf_hash as "leafHash", p.agency_id as "agencyId"
        from access_log a left join access_log_payload p on p.entry_id = a.entry_id where a.entry_id = $1`,
    values: [entryId],
  })
  return rows[0] ?? null
}

/** Seconds since the commit of the oldest entry that is not sealed; null when all are. */
export const readSealingLag = async (db: Db): Promise<number | null> => {
  const { rows } = await db.query<{ seconds: number | null }>({
    name: 'read-sealing-lag',
    text: `
      select extract(epoch from statement_timestamp() - min(b.committed_at))::float8 as seconds from log_batch b
       where b.committed_at > coalesce((select c.covers_until from log_checkpoint c order by c.tree_size desc limit 1), '-infinity')`,
  })
  return rows[0]?.seconds ?? null
}
