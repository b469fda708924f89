import type { Db, Tx } from '../db.ts'

export type TrackerStatus = 'tracked' | 'suspended' | 'ended'

/** What the police's offender tracker says of a person. */
export interface TrackerRow {
  readonly id: string
  readonly offenderId: string
  readonly status: TrackerStatus
  readonly asOf: string
  readonly byAgency: string
  /** Null: the system itself. */
  readonly byPerson: string | null
  readonly at: Date
}

export const insertTrackerStatus = async (tx: Tx, row: TrackerRow): Promise<void> => {
  await tx.query({
    name: 'insert-tracker-status',
    text: `
      insert into tracker_status (id, offender_id, status, as_of, recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4::date, $5, $6, $7)`,
    values: [row.id, row.offenderId, row.status, row.asOf, row.byAgency, row.byPerson, row.at],
  })
}

/** The newest that was recorded; null when the tracker has said nothing. */
export const findTrackerStatus = async (
  db: Db,
  offenderId: string,
): Promise<{ readonly status: TrackerStatus; readonly asOf: string } | null> => {
  const { rows } = await db.query<{ status: TrackerStatus; asOf: string }>({
    name: 'find-tracker-status',
    text: `
      select t.status, t.as_of::text as "asOf" from tracker_status t
       where t.offender_id = $1 order by t.as_of desc, t.recorded_at desc limit 1`,
    values: [offenderId],
  })
  return rows[0] ?? null
}
