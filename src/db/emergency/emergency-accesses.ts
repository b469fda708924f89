import type { LegalGateway, SensitiveCondition } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface EmergencyAccess {
  readonly id: string
  readonly offenderId: string
  readonly agencyId: string
  readonly personSub: string
  readonly entryId: string
  readonly legalGateway: LegalGateway
  readonly condition: SensitiveCondition | null
  readonly openedAt: Date
  readonly expiresAt: Date
  readonly triageDueAt: Date
  readonly decisionDueAt: Date
  readonly sealed: Uint8Array
}

export const insertEmergencyAccess = async (tx: Tx, row: EmergencyAccess): Promise<void> => {
  await tx.query({
    name: 'insert-emergency-access',
    text: `
      insert into emergency_access (id, offender_id, agency_id, person_sub, entry_id, legal_gateway, sensitive_condition, opened_at,
                                    expires_at, triage_due_at, decision_due_at, sealed)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      ...[row.id, row.offenderId, row.agencyId, row.personSub, row.entryId, row.legalGateway, row.condition, row.openedAt],
      ...[row.expiresAt, row.triageDueAt, row.decisionDueAt, row.sealed],
    ],
  })
}

/** With the area that the case is in now, whose chair reviews; null for an id that is none. */
export const findEmergencyAccess = async (db: Db, id: string): Promise<(EmergencyAccess & { readonly areaId: string }) | null> => {
  const { rows } = await db.query<EmergencyAccess & { areaId: string }>({
    name: 'find-emergency-access',
    text: `
      select e.id, e.offender_id as "offenderId", e.agency_id as "agencyId", e.person_sub as "personSub", e.entry_id as "entryId",
             e.legal_gateway as "legalGateway", e.sensitive_condition as condition, e.opened_at as "openedAt",
             e.expires_at as "expiresAt", e.triage_due_at as "triageDueAt", e.decision_due_at as "decisionDueAt", e.sealed,
             o.area_id as "areaId"
        from emergency_access e join offender o on o.id = e.offender_id where e.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/**
 * Has somebody an access whose decision is late? Two have to decide, a chair and an information-governance officer; until both have,
 * whoever opened it opens no other (R40).
 */
export const isEmergencyRightSuspended = async (
  db: Db,
  person: { readonly agencyId: string; readonly personSub: string },
  at: Date,
): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'is-emergency-right-suspended',
    text: `
      select from emergency_access e
       where e.agency_id = $1 and e.person_sub = $2 and e.decision_due_at <= $3
         and (select count(*) from emergency_review r where r.emergency_id = e.id and r.step = 'decision') < 2
       limit 1`,
    values: [person.agencyId, person.personSub, at],
  })
  return rows.length > 0
}

export interface EmergencyReview {
  readonly id: string
  readonly emergencyId: string
  readonly step: 'triage' | 'decision'
  readonly reviewer: 'chair' | 'ig-officer'
  readonly outcome: 'looked-at' | 'justified' | 'part-justified' | 'not-justified'
  readonly sealed: Uint8Array
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

/** False when that review was made already. */
export const insertEmergencyReview = async (tx: Tx, row: EmergencyReview): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-emergency-review',
    text: `
      insert into emergency_review (id, emergency_id, step, reviewer, outcome, sealed, reviewed_by_agency, reviewed_by_person, reviewed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    values: [...[row.id, row.emergencyId, row.step, row.reviewer, row.outcome, row.sealed], ...[row.byAgency, row.byPerson, row.at]],
  })
  return rowCount > 0
}

/** In the order in which they were made. */
export const findEmergencyReviews = async (db: Db, emergencyId: string): Promise<readonly EmergencyReview[]> => {
  const { rows } = await db.query<EmergencyReview>({
    name: 'find-emergency-reviews',
    text: `
      select r.id, r.emergency_id as "emergencyId", r.step, r.reviewer, r.outcome, r.sealed, r.reviewed_by_agency as "byAgency",
             r.reviewed_by_person as "byPerson", r.reviewed_at as at
        from emergency_review r where r.emergency_id = $1 order by r.reviewed_at, r.id`,
    values: [emergencyId],
  })
  return rows
}

/** Opens the breach clock; false when it runs already. */
export const insertBreach = async (
  tx: Tx,
  row: {
    readonly id: string
    readonly emergencyId: string
    readonly awareAt: Date
    readonly notifyBy: Date
    readonly byAgency: string
    readonly byPerson: string
  },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-breach',
    text: `
      insert into breach (id, emergency_id, aware_at, notify_by, recorded_by_agency, recorded_by_person) values ($1, $2, $3, $4, $5, $6)
      on conflict (emergency_id) do nothing`,
    values: [row.id, row.emergencyId, row.awareAt, row.notifyBy, row.byAgency, row.byPerson],
  })
  return rowCount > 0
}
