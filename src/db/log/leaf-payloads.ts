import type { Db } from '../db.ts'

export interface LeafPayload {
  readonly leafIndex: number
  readonly entryId: string
  /** Null where the entry itself is gone, which is for the proofs to find. */
  readonly at: Date | null
  readonly canonical: Buffer | null
  /** The entry that accounts for the erasure of the payload. */
  readonly erasureEntryId: string | null
}

/**
 * Leaves from one on, with what their entries say. They are numbered in the order in which they became visible: none is
 * passed by. Each is looked up by its key, however large the log is thought to be: a plan that read all of it for each page would grow
 * with its square.
 */
export const readLeafPayloads = async (db: Db, from: number, limit: number): Promise<readonly LeafPayload[]> => {
  const { rows } = await db.query<LeafPayload>({
    text: `
      select l.leaf_index as "leafIndex", l.entry_id as "entryId", a.at, p.canonical, x.erasure_entry_id as "erasureEntryId"
        from (select n.leaf_index, n.entry_id from log_leaf n where n.leaf_index >= $1 order by n.leaf_index limit $2) as l
        left join lateral (select e.at from access_log e where e.entry_id = l.entry_id limit 1) as a on true
        left join lateral (select e.canonical from access_log_payload e where e.entry_id = l.entry_id limit 1) as p on true
        left join log_erasure x on x.entry_id = l.entry_id
       order by l.leaf_index`,
    values: [from, limit],
  })
  return rows
}
