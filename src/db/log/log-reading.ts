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

/** Several entries in one look; what was lawfully erased is not among them. */
export const findEntries = async (db: Db, entryIds: readonly string[]): Promise<readonly StoredEntry[]> => {
  if (entryIds.length === 0) return []
  const { rows } = await db.query<StoredEntry>({
    name: 'find-entries',
    text: `select p.entry_id as "entryId", p.canonical, p.event, p.agency_id as "agencyId", p.person_sub as "personSub"
             from access_log_payload p where p.entry_id = any($1::uuid[])`,
    values: [entryIds],
  })
  return rows
}
