import type { Tx } from '../db.ts'

/** A breach with its clock, found in a review of an emergency access or in a flag. */
export interface BreachRow {
  readonly breachId: string
  readonly foundIn: 'emergency' | 'flag'
  readonly foundInId: string
  /** The agency of whoever did it. */
  readonly agencyId: string
  readonly awareAt: Date
  readonly notifyBy: Date
  /** The task to assess and notify; null where none was opened. */
  readonly taskId: string | null
  /** Null: still to be done. */
  readonly doneAt: Date | null
  readonly outcome: string | null
}

export interface BreachReader {
  readonly agencyId: string
  readonly personSub: string
  readonly partnership: boolean
}

/** Those still to be notified first, the most urgent first; nobody sees what is about themselves (R42). */
export const listBreaches = async (
  tx: Tx,
  { agencyId, personSub, partnership }: BreachReader,
  page: { readonly after: { readonly done: boolean; readonly notifyBy: Date; readonly breachId: string } | null; readonly limit: number },
): Promise<readonly BreachRow[]> => {
  const { rows } = await tx.query<BreachRow>({
    name: 'list-breaches',
    text: `
      with found as (
        select b.id, 'emergency' as found_in, b.emergency_id as found_in_id, e.agency_id, b.aware_at, b.notify_by
          from breach b join emergency_access e on e.id = b.emergency_id
         where (e.agency_id, e.person_sub) <> ($1, $2) and ($3::boolean or e.agency_id = $1)
        union all
        select d.id, 'flag', f.id, f.agency_id, d.decided_at, d.report_by
          from misuse_decision d join misuse_flag f on f.id = d.flag_id
         where d.outcome = 'breach' and (f.agency_id, f.person_sub) <> ($1, $2)
           and ($3::boolean or (f.agency_id = $1 and not f.partnership_only))
      ), clocked as (
        select f.id, f.found_in, f.found_in_id, f.agency_id, f.aware_at, f.notify_by, t.id as task_id, t.closed_at, t.outcome
          from found f left join task t on t.kind = 'breach-assessment' and t.subject_key = f.id::text
      )
      select c.id as "breachId", c.found_in as "foundIn", c.found_in_id as "foundInId", c.agency_id as "agencyId", c.aware_at as "awareAt",
             c.notify_by as "notifyBy", c.task_id as "taskId", c.closed_at as "doneAt", c.outcome
        from clocked c
       where $4::boolean is null or (c.closed_at is not null, c.notify_by, c.id) > ($4, $5::timestamptz, $6::uuid)
       order by c.closed_at is not null, c.notify_by, c.id limit $7`,
    values: [
      ...[agencyId, personSub, partnership],
      ...[page.after?.done ?? null, page.after?.notifyBy ?? null, page.after?.breachId ?? null, page.limit],
    ],
  })
  return rows
}
