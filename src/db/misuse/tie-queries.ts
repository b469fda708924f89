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

/** Who is like whom is worked out once for each member of staff, not for each look-up. */
const people = `
  people as materialized (
    select p.agency_id, p.sub as person_sub, trim(${spelt('p.display_name')}) as name, ${lastWord('p.display_name')} as surname from person p
  )`

/** Staff and subjects whom the staff register's hashes of one kind match. */
const hashed = (kind: 'name' | 'family-name' | 'address'): string => `
  select sp.agency_id, sp.person_sub, op.offender_id
    from staff_part sp join subject_part op on op.kind = sp.kind and op.hash = sp.hash where sp.kind = '${kind}'`

const sameName = `
  ${people},
  same_name as materialized (
    select p.agency_id, p.person_sub, o.id as offender_id from people p join offender o on o.search_name = p.name
    union ${hashed('name')}
  )`

/** The look-ups of the pairs in `matched`, gathered. */
const ofMatched = `
  hits as (
    select s.* from seen s
      join (select distinct m.agency_id, m.person_sub, m.offender_id from matched m) as m
        on m.agency_id = s.agency_id and m.person_sub = s.person_sub and m.offender_id = s.offender_id
     where ${ofPeople}
  ) ${bySubject}`

const notOwnName = (pair: string): string => `
  not exists (select from same_name own where own.agency_id = ${pair}.agency_id and own.person_sub = ${pair}.person_sub
                                          and own.offender_id = ${pair}.offender_id)`

/** How many people known here have a surname: one that many have says nothing. */
const surnames = `
  surnames as materialized (
    select c.id, c.surname, count(*) over (partition by c.surname) as sharing
      from (select o.id, ${lastWord('o.family_name')} as surname from offender o) as c
  )`

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

  'own-name': `${sameName}, matched as (select n.* from same_name n), ${ofMatched}`,

  'own-address': `matched as materialized (${hashed('address')}), ${ofMatched}`,

  'same-surname': `
    ${sameName}, ${surnames},
    matched as materialized (
      select c.* from (
        select p.agency_id, p.person_sub, n.id as offender_id from people p join surnames n on n.surname = p.surname
        union ${hashed('family-name')}
      ) as c join surnames n on n.id = c.offender_id
       where n.sharing <= ${threshold('mostSharing')} and ${notOwnName('c')}
    ), ${ofMatched}`,

  // The colleague's name is the subject's; the asker is somebody else.
  colleague: `
    ${sameName}, ${surnames},
    matched as materialized (
      select distinct s.agency_id, s.person_sub, s.offender_id
        from same_name c
        join surnames n on n.id = c.offender_id and n.sharing <= ${threshold('mostSharing')}
        join seen s on s.agency_id = c.agency_id and s.offender_id = c.offender_id and s.person_sub <> c.person_sub
       where ${ofPeople} and ${notOwnName('s')}
    ), ${ofMatched}`,

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
         and s.relationship not in ('lead-case-manager', 'case-manager', 'intervention-owner', 'emergency')
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
