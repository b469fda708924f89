import type { RecallCause } from '../../core/disclosure/copy-recall.ts'
import type { Query, Tx } from '../db.ts'

/**
 * What ended, as a query over the register: the lines released on it. Columns: cause_key, offender_id, area_id, permission_id,
 * agreement_id, entry_id, position; its own parameters begin at `$8`.
 */
export interface EndedQuery {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

export interface NewRecalls {
  readonly cause: RecallCause
  readonly cites: string
  readonly at: Date
  readonly dueAt: Date
  /** Null: a day that came. */
  readonly by: { readonly agencyId: string; readonly sub: string } | null
  /** Agencies of the partnership that are told, and confirm, another way. */
  readonly exceptAgencyIds?: readonly string[]
}

export interface RaisedRecall {
  readonly recallId: string
  readonly cause: RecallCause
  readonly notices: number
  readonly releases: number
}

// Beyond the partnership, and where nobody has a system that reads the feed, the conference's administrator asks and writes down.
const parties = `
  party as materialized (
    select g.id, exists (select from client k where k.agency_id = g.id and k.suspended_at is null) as reads from agency g
  )`

// What a suspension asks back is taken back when that is lifted: until it is answered, only the same agreement's next suspension or its
// termination counts on it. Whatever else ends asks for itself.
const askedBefore = `
  exists (
    select from copy_notice_line l
      join copy_notice m on m.id = l.notice_id
      join copy_recall k on k.id = m.recall_id
     where l.entry_id = x.entry_id and l.position = x.position
       and (not k.suspension
            or exists (select from copy_return s where s.notice_id = m.id)
            or (not exists (select from copy_recall_lift f where f.recall_id = k.id)
                and split_part(r.cause_key, ' ', 1) = k.agreement_id::text
                and split_part(r.cause_key, ' ', 2) in ('suspended', 'terminated'))))`

// Each step down is a look-up of its own: `offset 0` keeps it from becoming a join with the whole register.
const found = (ended: string): string => `
  with recursive ended as materialized (${ended}),
  reached as (
    select e.cause_key, e.entry_id, e.position from ended e
    union
    select r.cause_key, c.entry_id, c.position from reached r
     cross join lateral (
       select n.entry_id, n.position from disclosure n
        where n.onward_of_entry = r.entry_id and n.onward_of_position = r.position offset 0) as c
  ), ${parties},
  copy as materialized (
    select r.cause_key, r.entry_id, r.position, d.holder_agency, h.outside, case when h.outside then d.holder_sub end as holder_sub
      from reached r
     cross join lateral (
       select x.recipient_agency_id as holder_agency, x.recipient_person_sub as holder_sub, x.outbound from disclosure x
        where x.entry_id = r.entry_id and x.position = r.position and x.recipient_agency_id <> x.supplier_agency_id
          and not ${askedBefore} offset 0) as d
      left join party p on p.id = d.holder_agency
     cross join lateral (select d.outbound = 'disclose' or not coalesce(p.reads, false) as outside) as h
     where h.outside or d.holder_agency <> all($7::text[])
  )`

const raised = `
  recall as materialized (
    select uuid_v7_at($1::timestamptz) as id, e.* from (
      select distinct on (n.cause_key) n.cause_key, n.offender_id, n.area_id, n.permission_id, n.agreement_id from ended n
       where exists (select from copy k where k.cause_key = n.cause_key) order by n.cause_key) as e
  ), notice as materialized (
    select uuid_v7_at($1::timestamptz) as id, n.id as recall_id, n.cause_key, n.area_id, g.holder_agency, g.holder_sub, g.outside, g.releases
      from recall n
      join (select k.cause_key, k.holder_agency, k.holder_sub, k.outside, count(*)::integer as releases from copy k
             group by k.cause_key, k.holder_agency, k.holder_sub, k.outside) as g on g.cause_key = n.cause_key
  ), kept_recall as (
    insert into copy_recall (id, cause, cause_key, cites, offender_id, area_id, permission_id, agreement_id, raised_at, due_at,
                             by_agency, by_person)
    select n.id, $2::text, n.cause_key, $3::text, n.offender_id, n.area_id, n.permission_id, n.agreement_id, $1::timestamptz, $4::timestamptz,
           $5::text, $6::text
      from recall n
  ), kept_notice as (
    insert into copy_notice (id, recall_id, holder_agency, holder_sub, outside, releases, issued_at)
    select n.id, n.recall_id, n.holder_agency, n.holder_sub, n.outside, n.releases, $1::timestamptz from notice n
  ), kept_line as (
    insert into copy_notice_line (entry_id, position, notice_id)
    select k.entry_id, k.position, n.id from copy k
      join notice n on n.cause_key = k.cause_key and n.holder_agency = k.holder_agency and n.holder_sub is not distinct from k.holder_sub
                   and n.outside = k.outside
  )`

// Ids and codes only, and no person: those who received it may have left, and whoever reads the feed need not know whom it is about.
const told = `
  asked as materialized (
    select n.id, 'copy-return' as kind, n.holder_agency as owner_agency, null::text as owner_role,
           jsonb_build_object('noticeId', n.id, 'recallId', n.recall_id, 'cause', $2::text) as detail
      from notice n join party p on p.id = n.holder_agency and p.reads
    union all
    select n.id, 'copy-return-outside', officer.agency_id, officer.role,
           jsonb_strip_nulls(jsonb_build_object('noticeId', n.id, 'recallId', n.recall_id, 'cause', $2::text, 'areaId', n.area_id))
      from notice n
      -- Of no one area, as where an agreement ended: the partnership's own officers ask, who alone may write down the answer.
      cross join lateral (
        select ap.agency_id, ap.role from appointment ap join agency g on g.id = ap.agency_id
         where ((ap.role = 'spoc' and ap.area_id = n.area_id) or (ap.role = 'ig-officer' and g.kind = 'governance-body'))
           and ap.from_at <= $1::timestamptz and (ap.to_at is null or ap.to_at > $1::timestamptz)
         order by ap.role = 'spoc' desc, ap.from_at, ap.agency_id limit 1) as officer
     where n.outside
  ), opened as (
    insert into task (id, kind, subject_key, offender_id, owner_agency_id, owner_role, owner_person_sub, due_at, detail, opened_at)
    select uuid_v7_at($1::timestamptz), a.kind, a.id::text, null, a.owner_agency, a.owner_role, null, $4::timestamptz, a.detail, $1::timestamptz
      from asked a
  ), event_of as materialized (
    select uuid_v7_at($1::timestamptz) as event_id, n.id, n.recall_id, n.holder_agency from notice n join party p on p.id = n.holder_agency
  ), happened as (
    insert into event (id, kind, offender_id, refs, happened_at)
    select v.event_id, 'copies-recalled', null, jsonb_build_object('noticeId', v.id, 'recallId', v.recall_id, 'cause', $2::text),
           $1::timestamptz
      from event_of v
  ), delivered as (
    insert into event_delivery (event_id, agency_id) select v.event_id, v.holder_agency from event_of v
  )`

/**
 * Writes down every copy that rests on what ended, directly or through other hands, with one notice a holder, the task that asks for it
 * and the event that tells of it. In one statement: all of it stands, or none. What was asked back before is not asked for again.
 */
export const raiseRecalls = async (tx: Tx, ended: EndedQuery, recall: NewRecalls): Promise<readonly RaisedRecall[]> =>
  (await tx.query<RaisedRecall>(recallsQuery(ended, recall))).rows

/** How many would be asked, and for how much: what `raiseRecalls` would write down, and nothing written. */
export const countRecalls = async (
  tx: Tx,
  ended: EndedQuery,
  recall: NewRecalls,
): Promise<{ readonly holders: number; readonly releases: number }> => {
  const { rows } = await tx.query<{ holders: number; releases: number }>({
    ...recallsQuery(ended, recall),
    name: `count-recalls-${ended.name}`,
    text: `
      ${found(ended.text)}, terms as (
        -- Both statements are asked with the same values.
        select $1::timestamptz as at, $2::text as cause, $3::text as cites, $4::timestamptz as due_at, $5::text as by_agency, $6::text as by_person
      )
      select count(distinct (k.cause_key, k.holder_agency, coalesce(k.holder_sub, ''), k.outside))::integer as holders,
             count(*)::integer as releases
        from copy k`,
  })
  return rows[0]!
}

/** @internal The statement itself, so that its plan can be looked at. */
export const recallsQuery = (ended: EndedQuery, recall: NewRecalls): Query => ({
  name: `raise-recalls-${ended.name}`,
  text: `
    ${found(ended.text)}, ${raised}, ${told}
    select n.recall_id as "recallId", $2::text as cause, count(*)::integer as notices, sum(n.releases)::integer as releases
      from notice n group by n.recall_id order by n.recall_id`,
  values: [
    ...[recall.at, recall.cause, recall.cites, recall.dueAt, recall.by?.agencyId ?? null, recall.by?.sub ?? null],
    ...[recall.exceptAgencyIds ?? [], ...ended.values],
  ],
})
