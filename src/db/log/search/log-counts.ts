import type { Db } from '../../db.ts'
import { type IndexQuestion, newestFound } from './log-search.ts'

export interface ReasonCount {
  readonly reason: string
  readonly entries: number
}

export interface FlowCount {
  readonly supplierAgencyId: string
  readonly recipientAgencyId: string
  readonly entries: number
}

export interface PersonCount {
  readonly agencyId: string
  readonly personSub: string
  readonly entries: number
  readonly refused: number
  /** Of everybody of the same agency who did anything: how many they are, and what the one in the middle did. */
  readonly peers: number
  readonly median: number
}

export interface LogCounts {
  readonly reasons: readonly ReasonCount[]
  readonly flows: readonly FlowCount[]
  readonly people: readonly PersonCount[]
}

/** As many rows of each as a page shows. */
const MOST_ROWS = { reasons: 60, flows: 400, people: 40 }

/**
 * Counts over the newest entries that a question finds, up to a number of them. Of an entry that the asker sees in part only that part is
 * counted; people are counted of the asker's own agency, or, for whoever sees everything, of each.
 */
export const countIndexed = async (db: Db, question: IndexQuestion, most: number): Promise<LogCounts> => {
  const { text: newest, values, bind } = newestFound(question, most)
  const reader = bind(question.reader.everything ? null : question.reader.agencyId, 'text')
  const { rows } = await db.query<LogCounts>({
    text: `
      with ${newest}, reasons as (
        select substr(t.term, length(n.prefix || 'reason=') + 1) as reason, count(*) as entries
          from newest n cross join unnest(n.terms) as t (term) where starts_with(t.term, n.prefix || 'reason=')
         group by 1 order by 2 desc, 1 limit ${MOST_ROWS.reasons}
      ), given as (
        -- Whose own part of the entry was given: that something else was is not theirs.
        select split_part(t.term, '|', 1) as supplier, n.agency_id as recipient
          from newest n cross join unnest(n.terms) as t (term)
         where n.prefix = '' and split_part(t.term, '|', 2) = 'outcome=permitted' and n.agency_id is not null
        union all
        select ${reader}, n.agency_id from newest n
         where n.prefix <> '' and n.agency_id is not null and (n.prefix || 'outcome=permitted') = any(n.terms)
      ), flows as (
        select g.supplier, g.recipient, count(*) as entries from given g group by 1, 2 order by 3 desc, 1, 2 limit ${MOST_ROWS.flows}
      ), persons as (
        select n.agency_id, n.person_sub, count(*) as entries, count(*) filter (where n.refused) as refused
          from newest n where n.person_sub is not null and n.prefix = '' group by 1, 2
      ), agencies as (
        select p.agency_id, count(*) as peers, percentile_disc(0.5) within group (order by p.entries) as median
          from persons p group by 1
      ), busiest as (
        select p.agency_id, p.person_sub, p.entries, p.refused, a.peers, a.median
          from persons p join agencies a on a.agency_id = p.agency_id
         order by p.entries desc, p.agency_id, p.person_sub limit ${MOST_ROWS.people}
      )
      select coalesce((select json_agg(json_build_object('reason', r.reason, 'entries', r.entries)) from reasons r), '[]') as reasons,
             coalesce((select json_agg(json_build_object('supplierAgencyId', f.supplier, 'recipientAgencyId', f.recipient,
                                                         'entries', f.entries)) from flows f), '[]') as flows,
             coalesce((select json_agg(json_build_object('agencyId', b.agency_id, 'personSub', b.person_sub, 'entries', b.entries,
                                                         'refused', b.refused, 'peers', b.peers, 'median', b.median)) from busiest b),
                      '[]') as people`,
    values,
  })
  return rows[0]!
}

export interface WaitCount {
  /** Less than so many hours; null: longer than any of those before. */
  readonly underHours: number | null
  readonly requests: number
}

const underHours = [1, 4, 24, 72, 168] as const

/**
 * How long requests for disclosure waited for the chair's decision, of those asked for since an instant: by the agency that asked, or,
 * without one, by any. Every stretch is there, empty or not.
 */
export const countDecisionWaits = async (db: Db, since: Date, agencyId: string | null): Promise<readonly WaitCount[]> => {
  const { rows } = await db.query<WaitCount>({
    name: 'count-decision-waits',
    text: `
      with waits as (
        select extract(epoch from min(e.happened_at) - r.requested_at) / 3600 as hours
          from disclosure_request r
          join disclosure_request_event e on e.request_id = r.id and e.kind in ('granted-whole', 'granted-part', 'refused')
         where r.requested_at >= $1 and ($2::text is null or r.requester_agency = $2)
         group by r.id, r.requested_at
      ), stretches as (
        select s.under, lag(s.under, 1, 0) over (order by s.under nulls last) as start
          from unnest($3::integer[] || null::integer) as s (under)
      )
      select s.under as "underHours", count(w.hours) as requests
        from stretches s left join waits w on w.hours >= s.start and (s.under is null or w.hours < s.under)
       group by s.under order by s.under nulls last`,
    values: [since, agencyId, underHours],
  })
  return rows
}
