import type { Strand } from '../../core/vocabulary.ts'
import type { Db } from '../db.ts'

export interface ConsentSaid {
  readonly eventId: string
  readonly kind: 'sought' | 'given' | 'refused' | 'withdrawn' | 'no-capacity'
  readonly categories: readonly string[]
  readonly recipients: readonly string[]
  readonly purposes: readonly string[]
  readonly happenedAt: Date
  readonly expiresAt: Date | null
  readonly recordedBy: string
}

/** What the person said about sharing, in the order in which it was said. */
export const listConsentSaid = async (db: Db, offenderId: string): Promise<readonly ConsentSaid[]> => {
  const { rows } = await db.query<ConsentSaid>({
    name: 'list-consent-said',
    text: `
      select c.id as "eventId", c.kind, c.categories, c.recipients, c.purposes, c.happened_at as "happenedAt", c.expires_at as "expiresAt",
             c.recorded_by_agency as "recordedBy"
        from consent_event c where c.offender_id = $1 order by c.happened_at, c.recorded_at, c.id`,
    values: [offenderId],
  })
  return rows
}

export interface StrandMoved {
  readonly changeId: string
  readonly trigger: string
  readonly fromStrand: Strand | null
  readonly toStrand: Strand
  readonly fromLead: string | null
  readonly toLead: string
  readonly recordedAt: Date
  readonly recordedBy: string
  /** When it came to hold; null: it waits, or never did. */
  readonly heldFrom: Date | null
  readonly decision: 'accepted' | 'declined' | 'overtaken' | null
}

/** Every move of strand or lead that was recorded, the oldest first. */
export const listStrandMoves = async (db: Db, offenderId: string): Promise<readonly StrandMoved[]> => {
  const { rows } = await db.query<StrandMoved>({
    name: 'list-strand-moves',
    text: `
      select c.id as "changeId", c.trigger, c.from_strand as "fromStrand", c.to_strand as "toStrand", c.from_lead as "fromLead",
             c.to_lead as "toLead", c.recorded_at as "recordedAt", c.recorded_by_agency as "recordedBy",
             case when c.immediate then c.recorded_at when w.decision = 'accepted' then w.at end as "heldFrom", w.decision
        from strand_change c left join strand_change_answer w on w.strand_change_id = c.id
       where c.offender_id = $1 order by c.recorded_at, c.id`,
    values: [offenderId],
  })
  return rows
}

/** How the case stands now, and since when the person is in the cohort; null for an id that is none. */
export const findCaseNow = async (
  db: Db,
  offenderId: string,
): Promise<{ readonly strand: Strand | null; readonly leadAgencyId: string | null; readonly cohortSince: Date | null } | null> => {
  const { rows } = await db.query<{ strand: Strand | null; leadAgencyId: string | null; cohortSince: Date | null }>({
    name: 'find-case-now',
    text: `select o.strand, o.lead_agency_id as "leadAgencyId", o.cohort_since as "cohortSince" from offender o where o.id = $1`,
    values: [offenderId],
  })
  return rows[0] ?? null
}
