import type { Db } from '../../src/db/db.ts'

export const person = '01800000-0000-7000-8000-0000000000aa'
export const consentId = '01800000-0000-7000-8000-0000000000cc'

/** The id of the nth release. */
export const releaseId = (n: number): string => `01800000-0000-7000-8000-${(n + 0x100000).toString(16).padStart(12, '0')}`

export interface Many {
  /** Releases about the person; every tenth went on from the one a hundred before it. */
  readonly about: number
  /** Releases about others, among whom they have to be found. */
  readonly others: number
}

/** A register with one person who was released about very often, and many who were not. As the owner of the tables. */
export const fillRegister = async (owner: Db, { about, others }: Many): Promise<void> => {
  await owner.query({
    text: `
      insert into area (id, name) values ('north', 'North');
      insert into agency (id, name, kind, regime)
      select 'agency-' || n, 'Agency ' || n, 'probation', 'law-enforcement' from generate_series(0, 40) as n;
      insert into client (id, agency_id, name, binding) select 'system-' || n, 'agency-' || n, 'System', 'dpop' from generate_series(0, 39) as n`,
  })
  await owner.query({
    text: `
      insert into offender (id, given_name, family_name, area_id)
      select case when n = 0 then $1::uuid else gen_random_uuid() end, 'Ann', 'Example', 'north' from generate_series(0, 200) as n`,
    values: [person],
  })
  await owner.query({
    text: `
      insert into disclosure (entry_id, position, offender_id, category, fields, items, supplier_agency_id, recipient_agency_id,
                              recipient_person_sub, purpose, outbound, released_at, consent_event_id, onward_of_entry, onward_of_position)
      select ('01800000-0000-7000-8000-' || lpad(to_hex(n + 1048576), 12, '0'))::uuid, 0, $1, 'accommodation', '{tenure}', 1, 'agency-0',
             'agency-' || (1 + n % 40), 'worker-' || n % 3, 'rehab-support', case when n % 40 = 39 then 'disclose' else 'share' end,
             statement_timestamp() - make_interval(mins => $2 - n),
             case when n % 10 <> 0 then $3::uuid end,
             case when n % 10 = 0 and n >= 100 then ('01800000-0000-7000-8000-' || lpad(to_hex(n - 99 + 1048576), 12, '0'))::uuid end,
             case when n % 10 = 0 and n >= 100 then 0 end
        from generate_series(0, $2 - 1) as n`,
    values: [person, about, consentId],
  })
  await owner.query({
    text: `
      insert into disclosure (entry_id, position, offender_id, category, fields, items, supplier_agency_id, recipient_agency_id,
                              recipient_person_sub, purpose, outbound, released_at)
      select gen_random_uuid(), 0, o.id, 'accommodation', '{tenure}', 1, 'agency-0', 'agency-1', 'worker', 'rehab-support', 'share',
             statement_timestamp()
        from generate_series(1, $2::integer / 200) as n, offender o where o.id <> $1`,
    values: [person, others],
  })
  await owner.query({ text: 'analyze disclosure; analyze copy_notice_line; analyze copy_return' })
}
