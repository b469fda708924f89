import type { Db } from '../db.ts'

export interface RightsRequestRow {
  readonly requestId: string
  readonly reference: string
  readonly receivedOn: string
  readonly dueOn: string
  readonly answeredAt: Date | null
}

export interface RightsPlace {
  readonly answered: boolean
  readonly dueOn: string
  readonly requestId: string
}

/** Those still to be answered first, the most urgent first. Whether anybody of that description is held is not among it. */
export const listRightsRequests = async (
  db: Db,
  page: { readonly after: RightsPlace | null; readonly limit: number },
): Promise<readonly RightsRequestRow[]> => {
  const { rows } = await db.query<RightsRequestRow>({
    name: 'list-rights-requests',
    text: `
      select f.id as "requestId", f.reference, f.received_on::text as "receivedOn", f.due_on::text as "dueOn", f.answered_at as "answeredAt"
        from (select r.id, r.reference, r.received_on, r.due_on,
                     (select min(a.answered_at) from rights_answer a where a.request_id = r.id) as answered_at
                from rights_request r) as f
       where $1::boolean is null or (f.answered_at is not null, f.due_on, f.id) > ($1, $2::date, $3::uuid)
       order by f.answered_at is not null, f.due_on, f.id limit $4`,
    values: [page.after?.answered ?? null, page.after?.dueOn ?? null, page.after?.requestId ?? null, page.limit],
  })
  return rows
}
