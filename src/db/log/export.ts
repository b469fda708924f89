import type { Db, Tx } from '../db.ts'

/** One leaf as the database has it, in the columns of a bundle's entries; hexadecimal where it is bytes, empty where it is not there. */
export interface ExportedLeaf {
  readonly index: number
  readonly entryId: string
  /** Tab-separated, in the order of a bundle's line, up to the canonical bytes. */
  readonly fields: string
  readonly canonical: Buffer | null
}

/** What both halves of the log and the tree say of each entry. Nothing is left out for being odd: finding it is the reader's task. */
const fieldsOf = `
  concat_ws(E'\\t',
    coalesce(l.leaf_index::text, ''), coalesce(l.entry_id, a.entry_id)::text, coalesce(encode(l.leaf_hash, 'hex'), ''),
    coalesce(to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ''), coalesce(encode(a.leaf_hash, 'hex'), ''),
    coalesce(a.batch_epoch::text, ''), coalesce(a.batch_counter::text, ''), coalesce(a.batch_position::text, ''),
    coalesce(encode(p.salt, 'hex'), ''), coalesce(encode(p.receipt_digest, 'hex'), ''), coalesce(x.erasure_entry_id::text, ''),
    case when p.entry_id is null then ''
         else json_build_array(p.event, p.effect, p.reason, p.agency_id, p.client_id, p.person_sub, p.offender_id, p.purpose)::text end
  ) as fields, p.canonical`

/** Leaves from one index up to another, in order. */
export const readLeaves = async (db: Db, from: number, to: number): Promise<readonly ExportedLeaf[]> => {
  const { rows } = await db.query<ExportedLeaf>({
    text: `
      select l.leaf_index as index, l.entry_id as "entryId", ${fieldsOf}
        from log_leaf l
        left join access_log a on a.entry_id = l.entry_id
        left join access_log_payload p on p.entry_id = l.entry_id
        left join log_erasure x on x.entry_id = l.entry_id
       where l.leaf_index >= $1 and l.leaf_index < $2 order by l.leaf_index`,
    values: [from, to],
  })
  return rows
}

/** Where the tree ends as the table of leaves has it, whatever the checkpoint says. */
export const findEndOfLeaves = async (db: Db): Promise<number> => {
  const { rows } = await db.query<{ end: number }>({ text: 'select coalesce(max(l.leaf_index) + 1, 0) as end from log_leaf l' })
  return rows[0]?.end ?? 0
}

/** Entries that are in the log and not in the tree; in a sound log only those of the last second. */
export const readUnsealedEntries = async (db: Db, limit: number): Promise<readonly ExportedLeaf[]> => {
  const { rows } = await db.query<ExportedLeaf>({
    text: `
      select 0 as index, a.entry_id as "entryId", ${fieldsOf}
        from access_log a
        left join log_leaf l on l.entry_id = a.entry_id
        left join access_log_payload p on p.entry_id = a.entry_id
        left join log_erasure x on x.entry_id = a.entry_id
       where l.entry_id is null order by a.entry_id limit $1`,
    values: [limit],
  })
  return rows
}

/** Payloads without an entry: what stands in the searchable half of the log alone. */
export const readLoosePayloads = async (db: Db, limit: number): Promise<readonly ExportedLeaf[]> => {
  const { rows } = await db.query<ExportedLeaf>({
    text: `
      select 0 as index, p.entry_id as "entryId",
             concat_ws(E'\\t', '', p.entry_id::text, '', '', '', '', '', '', encode(p.salt, 'hex'),
                       coalesce(encode(p.receipt_digest, 'hex'), ''), '', '') as fields, p.canonical
        from access_log_payload p
       where not exists (select from access_log a where a.entry_id = p.entry_id)
         and not exists (select from log_leaf l where l.entry_id = p.entry_id)
       order by p.entry_id limit $1`,
    values: [limit],
  })
  return rows
}

/** Tab-separated lines of the signed commits, in an order that pages: epoch, counter, instant, hash, entries, signature. */
export const readBatches = async (
  db: Db,
  after: { readonly epoch: string; readonly counter: number },
  limit: number,
): Promise<readonly { readonly epoch: string; readonly counter: number; readonly line: string }[]> => {
  const { rows } = await db.query<{ epoch: string; counter: number; line: string }>({
    text: `
      select b.epoch, b.counter,
             concat_ws(E'\\t', b.epoch::text, b.counter::text,
                       to_char(b.committed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                       encode(b.hash, 'hex'), coalesce(array_to_string(b.entry_ids, ','), ''), b.jws) as line
        from log_batch b where (b.epoch, b.counter) > ($1, $2) order by b.epoch, b.counter limit $3`,
    values: [after.epoch, after.counter, limit],
  })
  return rows
}

/** The same for the commits that hold these entries. */
export const readBatchesOf = async (db: Db, entryIds: readonly string[]): Promise<readonly string[]> => {
  const { rows } = await db.query<{ line: string }>({
    text: `
      select concat_ws(E'\\t', b.epoch::text, b.counter::text,
                       to_char(b.committed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                       encode(b.hash, 'hex'), coalesce(array_to_string(b.entry_ids, ','), ''), b.jws) as line
        from log_batch b
       where (b.epoch, b.counter) in (select a.batch_epoch, a.batch_counter from access_log a where a.entry_id = any($1::uuid[]))
       order by b.epoch, b.counter`,
    values: [entryIds],
  })
  return rows.map((row) => row.line)
}

/** Signed notes of all checkpoints up to a size, the oldest first. */
export const readCheckpointNotes = async (
  db: Db,
  after: number,
  limit: number,
): Promise<readonly { readonly size: number; readonly note: string }[]> => {
  const { rows } = await db.query<{ size: number; note: string }>({
    text: 'select c.tree_size as size, c.note from log_checkpoint c where c.tree_size > $1 order by c.tree_size limit $2',
    values: [after, limit],
  })
  return rows
}

/** Leaf indexes of entries, ascending; those without one are left out. */
export const findLeafIndexes = async (db: Db, entryIds: readonly string[]): Promise<readonly number[]> => {
  const { rows } = await db.query<{ index: number }>({
    text: 'select l.leaf_index as index from log_leaf l where l.entry_id = any($1::uuid[]) order by l.leaf_index',
    values: [entryIds],
  })
  return rows.map((row) => row.index)
}

/** Everything read in this transaction from here on is of one moment; to be called before anything else in it. */
export const keepSnapshot = async (tx: Tx): Promise<void> => {
  await tx.query({ text: 'set transaction isolation level repeatable read, read only' })
}
