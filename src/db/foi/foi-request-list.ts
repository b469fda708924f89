import type { Db } from '../db.ts'

export interface FoiRequestRow {
  readonly requestId: string
  readonly reference: string
  readonly receivedOn: string
  readonly dueOn: string
  readonly ownData: boolean
  /** The day on which the notice was given last; null: it is still owed. */
  readonly answeredOn: string | null
  readonly decided: number
}

export interface FoiPlace {
  readonly answered: boolean
  readonly dueOn: string
  readonly requestId: string
}

/** An authority's requests, those it still has to answer first, the most urgent first. */
export const listFoiRequests = async (
  db: Db,
  authorityId: string,
  page: { readonly after: FoiPlace | null; readonly limit: number },
): Promise<readonly FoiRequestRow[]> => {
  const { rows } = await db.query<FoiRequestRow>({
    name: 'list-foi-requests',
    text: `
      select f.id as "requestId", f.reference, f.received_on::text as "receivedOn", f.due_on::text as "dueOn", f.own_data as "ownData",
             f.answered_on::text as "answeredOn",
             (select count(distinct a.paragraph_id) from foi_adjudication a where a.request_id = f.id and a.paragraph_id is not null) as decided
        from (select r.id, r.reference, r.received_on, r.due_on, r.own_data,
                     (select max(n.given_on) from foi_notice n where n.request_id = r.id and n.kind <> 'extension') as answered_on
                from foi_request r where r.authority_id = $1) as f
       where $2::boolean is null or (f.answered_on is not null, f.due_on, f.id) > ($2, $3::date, $4::uuid)
       order by f.answered_on is not null, f.due_on, f.id limit $5`,
    values: [authorityId, page.after?.answered ?? null, page.after?.dueOn ?? null, page.after?.requestId ?? null, page.limit],
  })
  return rows
}
