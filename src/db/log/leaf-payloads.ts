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

/** Leaves from one on, with what their entries say. They are numbered in the order in which they became visible: none is passed by. */
export const readLeafPayloads = async (db: Db, from: number, limit: number): Promise<readonly LeafPayload[]> => {
  const { rows } = await db.query<LeafPayload>({
    text: `
      select l.leaf_index as "leafIndex", l.entry_id as "entryId", a.at, p.canonical, x.erasure_entry_id as "erasureEntryId"
        from (select n.leaf_index, n.entry_id from log_leaf n where n.leaf_index >= $1 order by n.leaf_index limit $2) as l
        left join access_log a on a.entry_id = l.entry_id
        left join access_log_payload p on p.entry_id = l.entry_id
        left join log_erasure x on x.entry_id = l.entry_id
       order by l.leaf_index`,
    values: [from, limit],
  })
  return rows
}
