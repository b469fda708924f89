import type { Tx } from '../db.ts'

export interface LiftedRecall {
  readonly recallId: string
  /** Those that nobody had answered yet. */
  readonly notices: number
}

/**
 * Takes back what was asked for because of suspensions that were lifted: the tasks end, whoever reads the feed is told, and what a holder has
 * said already stands. An agreement that was terminated meanwhile has nothing lifted. In one statement: all of it stands, or none.
 */
export const liftRecalls = async (tx: Tx, at: Date): Promise<readonly LiftedRecall[]> => {
  const { rows } = await tx.query<LiftedRecall>({
    name: 'lift-copy-recalls',
    text: `
      with lifted as (
        insert into copy_recall_lift (recall_id, lifted_at)
        select k.id, $1::timestamptz
          from copy_recall k join agreement a on a.id = k.agreement_id
         where k.suspension and a.suspended_at is null and a.terminated_at is null
           and not exists (select from copy_recall_lift f where f.recall_id = k.id)
        returning recall_id
      ), notice as materialized (
        select n.id, n.recall_id, n.holder_agency from lifted f
          join copy_notice n on n.recall_id = f.recall_id
         where not exists (select from copy_return r where r.notice_id = n.id)
      ), closed as (
        update task t set closed_at = $1::timestamptz, outcome = 'lifted' from notice n
         where t.kind in ('copy-return', 'copy-return-outside', 'copy-return-overdue') and t.subject_key = n.id::text and t.closed_at is null
      ), event_of as materialized (
        select uuid_v7_at($1::timestamptz) as event_id, n.id, n.recall_id, n.holder_agency from notice n join agency g on g.id = n.holder_agency
      ), happened as (
        insert into event (id, kind, offender_id, refs, happened_at)
        select v.event_id, 'copies-recall-lifted', null, jsonb_build_object('noticeId', v.id, 'recallId', v.recall_id), $1::timestamptz
          from event_of v
      ), delivered as (
        insert into event_delivery (event_id, agency_id) select v.event_id, v.holder_agency from event_of v
      )
      select f.recall_id as "recallId", count(n.id)::integer as notices
        from lifted f left join notice n on n.recall_id = f.recall_id group by f.recall_id order by f.recall_id`,
    values: [at],
  })
  return rows
}
