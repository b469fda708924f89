import type { Db, Tx } from '../db.ts'
import type { EmergencyReview } from './emergency-accesses.ts'

/** An emergency access with what was made of it so far; nothing of what it was opened on, and not about whom. */
export interface EmergencyLine {
  readonly emergencyId: string
  readonly agencyId: string
  readonly personSub: string
  /** The area that the case is in now, whose chair reviews. */
  readonly areaId: string
  readonly openedAt: Date
  readonly expiresAt: Date
  readonly triageDueAt: Date
  readonly decisionDueAt: Date
  readonly done: boolean
  readonly reviews: readonly Pick<EmergencyReview, 'step' | 'reviewer' | 'outcome'>[]
}

export interface EmergencyPlace {
  readonly done: boolean
  readonly decisionDueAt: Date
  readonly emergencyId: string
}

/** Those that wait for a decision first, the most urgent first; without those that the reader opened (R42). */
export const listEmergencies = async (
  tx: Tx,
  reader: { readonly agencyId: string; readonly personSub: string },
  page: { readonly after: EmergencyPlace | null; readonly limit: number },
): Promise<readonly EmergencyLine[]> => {
  const { after, limit } = page
  const { rows } = await tx.query<EmergencyLine>({
    name: 'list-emergencies',
    text: `
      with found as (
        select e.id, e.agency_id, e.person_sub, o.area_id, e.opened_at, e.expires_at, e.triage_due_at, e.decision_due_at,
               (select count(*) from emergency_review r where r.emergency_id = e.id and r.step = 'decision') >= 2 as done
          from emergency_access e join offender o on o.id = e.offender_id
         where (e.agency_id, e.person_sub) <> ($1, $2)
      )
      select f.id as "emergencyId", f.agency_id as "agencyId", f.person_sub as "personSub", f.area_id as "areaId",
             f.opened_at as "openedAt", f.expires_at as "expiresAt", f.triage_due_at as "triageDueAt",
             f.decision_due_at as "decisionDueAt", f.done,
             coalesce((select json_agg(json_build_object('step', r.step, 'reviewer', r.reviewer, 'outcome', r.outcome)
                                       order by r.reviewed_at, r.id)
                         from emergency_review r where r.emergency_id = f.id), '[]'::json) as reviews
        from found f
       where $3::boolean is null or (f.done, f.decision_due_at, f.id) > ($3, $4::timestamptz, $5::uuid)
       order by f.done, f.decision_due_at, f.id limit $6`,
    values: [reader.agencyId, reader.personSub, after?.done ?? null, after?.decisionDueAt ?? null, after?.emergencyId ?? null, limit],
  })
  return rows
}

/** The areas in which somebody's case was opened in an emergency. */
export const findEmergencyAreas = async (db: Db): Promise<readonly string[]> => {
  const { rows } = await db.query<{ areaId: string }>({
    name: 'find-emergency-areas',
    text: `
      select distinct o.area_id as "areaId" from emergency_access e join offender o on o.id = e.offender_id order by 1`,
  })
  return rows.map(({ areaId }) => areaId)
}
