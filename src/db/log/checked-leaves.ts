import type { Db } from '../db.ts'

/** A leaf with what its entry was made from, as the database has it now. */
export interface CheckedLeaf {
  readonly leafIndex: number
  readonly entryId: string
  readonly leafHash: Buffer
  /** Null where the entry is gone. */
  readonly committedHash: Buffer | null
  /** Null, like what follows, where there is no payload. */
  readonly canonical: Buffer | null
  readonly salt: Buffer | null
  readonly receiptDigest: Buffer | null
  readonly erased: boolean
}

/** Those of the leaves that there are, in their order. */
export const readCheckedLeaves = async (db: Db, indexes: readonly number[]): Promise<readonly CheckedLeaf[]> => {
  const { rows } = await db.query<CheckedLeaf>({
    text: `
      select l.leaf_index as "leafIndex", l.entry_id as "entryId", l.leaf_hash as "leafHash", a.leaf_hash as "committedHash",
             p.canonical, p.salt, p.receipt_digest as "receiptDigest", x.entry_id is not null as erased
        from log_leaf l
        left join lateral (select e.leaf_hash from access_log e where e.entry_id = l.entry_id limit 1) as a on true
        left join lateral (select e.canonical, e.salt, e.receipt_digest from access_log_payload e
                            where e.entry_id = l.entry_id limit 1) as p on true
        left join log_erasure x on x.entry_id = l.entry_id
       where l.leaf_index = any($1::bigint[]) order by l.leaf_index`,
    values: [indexes],
  })
  return rows
}

/** The newest checkpoints before a size, the newest first: what the log signed when it was shorter. */
export const listEarlierRoots = async (
  db: Db,
  size: number,
  limit: number,
): Promise<readonly { readonly size: number; readonly root: Buffer }[]> => {
  const { rows } = await db.query<{ size: number; root: Buffer }>({
    name: 'list-earlier-roots',
    text: 'select c.tree_size as size, c.root from log_checkpoint c where c.tree_size < $1 and c.tree_size > 0 order by c.tree_size desc limit $2',
    values: [size, limit],
  })
  return rows
}
