import type { NoticeKind } from '../../core/foi/draft-notice.ts'
import type { Db, Tx } from '../db.ts'

export interface FoiRequest {
  readonly id: string
  readonly authorityId: string
  readonly reference: string
  readonly receivedOn: string
  readonly clarifiedOn: string | null
  readonly dueOn: string
  readonly ownData: boolean
  readonly rightsRequestId: string | null
}

interface By {
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

/** False: the authority has a request of that reference already. */
export const insertFoiRequest = async (tx: Tx, row: FoiRequest & By & { readonly sealed: Uint8Array }): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-foi-request',
    text: `
      insert into foi_request (id, authority_id, reference, received_on, clarified_on, due_on, own_data, rights_request_id, sealed,
                               recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4::date, $5::date, $6::date, $7, $8, $9, $10, $11, $12)
      on conflict (authority_id, reference) do nothing`,
    values: [
      ...[row.id, row.authorityId, row.reference, row.receivedOn, row.clarifiedOn, row.dueOn, row.ownData, row.rightsRequestId, row.sealed],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
  return rowCount > 0
}

/** Null: the authority has no such request. */
export const findFoiRequest = async (db: Db, id: string, authorityId: string): Promise<FoiRequest | null> => {
  const { rows } = await db.query<FoiRequest>({
    name: 'find-foi-request',
    text: `
      select r.id, r.authority_id as "authorityId", r.reference, r.received_on::text as "receivedOn", r.clarified_on::text as "clarifiedOn",
             r.due_on::text as "dueOn", r.own_data as "ownData", r.rights_request_id as "rightsRequestId"
        from foi_request r where r.id = $1 and r.authority_id = $2`,
    values: [id, authorityId],
  })
  return rows[0] ?? null
}

export interface FoiNotice {
  readonly noticeId: string
  readonly kind: NoticeKind
  readonly hash: string
  readonly givenOn: string | null
  readonly draftedAt: Date
}

export const insertFoiNotice = async (tx: Tx, row: Omit<FoiNotice, 'draftedAt'> & By & { readonly requestId: string }): Promise<void> => {
  await tx.query({
    name: 'insert-foi-notice',
    text: `
      insert into foi_notice (id, request_id, kind, hash, given_on, drafted_by_agency, drafted_by_person, drafted_at)
      values ($1, $2, $3, $4, $5::date, $6, $7, $8)`,
    values: [row.noticeId, row.requestId, row.kind, row.hash, row.givenOn, row.byAgency, row.byPerson, row.at],
  })
}

/** In the order in which they were drafted. */
export const listFoiNotices = async (db: Db, requestId: string): Promise<readonly FoiNotice[]> => {
  const { rows } = await db.query<FoiNotice>({
    name: 'list-foi-notices',
    text: `
      select n.id as "noticeId", n.kind, n.hash, n.given_on::text as "givenOn", n.drafted_at as "draftedAt"
        from foi_notice n where n.request_id = $1 order by n.drafted_at, n.id`,
    values: [requestId],
  })
  return rows
}
