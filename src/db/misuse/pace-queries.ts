/** How often and when somebody looks: each query goes on from `seen` and `given` and counts by person and London day. */

const threshold = (name: string): string => `(select (g.thresholds ->> '${name}')::integer from given g)`
/** A frame takes no subquery: the parameter itself. */
const minutes = `make_interval(mins => ($4::jsonb ->> 'minutes')::integer)`

/** The most within any stretch of so many minutes of one day, of rows in `counted`; and those rows. */
const peakOf = (number: 'people' | 'searches'): string => `
  paced as (
    select c.agency_id, c.person_sub, c.on_day, c.at,
           count(*) over (partition by c.agency_id, c.person_sub, c.on_day order by c.at
                          range between ${minutes} preceding and current row) as most
      from counted c
  ),
  peak as (
    select distinct on (p.agency_id, p.person_sub, p.on_day) p.agency_id, p.person_sub, p.on_day, p.at, p.most
      from paced p order by p.agency_id, p.person_sub, p.on_day, p.most desc, p.at
  )
  select p.agency_id as "agencyId", p.person_sub as "personSub", null as "offenderId", p.on_day::text as period,
         array_agg(c.entry_id order by c.at, c.entry_id) as "entryIds",
         jsonb_build_object('${number}', p.most, 'minutes', ${threshold('minutes')}) as numbers
    from peak p
    join counted c on c.agency_id = p.agency_id and c.person_sub = p.person_sub and c.on_day = p.on_day
                  and c.at between p.at - ${minutes} and p.at
   where p.most >= ${threshold(number)}
   group by p.agency_id, p.person_sub, p.on_day, p.most`

const daily = `
  daily as (
    select s.agency_id, s.person_sub, s.on_day, count(*)::integer as lookups,
           array_agg(s.entry_id order by s.at, s.entry_id) as entry_ids
      from seen s where s.kind = 'enquiry' group by s.agency_id, s.person_sub, s.on_day
  )`

export const paceQueries = {
  // Somebody asked about twice is one person: the first time counts.
  enumeration: `
    counted as (
      select distinct on (s.agency_id, s.person_sub, s.on_day, s.offender_id) s.*
        from seen s where s.kind = 'enquiry' order by s.agency_id, s.person_sub, s.on_day, s.offender_id, s.at
    ), ${peakOf('people')}`,

  guessing: `counted as (select s.* from seen s where s.kind = 'search' and s.found = 0 and s.effect = 'permit'), ${peakOf('searches')}`,

  refusals: `
    hits as (
      select s.* from seen s
       where s.kind = 'enquiry' and s.effect like 'deny%' and coalesce(s.reason, '') <> all(select unnest(g.excused) from given g)
    )
    select h.agency_id as "agencyId", h.person_sub as "personSub", null as "offenderId", h.on_day::text as period,
           array_agg(h.entry_id order by h.at, h.entry_id) as "entryIds", jsonb_build_object('refusals', count(*)) as numbers
      from hits h
     group by h.agency_id, h.person_sub, h.on_day
    having count(*) >= ${threshold('refusals')}`,

  'volume-own': `
    ${daily},
    compared as (
      select d.*, avg(d.lookups) over before as usual, stddev_pop(d.lookups) over before as spread, count(*) over before as days
        from daily d
      window before as (partition by d.agency_id, d.person_sub order by d.on_day
                        range between interval '28 days' preceding and interval '1 day' preceding)
    )
    select c.agency_id as "agencyId", c.person_sub as "personSub", null as "offenderId", c.on_day::text as period, c.entry_ids as "entryIds",
           jsonb_build_object('lookups', c.lookups, 'usual', round(c.usual, 2), 'spread', round(c.spread, 2), 'days', c.days) as numbers
      from compared c
     where c.lookups >= ${threshold('atLeast')} and c.days >= ${threshold('activeDays')}`,

  'volume-peers': `
    ${daily},
    peers as (
      select a.kind, percentile_cont(0.5) within group (order by d.lookups) as usual,
             count(distinct (d.agency_id, d.person_sub)) as people
        from daily d join agency a on a.id = d.agency_id group by a.kind
    )
    select d.agency_id as "agencyId", d.person_sub as "personSub", null as "offenderId", d.on_day::text as period, d.entry_ids as "entryIds",
           jsonb_build_object('lookups', d.lookups, 'usual', p.usual, 'peers', p.people - 1) as numbers
      from daily d
      join agency a on a.id = d.agency_id
      join peers p on p.kind = a.kind
     where d.lookups >= ${threshold('atLeast')}`,

  // Only where the agency told all shifts of that time: where it did not, nobody can say.
  'outside-duty': `
    hits as (
      select s.* from seen s
       where exists (select from staff_roster r
                      where r.agency_id = s.agency_id and r.person_sub = s.person_sub and s.at >= r.from_at and s.at < r.to_at)
         and not exists (select from staff_shift w
                          where w.agency_id = s.agency_id and w.person_sub = s.person_sub
                            and s.at >= w.from_at - make_interval(mins => ${threshold('graceMinutes')})
                            and s.at < w.to_at + make_interval(mins => ${threshold('graceMinutes')}))
    )
    select h.agency_id as "agencyId", h.person_sub as "personSub", null as "offenderId", h.on_day::text as period,
           array_agg(h.entry_id order by h.at, h.entry_id) as "entryIds", jsonb_build_object('lookups', count(*)) as numbers
      from hits h
     group by h.agency_id, h.person_sub, h.on_day
    having count(*) >= ${threshold('lookups')}`,
}
