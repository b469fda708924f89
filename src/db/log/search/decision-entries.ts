import type { Db } from '../../db.ts'

export interface LoggedEntry {
  readonly entryId: string
  readonly canonical: Buffer
}

/** No id comes after this one. */
export const lastEntryId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Entries written since an instant and before another entry, the newest first. What was lawfully erased is not among them. */
export const listEntriesBefore = async (
  db: Db,
  page: { readonly since: Date; readonly before: string; readonly limit: number },
): Promise<readonly LoggedEntry[]> => {
  const { rows } = await db.query<LoggedEntry>({
    name: 'list-entries-before',
    text: `
      select p.entry_id as "entryId", p.canonical from access_log_payload p
       where p.entry_id >= uuid_v7_floor($1) and p.entry_id < $2
       order by p.entry_id desc limit $3`,
    values: [page.since, page.before, page.limit],
  })
  return rows
}

/** How many there are, up to a number of them. */
export const countEntriesSince = async (db: Db, since: Date, most: number): Promise<number> => {
  const { rows } = await db.query<{ entries: number }>({
    name: 'count-entries-since',
    text: `
      select count(*)::integer as entries
        from (select from access_log_payload p where p.entry_id >= uuid_v7_floor($1) limit $2) as counted`,
    values: [since, most],
  })
  return rows[0]!.entries
}
