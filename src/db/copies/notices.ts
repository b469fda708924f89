import type { RecallCause, ReturnOutcome } from '../../core/disclosure/copy-recall.ts'
import type { Category } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'
import type { LineId } from '../log/access-log.ts'

/** What one holder was asked to return or destroy, why, and what became of it. */
export interface Notice {
  readonly noticeId: string
  readonly recallId: string
  readonly cause: RecallCause
  readonly cites: string
  readonly areaId: string | null
  readonly holderAgencyId: string
  /** Set of somebody beyond the partnership, who answers for themselves. */
  readonly holderSub: string | null
  readonly outside: boolean
  readonly releases: number
  readonly issuedAt: Date
  readonly dueAt: Date
  readonly outcome: ReturnOutcome | null
  readonly onTheirWord: boolean | null
  readonly acknowledgedAt: Date | null
  /** When it was taken back, with the suspension it was raised for. */
  readonly liftedAt: Date | null
}

const columns = `
  n.id as "noticeId", n.recall_id as "recallId", k.cause, k.cites, k.area_id as "areaId", n.holder_agency as "holderAgencyId",
  n.holder_sub as "holderSub", n.outside, n.releases, n.issued_at as "issuedAt", k.due_at as "dueAt", r.outcome,
  r.on_their_word as "onTheirWord", r.acknowledged_at as "acknowledgedAt", f.lifted_at as "liftedAt"`

const from = `
  from copy_notice n
  join copy_recall k on k.id = n.recall_id
  left join copy_recall_lift f on f.recall_id = k.id
  left join copy_return r on r.notice_id = n.id`

export const findNotice = async (db: Db, noticeId: string): Promise<Notice | null> => {
  const { rows } = await db.query<Notice>({
    name: 'find-copy-notice',
    text: `select ${columns} ${from} where n.id = $1`,
    values: [noticeId],
  })
  return rows[0] ?? null
}

export const listNoticesOf = async (db: Db, recallId: string): Promise<readonly Notice[]> => {
  const { rows } = await db.query<Notice>({
    name: 'list-copy-notices',
    text: `select ${columns} ${from} where n.recall_id = $1 order by n.id`,
    values: [recallId],
  })
  return rows
}

/** One copy that is asked back, as its holder finds it again. */
export interface NoticeLine extends LineId {
  readonly offenderId: string
  readonly category: Category
  readonly supplierAgencyId: string
  readonly receivedBy: string
  readonly releasedAt: Date
  readonly onwardOf: LineId | null
}

export const listNoticeLines = async (
  db: Db,
  page: { readonly noticeId: string; readonly after: LineId | null; readonly limit: number },
): Promise<readonly NoticeLine[]> => {
  const { rows } = await db.query<NoticeLine>({
    name: 'list-copy-notice-lines',
    text: `
      select d.entry_id as "entryId", d.position, d.offender_id as "offenderId", d.category, d.supplier_agency_id as "supplierAgencyId",
             d.recipient_person_sub as "receivedBy", d.released_at as "releasedAt",
             case when d.onward_of_entry is not null
               then json_build_object('entryId', d.onward_of_entry, 'position', d.onward_of_position) end as "onwardOf"
        from copy_notice_line l
        join disclosure d on d.entry_id = l.entry_id and d.position = l.position
       where l.notice_id = $1 and ($2::uuid is null or (l.entry_id, l.position) > ($2, $3::integer))
       order by l.entry_id, l.position limit $4`,
    values: [page.noticeId, page.after?.entryId ?? null, page.after?.position ?? null, page.limit],
  })
  return rows
}

/** False: the holder has answered before. */
export const insertReturn = async (
  tx: Tx,
  row: {
    readonly noticeId: string
    readonly outcome: ReturnOutcome
    readonly onTheirWord: boolean
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-copy-return',
    text: `
      insert into copy_return (notice_id, outcome, on_their_word, by_agency, by_person, acknowledged_at)
      values ($1, $2, $3, $4, $5, $6) on conflict (notice_id) do nothing`,
    values: [row.noticeId, row.outcome, row.onTheirWord, row.byAgency, row.byPerson, row.at],
  })
  return rowCount > 0
}

/** How far a recall has come. */
export interface RecallProgress {
  readonly recallId: string
  readonly cause: RecallCause
  readonly cites: string
  readonly areaId: string | null
  readonly permissionId: string | null
  readonly agreementId: string | null
  readonly raisedAt: Date
  readonly dueAt: Date
  readonly releases: number
  readonly notices: number
  readonly acknowledged: number
  readonly overdue: number
  /** When it was taken back, with the suspension it was raised for: nothing is waited for any more. */
  readonly liftedAt: Date | null
}

const progress = `
  select k.id as "recallId", k.cause, k.cites, k.area_id as "areaId", k.permission_id as "permissionId", k.agreement_id as "agreementId",
         k.raised_at as "raisedAt", k.due_at as "dueAt", told.releases, told.notices, told.acknowledged,
         case when f.recall_id is null and k.due_at <= statement_timestamp() then told.notices - told.acknowledged else 0 end as overdue,
         f.lifted_at as "liftedAt"
    from copy_recall k
    left join copy_recall_lift f on f.recall_id = k.id
    cross join lateral (
      select coalesce(sum(n.releases), 0)::integer as releases, count(*)::integer as notices, count(r.notice_id)::integer as acknowledged
        from copy_notice n left join copy_return r on r.notice_id = n.id where n.recall_id = k.id
    ) as told`

export const findRecall = async (db: Db, recallId: string): Promise<RecallProgress | null> => {
  const { rows } = await db.query<RecallProgress>({ name: 'find-copy-recall', text: `${progress} where k.id = $1`, values: [recallId] })
  return rows[0] ?? null
}

/** Those of the areas given, newest first; `areaIds` null: all there are. */
export const listRecalls = async (
  db: Db,
  page: { readonly areaIds: readonly string[] | null; readonly before: string | null; readonly limit: number },
): Promise<readonly RecallProgress[]> => {
  const { rows } = await db.query<RecallProgress>({
    name: 'list-copy-recalls',
    text: `
      ${progress}
       where ($1::text[] is null or k.area_id = any($1)) and ($2::uuid is null or k.id < $2)
       order by k.id desc limit $3`,
    values: [page.areaIds, page.before, page.limit],
  })
  return rows
}
