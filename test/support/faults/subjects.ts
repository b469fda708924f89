import type { Database } from '../../../src/db/db.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { sealItems, type Sealer } from '../../../src/sources/hosted.ts'

export interface SubjectsWanted {
  readonly count: number
  readonly areaId?: 'calder' | 'holme'
  readonly basis?: 'cohort' | 'pdp'
  /** Whose records of engagement there are: kept in the gateway, or in the providers' own systems. */
  readonly kept?: 'hosted' | 'http' | 'both-http'
  readonly consentExpiresAt?: Date
}

const engagement = {
  fields: { service: 'Mentoring', lastSeenOn: '2026-10-20', attendance: '4 of 6 sessions', attitude: 'Willing', progress: 'Steady' },
  recordedOn: '2026-10-20',
  nature: 'assessment',
  subjectType: 'convicted',
  collectedOnConsent: false,
} as const

let numbered = 0

/** Invented adults who take part of their own will and have given consent: what they engage in may be told while it lasts. */
export const addSubjects = async (owner: Database, sealer: Sealer, wanted: SubjectsWanted): Promise<readonly string[]> => {
  const { count, areaId = 'calder', basis = 'cohort', kept = 'hosted', consentExpiresAt } = wanted
  const ids = Array.from({ length: count }, newId)
  await owner.query({
    text: `
      insert into offender (id, basis, given_name, family_name, born_on, cohort, strand, statutory, lead_agency_id, area_id)
      select s.id, $2, 'Testa', 'Madeupley', '1990-04-02', 'iom', 'rehabilitate-and-resettle', false, 'young-horizons', $3
        from unnest($1::uuid[]) as s (id)`,
    values: [ids, basis, areaId],
  })
  await owner.query({
    text: `
      insert into consent_event (id, offender_id, kind, capacity_basis, evidence, happened_at, expires_at, recorded_by_agency)
      select c.id, c.offender_id, 'given', 'adult-presumed', 'Form signed for a test', '2026-02-10T10:00:00Z', $3, 'young-horizons'
        from unnest($1::uuid[], $2::uuid[]) as c (id, offender_id)`,
    values: [ids.map(newId), ids, consentExpiresAt ?? null],
  })
  if (kept === 'hosted') await keepHosted(owner, sealer, ids)
  else await keepNumbers(owner, ids, kept === 'http' ? ['fresh-steps'] : ['fresh-steps', 'young-horizons'])
  return ids
}

const keepHosted = async (owner: Database, sealer: Sealer, offenderIds: readonly string[]): Promise<void> => {
  const recordIds = offenderIds.map(newId)
  await owner.query({
    text: `
      insert into hosted_record (id, offender_id, category, agency_id, sealed)
      select h.id, h.offender_id, 'engagement', 'young-horizons', h.sealed
        from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as h (id, offender_id, sealed)`,
    values: [recordIds, offenderIds, recordIds.map((id) => Buffer.from(sealItems([engagement], id, sealer)))],
  })
}

const keepNumbers = async (owner: Database, offenderIds: readonly string[], agencyIds: readonly string[]): Promise<void> => {
  const numbers = offenderIds.map(() => `FT${String((numbered += 1)).padStart(6, '0')}`)
  for (const agencyId of agencyIds)
    await owner.query({
      text: `
        insert into identifier (kind, value, offender_id, agency_id)
        select 'provider-number', n.value, n.offender_id, $3 from unnest($1::text[], $2::uuid[]) as n (value, offender_id)`,
      values: [numbers, offenderIds, agencyId],
    })
}
