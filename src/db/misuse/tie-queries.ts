/**
 * Who was looked up, and what they are to whoever looked: each query goes on from `seen` and `given` and counts by person. A matter of one
 * person and one subject has no day: it is the same matter for as long as nobody has decided it.
 */

/** Names as the register of people writes them, without what stands in brackets. */
const spelt = (name: string): string => `regexp_replace(lower(regexp_replace(${name}, '\\(.*\\)', '')), '[^a-z0-9 ]', '', 'g')`
const lastWord = (name: string): string => `regexp_replace(trim(${spelt(name)}), '^.* ', '')`

const threshold = (name: string): string => `(select (g.thresholds ->> '${name}')::integer from given g)`

/** Rows of `hits` (entry_id, at, on_day, agency_id, person_sub, offender_id) gathered by person and subject. */
const bySubject = `
  select h.agency_id as "agencyId", h.person_sub as "personSub", h.offender_id as "offenderId", '' as period,
         array_agg(h.entry_id order by h.at, h.entry_id) as "entryIds",
         jsonb_build_object('lookups', count(*), 'days', count(distinct h.on_day)) as numbers
    from hits h
   group by h.agency_id, h.person_sub, h.offender_id
  having count(*) >= ${threshold('lookups')}`

const ofPeople = `s.kind in ('enquiry', 'found')`

/** True of a look-up of somebody whom the staff register's hashes of these kinds match. */
const matches = (kind: 'name' | 'family-name' | 'address', whose: string): string => `
  exists (select from staff_part sp join subject_part op on op.kind = sp.kind and op.hash = sp.hash
           where sp.kind = '${kind}' and op.offender_id = s.offender_id and sp.agency_id = s.agency_id and ${whose})`

const ownName = `(trim(${spelt('p.display_name')}) = o.search_name or ${matches('name', 'sp.person_sub = s.person_sub')})`

const named = `
  seen s
    join offender o on o.id = s.offender_id
    join person p on p.agency_id = s.agency_id and p.sub = s.person_sub`

export const tieQueries = {
  untied: `
    hits as (select s.* from seen s join offender o on o.id = s.offender_id where s.kind = 'enquiry' and s.relationship = 'none')
    ${bySubject}`,

  'untied-many': `
    hits as (select s.* from seen s join offender o on o.id = s.offender_id where s.kind = 'enquiry' and s.relationship = 'none')
    select h.agency_id as "agencyId", h.person_sub as "personSub", null as "offenderId", '' as period,
           array_agg(h.entry_id order by h.at, h.entry_id) as "entryIds",
           jsonb_build_object('people', count(distinct h.offender_id), 'lookups', count(*)) as numbers
      from hits h
     group by h.agency_id, h.person_sub
    having count(distinct h.offender_id) >= ${threshold('people')}`,

  'own-name': `hits as (select s.* from ${named} where ${ofPeople} and ${ownName}) ${bySubject}`,

  'own-address': `
    hits as (select s.* from seen s where ${ofPeople} and ${matches('address', 'sp.person_sub = s.person_sub')}) ${bySubject}`,

  'same-surname': `
    surnames as (
      select c.id, count(*) over (partition by ${lastWord('c.family_name')}) as sharing from offender c
    ),
    hits as (
      select s.* from ${named} join surnames n on n.id = o.id
       where ${ofPeople} and n.sharing <= ${threshold('mostSharing')} and not ${ownName}
         and (${lastWord('p.display_name')} = ${lastWord('o.family_name')} or ${matches('family-name', 'sp.person_sub = s.person_sub')})
    ) ${bySubject}`,

  colleague: `
    hits as (
      select s.* from ${named}
       where ${ofPeople} and not ${ownName}
         and (exists (select from person q where q.agency_id = s.agency_id and q.sub <> s.person_sub
                                             and trim(${spelt('q.display_name')}) = o.search_name)
              or ${matches('name', 'sp.person_sub <> s.person_sub')})
    ) ${bySubject}`,

  // Who left an area and asks on: by an appointment that ended, or by a move that their agency told of while the appointment still stands.
  'after-transfer': `
    gone as (
      select a.agency_id, a.person_sub, a.area_id, max(a.to_at) as left_at from appointment a
       where a.area_id is not null and a.to_at is not null group by a.agency_id, a.person_sub, a.area_id
      union
      select t.agency_id, t.person_sub, t.area_id, t.left_at from staff_transfer t
    ),
    hits as (
      select distinct on (s.entry_id) s.*, s.at - x.left_at as since
        from seen s
        join offender o on o.id = s.offender_id
        join gone x on x.agency_id = s.agency_id and x.person_sub = s.person_sub and x.area_id = o.area_id
       where ${ofPeople} and s.at > x.left_at + make_interval(days => ${threshold('graceDays')})
         and s.relationship not in ('lead-case-manager', 'case-manager', 'intervention-owner')
         and not exists (select from appointment b
                          where b.agency_id = s.agency_id and b.person_sub = s.person_sub and b.area_id = x.area_id
                            and b.from_at >= x.left_at and b.from_at <= s.at)
         and not exists (select from appointment b
                          where b.agency_id = s.agency_id and b.person_sub = s.person_sub and b.area_id = x.area_id
                            and b.from_at <= s.at and (b.to_at is null or b.to_at > s.at)
                            and not exists (select from staff_transfer t where t.agency_id = b.agency_id and t.person_sub = b.person_sub
                                               and t.area_id = b.area_id and t.left_at = x.left_at))
       order by s.entry_id, x.left_at desc
    )
    select h.agency_id as "agencyId", h.person_sub as "personSub", null as "offenderId", '' as period,
           array_agg(h.entry_id order by h.at, h.entry_id) as "entryIds",
           jsonb_build_object('lookups', count(*), 'people', count(distinct h.offender_id),
                              'daysAfter', max(extract(day from h.since))::integer) as numbers
      from hits h
     group by h.agency_id, h.person_sub
    having count(*) >= ${threshold('lookups')}`,

  'case-closed': `
    ended as (
      select d.offender_id, null::text as agency_id, null::text as person_sub, max(d.recorded_at) as ended_at
        from deselection d join offender o on o.id = d.offender_id and o.basis = 'closed' group by d.offender_id
      union all
      select r.offender_id, r.agency_id, r.person_sub, max(r.to_at) from case_relationship r
       where r.person_sub is not null and r.to_at is not null group by r.offender_id, r.agency_id, r.person_sub
    ),
    hits as (
      select distinct on (s.entry_id) s.*, s.at - x.ended_at as since
        from seen s join ended x on x.offender_id = s.offender_id
       where ${ofPeople} and s.at > x.ended_at + make_interval(days => ${threshold('graceDays')})
         and (x.person_sub is null
              or (x.agency_id = s.agency_id and x.person_sub = s.person_sub and s.relationship = 'none'))
       order by s.entry_id, x.ended_at
    )
    select h.agency_id as "agencyId", h.person_sub as "personSub", h.offender_id as "offenderId", '' as period,
           array_agg(h.entry_id order by h.at, h.entry_id) as "entryIds",
           jsonb_build_object('lookups', count(*), 'daysAfter', max(extract(day from h.since))::integer) as numbers
      from hits h
     group by h.agency_id, h.person_sub, h.offender_id
    having count(*) >= ${threshold('lookups')}`,

  decoy: `
    hits as (
      select s.* from seen s
        join decoy d on d.offender_id = s.offender_id
        left join decoy_retirement r on r.offender_id = d.offender_id
       where s.kind = 'enquiry' and s.at >= d.registered_at and (r.retired_at is null or s.at < r.retired_at)
    ) ${bySubject}`,
}
