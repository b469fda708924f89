import type { ConferenceView } from '../../core/casework/conference-views.ts'
import type { ProposedDeselection } from '../../core/casework/deselection.ts'
import type { DeselectReason } from '../../core/case-vocabulary.ts'
import type { Tx } from '../db.ts'

export interface DeselectionRow {
  readonly id: string
  readonly offenderId: string
  readonly conferenceId: string
  readonly reasons: readonly DeselectReason[]
  readonly outcome: ProposedDeselection['outcome']
  readonly sealed: Uint8Array
  readonly views: readonly ConferenceView[]
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

export const insertDeselection = async (tx: Tx, row: DeselectionRow): Promise<void> => {
  await tx.query({
    name: 'insert-deselection',
    text: `
      insert into deselection (id, offender_id, conference_id, reasons, outcome, sealed, views, recorded_by_agency, recorded_by_person,
                               recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      ...[row.id, row.offenderId, row.conferenceId, row.reasons, row.outcome, row.sealed, JSON.stringify(row.views)],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
}

/** Out of the cohort: its purposes end, and with them every relationship that was the cohort's (A3-3). Nothing is erased. */
export const leaveCohort = async (tx: Tx, offenderId: string, at: Date): Promise<void> => {
  await tx.query({
    name: 'leave-cohort',
    text: `
      with left_cohort as (
        update offender set basis = 'closed', cohort = null, strand = null, lead_agency_id = null, lead_override = false, review_on = null,
                            cohort_since = null
         where offender.id = $1
      )
      update case_relationship set to_at = $2
       where case_relationship.offender_id = $1 and (case_relationship.to_at is null or case_relationship.to_at > $2)`,
    values: [offenderId, at],
  })
}

/** From the priority list to the wider cohort. Which agency leads is for the caller to say, since the row of the table may be another. */
export const passToIom = async (
  tx: Tx,
  passed: { readonly offenderId: string; readonly leadAgencyId: string; readonly at: Date },
): Promise<void> => {
  await tx.query({
    name: 'pass-to-iom',
    text: `update offender set cohort = 'iom', cohort_since = $3, lead_agency_id = $2 where offender.id = $1`,
    values: [passed.offenderId, passed.leadAgencyId, passed.at],
  })
}
