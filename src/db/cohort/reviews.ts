import type { ConferenceView } from '../../core/casework/conference-views.ts'
import type { Db, Tx } from '../db.ts'

export interface ReviewRow {
  readonly id: string
  readonly offenderId: string
  readonly conferenceId: string
  readonly strand: string | null
  readonly leadAgencyId: string | null
  readonly periodFrom: string
  readonly periodTo: string
  readonly criteriaVersion: string
  readonly score: number | null
  readonly sealed: Uint8Array
  readonly registrationAppropriate: boolean
  readonly strandAppropriate: boolean
  readonly outOfCycle: boolean
  readonly longTermCustody: boolean
  readonly views: readonly ConferenceView[]
  readonly reviewOn: string
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

/** Appends the review and sets the day of the next; whether sharing says that it is stale follows from that day. */
export const insertReview = async (tx: Tx, row: ReviewRow): Promise<void> => {
  await tx.query({
    name: 'insert-review',
    text: `
      with reviewed as (
        update offender set review_on = $16::date, long_term_custody = $14 where offender.id = $2
      )
      insert into case_review (id, offender_id, conference_id, strand, lead_agency_id, period_from, period_to, criteria_version, score,
                               sealed, registration_appropriate, strand_appropriate, out_of_cycle, long_term_custody, views, review_on,
                               recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4, $5, $6::date, $7::date, $8, $9, $10, $11, $12, $13, $14, $15, $16::date, $17, $18, $19)`,
    values: [
      ...[row.id, row.offenderId, row.conferenceId, row.strand, row.leadAgencyId, row.periodFrom, row.periodTo, row.criteriaVersion],
      ...[row.score, row.sealed, row.registrationAppropriate, row.strandAppropriate, row.outOfCycle, row.longTermCustody],
      ...[JSON.stringify(row.views), row.reviewOn, row.byAgency, row.byPerson, row.at],
    ],
  })
}

/** Ends a case's open tasks of these kinds, whatever day they were for. */
export const closeCaseTasks = async (
  tx: Tx,
  end: { readonly offenderId: string; readonly kinds: readonly string[] | null; readonly outcome: string; readonly at: Date },
): Promise<number> => {
  const { rowCount } = await tx.query({
    name: 'close-case-tasks',
    text: `
      update task set closed_at = $4, outcome = $3
       where task.offender_id = $1 and task.closed_at is null and ($2::text[] is null or task.kind = any($2))`,
    values: [end.offenderId, end.kinds, end.outcome, end.at],
  })
  return rowCount
}

/** Agencies that work with the person now: whom a change of the case concerns. */
export const findCaseAgencies = async (db: Db, offenderId: string): Promise<readonly string[]> => {
  const { rows } = await db.query<{ agencyId: string }>({
    name: 'find-case-agencies',
    text: `
      select r.agency_id as "agencyId" from case_relationship r
       where r.offender_id = $1 and r.from_at <= statement_timestamp() and (r.to_at is null or r.to_at > statement_timestamp())
      union
      select unnest(array_remove(array[o.lead_agency_id, o.supervisor_agency_id, o.custody_agency_id], null))
        from offender o where o.id = $1`,
    values: [offenderId],
  })
  return rows.map(({ agencyId }) => agencyId)
}

/** London days that decide on a de-selection: since when in the cohort, and the newest arrest or intelligence that was accepted. */
export const findActivity = async (
  db: Db,
  offenderId: string,
): Promise<{ readonly cohortSinceOn: string | null; readonly lastActivityOn: string | null }> => {
  const { rows } = await db.query<{ cohortSinceOn: string | null; lastActivityOn: string | null }>({
    name: 'find-activity',
    text: `
      select (o.cohort_since at time zone 'Europe/London')::date::text as "cohortSinceOn",
             (select max(e.occurred_on)::text from evidence_state e
               where e.offender_id = o.id and e.state in ('accepted', 'submitted')
                 and e.kind in ('arrest-disposal', 'police-intel', 'partner-intel')) as "lastActivityOn"
        from offender o where o.id = $1`,
    values: [offenderId],
  })
  return rows[0] ?? { cohortSinceOn: null, lastActivityOn: null }
}
