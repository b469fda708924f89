import type { Tx } from '../db.ts'

/** What an agency tells of one of its staff; null: nothing is told, and what was told stands. Hashes are HMAC-SHA256. */
export interface StaffTold {
  readonly sub: string
  readonly names: readonly string[] | null
  readonly familyNames: readonly string[] | null
  readonly addresses: readonly string[] | null
  readonly transfers: readonly { readonly areaId: string; readonly leftAt: string }[] | null
  readonly roster: {
    readonly fromAt: string
    readonly toAt: string
    readonly shifts: readonly { readonly fromAt: string; readonly toAt: string }[]
  } | null
}

/** Those of the subs that the agency has not registered, and areas that there are not. */
export const findUnknownStaff = async (
  tx: Tx,
  agencyId: string,
  named: { readonly subs: readonly string[]; readonly areaIds: readonly string[] },
): Promise<{ readonly subs: readonly string[]; readonly areaIds: readonly string[] }> => {
  const { rows } = await tx.query<{ subs: string[]; areaIds: string[] }>({
    text: `
      select array(select s.sub from unnest($2::text[]) as s (sub)
                    where not exists (select from person p where p.agency_id = $1 and p.sub = s.sub)) as subs,
             array(select a.id from unnest($3::text[]) as a (id) where not exists (select from area where area.id = a.id)) as "areaIds"`,
    values: [agencyId, named.subs, named.areaIds],
  })
  return rows[0]!
}

const rowOf = (told: string): string => `jsonb_to_recordset($2::jsonb) as t (sub text, "${told}" jsonb)`

/** Replaces what the agency told before of the people named, kind by kind. */
export const replaceStaff = async (tx: Tx, agencyId: string, staff: readonly StaffTold[], at: Date): Promise<void> => {
  const given = JSON.stringify(staff)
  await replaceParts(tx, agencyId, given)
  await tx.query({
    text: `
      delete from staff_transfer as x using ${rowOf('transfers')}
       where x.agency_id = $1 and x.person_sub = t.sub and jsonb_typeof(t."transfers") = 'array'`,
    values: [agencyId, given],
  })
  await tx.query({
    text: `
      insert into staff_transfer (agency_id, person_sub, area_id, left_at)
      select distinct $1, t.sub, m ->> 'areaId', (m ->> 'leftAt')::timestamptz
        from ${rowOf('transfers')}, jsonb_array_elements(t."transfers") as m where jsonb_typeof(t."transfers") = 'array'`,
    values: [agencyId, given],
  })
  await replaceRosters(tx, agencyId, given)
  await tx.query({
    text: `
      insert into staff_told (agency_id, person_sub, kind, told_at)
      select $1, t.sub, k.kind, $3
        from jsonb_to_recordset($2::jsonb) as t (sub text, names jsonb, "familyNames" jsonb, addresses jsonb, transfers jsonb),
             lateral (values ('names', t.names), ('addresses', t.addresses), ('transfers', t.transfers)) as k (kind, list)
       where jsonb_typeof(k.list) = 'array'
      on conflict (agency_id, person_sub, kind) do update set told_at = excluded.told_at`,
    values: [agencyId, given, at],
  })
}

const partKinds = [
  { kind: 'name', told: 'names' },
  { kind: 'family-name', told: 'familyNames' },
  { kind: 'address', told: 'addresses' },
] as const

const replaceParts = async (tx: Tx, agencyId: string, given: string): Promise<void> => {
  for (const { kind, told } of partKinds) {
    await tx.query({
      text: `
        delete from staff_part as x using ${rowOf(told)}
         where x.agency_id = $1 and x.person_sub = t.sub and x.kind = $3 and jsonb_typeof(t."${told}") = 'array'`,
      values: [agencyId, given, kind],
    })
    await tx.query({
      text: `
        insert into staff_part (agency_id, person_sub, kind, hash)
        select distinct $1, t.sub, $3, decode(translate(h.hash, '-_', '+/') || '=', 'base64')
          from ${rowOf(told)}, jsonb_array_elements_text(t."${told}") as h (hash) where jsonb_typeof(t."${told}") = 'array'`,
      values: [agencyId, given, kind],
    })
  }
}

/** A roster says all shifts between two instants: those that begin there are replaced, others stand. */
const replaceRosters = async (tx: Tx, agencyId: string, given: string): Promise<void> => {
  const rosters = `
    with told as (
      select t.sub, (t.roster ->> 'fromAt')::timestamptz as from_at, (t.roster ->> 'toAt')::timestamptz as to_at,
             t.roster -> 'shifts' as shifts
        from jsonb_to_recordset($2::jsonb) as t (sub text, roster jsonb) where jsonb_typeof(t.roster) = 'object'
    )`
  const values = [agencyId, given]
  await tx.query({
    text: `${rosters} delete from staff_shift as w using told
            where w.agency_id = $1 and w.person_sub = told.sub and w.from_at >= told.from_at and w.from_at < told.to_at`,
    values,
  })
  await tx.query({
    text: `${rosters} delete from staff_roster as r using told
            where r.agency_id = $1 and r.person_sub = told.sub and r.from_at >= told.from_at and r.to_at <= told.to_at`,
    values,
  })
  await tx.query({
    text: `${rosters} insert into staff_roster (agency_id, person_sub, from_at, to_at)
           select $1, told.sub, told.from_at, told.to_at from told
           on conflict (agency_id, person_sub, from_at) do nothing`,
    values,
  })
  await tx.query({
    text: `${rosters} insert into staff_shift (agency_id, person_sub, from_at, to_at)
           select $1, told.sub, (s ->> 'fromAt')::timestamptz, max((s ->> 'toAt')::timestamptz)
             from told, jsonb_array_elements(told.shifts) as s group by told.sub, s ->> 'fromAt'
           on conflict (agency_id, person_sub, from_at) do nothing`,
    values,
  })
}

/** Hashes of addresses of people in the cohort, as the agency holds them. Whom it has no number for is passed over without a word. */
export const replaceSubjectAddresses = async (
  tx: Tx,
  agencyId: string,
  subjects: readonly { readonly offenderId: string; readonly addresses: readonly string[] }[],
): Promise<void> => {
  const known = `
    with told as (
      select t."offenderId" as offender_id, t.addresses from jsonb_to_recordset($2::jsonb) as t ("offenderId" uuid, addresses text[])
       where exists (select from identifier i where i.offender_id = t."offenderId" and i.agency_id = $1)
    )`
  const values = [agencyId, JSON.stringify(subjects)]
  await tx.query({
    text: `${known} delete from subject_part as o using told where o.offender_id = told.offender_id and o.source = $1 and o.kind = 'address'`,
    values,
  })
  await tx.query({
    text: `${known} insert into subject_part (offender_id, source, kind, hash)
           select distinct told.offender_id, $1, 'address', decode(translate(h.hash, '-_', '+/') || '=', 'base64')
             from told, unnest(told.addresses) as h (hash)`,
    values,
  })
}
