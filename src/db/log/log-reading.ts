import type { Db } from '../db.ts'

export interface StoredEntry {
  readonly entryId: string
  readonly canonical: Buffer
  readonly event: string
  readonly agencyId: string | null
  readonly personSub: string | null
}

/** One entry with its payload; null when there is none, or when its payload was lawfully erased. */
export const findEntry = async (db: Db, entryId: string): Promise<StoredEntry | null> => {
  const { rows } = await db.query<StoredEntry>({
    name: 'find-entry',
    text: `select p.entry_id as "entryId", p.canonical, p.event, p.agency_id as "agencyId", p.person_sub as "personSub"
             from access_log_payload p where p.entry_id = $1`,
    values: [entryId],
  })
  return rows[0] ?? null
}
