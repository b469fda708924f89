import type { Category, Purpose } from '../../core/vocabulary.ts'
import type { OutboundType } from '../../core/decision-vocabulary.ts'
import type { Db, Query } from '../db.ts'
import type { LineId } from '../log/access-log.ts'
import { idArray, together } from '../together.ts'

/** One copy: what left, who has it, what it was released on, through whose hands it went and what became of it. */
export interface Copy extends LineId {
  readonly category: Category
  readonly purpose: Purpose
  readonly outbound: OutboundType
  readonly supplierAgencyId: string
  readonly holderAgencyId: string
  readonly holderSub: string
  readonly agreementId: string | null
  readonly permissionId: string | null
  readonly consentEventId: string | null
  readonly onwardOf: LineId | null
  readonly releasedAt: Date
  readonly noticeId: string | null
  readonly returned: string | null
}

/** Who holds copies, and how many of them. */
export interface Holder {
  readonly agencyId: string
  readonly releases: number
  /** Of these, how many came through another holder's hands. */
  readonly onward: number
  readonly askedBack: number
  readonly acknowledged: number
}

export interface CopyQuestion {
  readonly offenderId: string
  /** Null: whoever supplied it; otherwise what this agency supplied and what became of it. */
  readonly supplierAgencyId: string | null
}

const columns = (line: string): string =>
  ['entry_id', 'position', 'category', 'purpose', 'outbound', 'supplier_agency_id', 'recipient_agency_id', 'recipient_person_sub']
    .concat(['agreement_id', 'permission_id', 'consent_event_id', 'onward_of_entry', 'onward_of_position', 'released_at'])
    .map((column) => `${line}.${column}`)
    .join(', ')

// Each step down is a look-up of its own: `offset 0` keeps it from becoming a join with the whole register.
const held = `
  with recursive held as (
    select ${columns('d')} from disclosure d
     where d.offender_id = $1 and d.onward_of_entry is null and ($2::text is null or d.supplier_agency_id = $2)
    union all
    select ${columns('c')} from held h
     cross join lateral (
       select ${columns('n')} from disclosure n where n.onward_of_entry = h.entry_id and n.onward_of_position = h.position offset 0) as c
  )`

const askedBack = `
  left join lateral (
    select l.notice_id, r.outcome from copy_notice_line l left join copy_return r on r.notice_id = l.notice_id
     where l.entry_id = h.entry_id and l.position = h.position
       -- What was taken back waits for nobody; what was said to it stands.
       and (r.notice_id is not null or not exists (
              select from copy_notice m join copy_recall_lift f on f.recall_id = m.recall_id where m.id = l.notice_id))
     order by r.notice_id is null, l.notice_id desc limit 1) as b on true`

/** @internal The statement itself, so that its plan can be looked at. */
export const copiesQuery = (about: CopyQuestion & { readonly after: LineId | null; readonly limit: number }): Query => ({
  name: 'list-copies',
  text: `
    ${held}, page as (
      select ${columns('h')} from held h
       where $3::uuid is null or (h.entry_id, h.position) > ($3, $4::integer)
       order by h.entry_id, h.position limit $5
    )
    select h.entry_id as "entryId", h.position, h.category, h.purpose, h.outbound, h.supplier_agency_id as "supplierAgencyId",
           h.recipient_agency_id as "holderAgencyId", h.recipient_person_sub as "holderSub", h.agreement_id as "agreementId",
           h.permission_id as "permissionId", h.consent_event_id as "consentEventId", h.released_at as "releasedAt",
           case when h.onward_of_entry is not null
             then json_build_object('entryId', h.onward_of_entry, 'position', h.onward_of_position) end as "onwardOf",
           b.notice_id as "noticeId", b.outcome as returned
      from page h ${askedBack}
     order by h.entry_id, h.position`,
  values: [about.offenderId, about.supplierAgencyId, about.after?.entryId ?? null, about.after?.position ?? null, about.limit],
})

/** Every copy of what was released about a person, in the order of the entries that released it. */
export const listCopies = async (db: Db, about: Parameters<typeof copiesQuery>[0]): Promise<readonly Copy[]> =>
  (await db.query<Copy>(copiesQuery(about))).rows

/** @internal */
export const holdersQuery = (about: CopyQuestion): Query => ({
  name: 'list-copy-holders',
  text: `
    ${held}
    select h.recipient_agency_id as "agencyId", count(*)::integer as releases,
           (count(*) filter (where h.onward_of_entry is not null))::integer as onward,
           count(b.notice_id)::integer as "askedBack", count(b.outcome)::integer as acknowledged
      from held h ${askedBack}
     group by h.recipient_agency_id order by h.recipient_agency_id`,
  values: [about.offenderId, about.supplierAgencyId],
})

export const listHolders = async (db: Db, about: CopyQuestion): Promise<readonly Holder[]> =>
  (await db.query<Holder>(holdersQuery(about))).rows

/** Did the agency ever supply anything about the person? */
export const hasSupplied = async (db: Db, about: { readonly offenderId: string; readonly agencyId: string }): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'has-supplied',
    text: 'select from disclosure d where d.offender_id = $1 and d.supplier_agency_id = $2 limit 1',
    values: [about.offenderId, about.agencyId],
  })
  return rows.length > 0
}

interface HeldPapers {
  readonly offenderId: string
  readonly agencyId: string
  readonly supplierAgencyIds: readonly string[]
}

const heldPapers = together<HeldPapers, LineId & { supplier: string }>({
  name: 'find-held-papers',
  // One step along the index a supplier, however often the papers were read before.
  text: `
      select k.place, s.id as supplier, h.entry_id as "entryId", h.position
        from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as k (offender_id, agency_id, suppliers, place)
       cross join lateral unnest(k.suppliers::text[]) as s (id)
       cross join lateral (
         select d.entry_id, d.position from disclosure d
          where d.offender_id = k.offender_id and d.recipient_agency_id = k.agency_id and d.supplier_agency_id = s.id
            and d.category in ('conf-minutes', 'conf-papers')
          order by d.released_at desc, d.entry_id desc, d.position desc limit 1) as h`,
  values: (all) => [
    all.map(({ offenderId }) => offenderId),
    all.map(({ agencyId }) => agencyId),
    all.map(({ supplierAgencyIds }) => idArray(supplierAgencyIds)),
  ],
})

/** By which release an agency last had the papers about a person that these suppliers' words stand in; by supplier. */
export const findHeldPapers = async (db: Db, { offenderId, agencyId, ...about }: HeldPapers): Promise<ReadonlyMap<string, LineId>> => {
  // Its own words nobody had to release to it.
  const supplierAgencyIds = about.supplierAgencyIds.filter((id) => id !== agencyId)
  if (supplierAgencyIds.length === 0) return new Map()
  const found = await heldPapers(db, { offenderId, agencyId, supplierAgencyIds })
  return new Map(found.map(({ supplier, entryId, position }) => [supplier, { entryId, position }]))
}
