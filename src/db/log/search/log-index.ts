import type { Db, Tx } from '../../db.ts'

/** One reader of new leaves at a time, on any instance. */
const indexLock = 7_030_023
/** What erasures hold while they last (migration 0021): an entry is either indexed before it is erased, or not at all. */
const erasureLock = 7_030_022

/** False while another instance reads. */
export const takeIndexLock = async (tx: Tx): Promise<boolean> => {
  const { rows } = await tx.query<{ taken: boolean }>({ text: 'select pg_try_advisory_xact_lock($1) as taken', values: [indexLock] })
  if (rows[0]?.taken !== true) return false
  await tx.query({ text: 'select pg_advisory_xact_lock_shared($1)', values: [erasureLock] })
  return true
}

/** The first leaf that was not read yet. */
export const findNextToIndex = async (db: Db): Promise<number> => {
  const { rows } = await db.query<{ next: number }>({
    name: 'find-next-to-index',
    text: 'select coalesce(max(s.next_leaf), 0) as next from log_index_pass s',
  })
  return rows[0]!.next
}

export interface IndexRow {
  readonly leafIndex: number
  readonly entryId: string
  readonly at: Date
  readonly refused: boolean
  readonly agencyId: string | null
  readonly personSub: string | null
  readonly offenderId: string | null
  readonly terms: readonly string[]
  readonly words: string | null
}

export const insertIndexRows = async (tx: Tx, rows: readonly IndexRow[]): Promise<void> => {
  if (rows.length === 0) return
  await tx.query({
    text: `
      insert into log_index (leaf_index, entry_id, at, refused, agency_id, person_sub, offender_id, terms, words)
      select r.leaf_index, r.entry_id, r.at, r.refused, r.agency_id, r.person_sub, r.offender_id,
             array(select jsonb_array_elements_text(r.terms)), to_tsvector('simple', r.words)
        from unnest($1::bigint[], $2::uuid[], $3::timestamptz[], $4::boolean[], $5::text[], $6::text[], $7::uuid[], $8::jsonb[], $9::text[])
          as r (leaf_index, entry_id, at, refused, agency_id, person_sub, offender_id, terms, words)`,
    values: [
      rows.map((row) => row.leafIndex),
      rows.map((row) => row.entryId),
      rows.map((row) => row.at),
      rows.map((row) => row.refused),
      rows.map((row) => row.agencyId),
      rows.map((row) => row.personSub),
      rows.map((row) => row.offenderId),
      rows.map((row) => JSON.stringify(row.terms)),
      rows.map((row) => row.words),
    ],
  })
}

export const insertIndexPass = async (tx: Tx, nextLeaf: number): Promise<void> => {
  await tx.query({
    text: 'insert into log_index_pass (next_leaf, passed_at) values ($1, statement_timestamp())',
    values: [nextLeaf],
  })
}

export interface IndexState {
  /** Leaves that the index has read. */
  readonly leaves: number
  /** Entries that are committed, as this transaction sees it, and not in the index yet. */
  readonly waiting: number
  /** The instant of the newest entry that can be found. */
  readonly newestAt: Date | null
}

/**
 * Exact as of the statement: leaves that were not read, and the entries of all commits since the newest checkpoint's horizon that are no
 * leaves. A horizon that lies ahead was reached on another server; then every commit is looked at.
 */
export const readIndexState = async (db: Db): Promise<IndexState> => {
  const { rows } = await db.query<IndexState>({
    text: `
      with pass as (
        select coalesce(max(s.next_leaf), 0) as leaves from log_index_pass s
      ), head as (
        select c.tree_size, c.horizon from log_checkpoint c order by c.tree_size desc limit 1
      ), since as (
        select coalesce((select case when h.horizon > pg_snapshot_xmax(pg_current_snapshot()) then '0'::xid8 else h.horizon end
                           from head h), '0'::xid8) as horizon
      )
      select pass.leaves, coalesce((select h.tree_size from head h), 0) - pass.leaves + (
               select count(*) from log_batch b, unnest(b.entry_ids) as e (id)
                where b.transaction_id >= (select since.horizon from since)
                  and not exists (select from log_leaf l where l.entry_id = e.id)) as waiting,
             (select i.at from log_index i order by i.at desc, i.leaf_index desc limit 1) as "newestAt"
        from pass`,
  })
  return rows[0]!
}
