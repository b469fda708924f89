import type { ClockRules } from '../../core/casework/clock-rules.ts'
import type { Tx } from '../db.ts'
import { type ClockQuery, hourlyClocks, nightlyClocks, supersededReminders, supersededTasks } from './clock-queries.ts'

export interface Sweep {
  /** As of when; the database's clock, or one that was moved. */
  readonly at: Date
  readonly today: string
  readonly rules: ClockRules
  readonly which: 'nightly' | 'hourly'
  /** Told where nobody holds the role that would be. */
  readonly partnershipId: string
}

export interface Swept {
  /** Tasks by kind. */
  readonly opened: Readonly<Record<string, number>>
  /** Open tasks that a recorded fact had overtaken. */
  readonly superseded: number
  /** Open tasks that are now told to be overdue. */
  readonly overdue: number
}

/** Until this transaction ends nobody else sweeps; false when somebody does. */
export const lockClocks = async (tx: Tx): Promise<boolean> => {
  const { rows } = await tx.query<{ locked: boolean }>({
    text: `select pg_try_advisory_xact_lock(hashtextextended('clock sweep', 0)) as locked`,
  })
  return rows[0]?.locked === true
}

/**
 * Opens what every clock asks for, each task once for ever: a task that was closed is not opened again. No fact that the gateway
 * decides on is changed, and no lock of a case is taken.
 */
export const sweepClocks = async (tx: Tx, sweep: Sweep): Promise<Swept> => {
  const { rules, at } = sweep
  const ended = await tx.query({
    text: `update task set closed_at = $1, outcome = 'superseded' where task.id in (${supersededTasks(rules)})`,
    values: [at],
  })
  const replaced = await supersedeReminders(tx, sweep)
  const opened: Record<string, number> = {}
  for (const clock of sweep.which === 'nightly' ? nightlyClocks(rules) : hourlyClocks(rules)) {
    const count = await openAll(tx, clock, sweep)
    opened[clock.kind] = (opened[clock.kind] ?? 0) + count
  }
  return { opened, superseded: ended.rowCount + replaced, overdue: await tellOverdue(tx, at) }
}

const supersedeReminders = async (tx: Tx, { at, today, rules, which }: Sweep): Promise<number> => {
  if (which !== 'nightly') return 0
  const { rowCount } = await tx.query({
    text: `update task set closed_at = $1::timestamptz, outcome = 'superseded' where task.id in (${supersededReminders(rules)})`,
    values: [at, today],
  })
  return rowCount
}

/** Each open task whose time has passed is told of once, whoever opened it. It stays open. */
const tellOverdue = async (tx: Tx, at: Date): Promise<number> => {
  const { rows } = await tx.query<{ told: number }>({
    text: `
      with late as materialized (
        select uuid_v7_at($1) as event_id, t.id, t.kind, t.offender_id, t.owner_agency_id from task t
         where t.closed_at is null and t.due_at <= $1
           and not exists (select from event e where e.kind = 'task-overdue' and e.refs ->> 'taskId' = t.id::text)
      ), told as (
        insert into event (id, kind, offender_id, refs, happened_at)
        select late.event_id, 'task-overdue', late.offender_id, jsonb_build_object('taskId', late.id, 'task', late.kind), $1 from late
        returning 1
      ), delivered as (
        insert into event_delivery (event_id, agency_id) select late.event_id, late.owner_agency_id from late
      )
      select count(*) as told from told`,
    values: [at],
  })
  return rows[0]!.told
}

const openAll = async (tx: Tx, clock: ClockQuery, { at, today, partnershipId }: Sweep): Promise<number> => {
  const { rows } = await tx.query<{ opened: number }>({
    text: `
      with given as (select $1::timestamptz as at, $2::date as today, $3::text as partnership),
      wanted as (${clock.text}),
      missing as materialized (
        select uuid_v7_at($1) as task_id, uuid_v7_at($1) as event_id, w.* from wanted w
         where not exists (
           select from task t where t.kind = $4 and t.subject_key = w.subject_key and t.outcome is distinct from 'superseded')
      ), opened as (
        insert into task (id, kind, subject_key, offender_id, owner_agency_id, owner_role, owner_person_sub, due_at, detail, opened_at)
        select m.task_id, $4, m.subject_key, m.offender_id, m.owner_agency_id, m.owner_role, m.owner_person_sub, m.due_at, m.detail, $1
          from missing m
        on conflict (kind, subject_key) where closed_at is null do nothing
        returning task.id
      ), told as (
        insert into event (id, kind, offender_id, refs, happened_at)
        select m.event_id, 'task-opened', m.offender_id, jsonb_build_object('taskId', m.task_id, 'task', $4::text), $1
          from missing m join opened on opened.id = m.task_id
      ), delivered as (
        insert into event_delivery (event_id, agency_id)
        select m.event_id, m.owner_agency_id from missing m join opened on opened.id = m.task_id
      )
      select count(*) as opened from opened`,
    values: [at, today, partnershipId, clock.kind],
  })
  return rows[0]!.opened
}

/** Keeps that a sweep was made; committed with what it opened. */
export const recordSweep = async (
  tx: Tx,
  done: { readonly id: string; readonly at: Date; readonly opened: Readonly<Record<string, number>> },
): Promise<void> => {
  await tx.query({
    text: 'insert into clock_sweep (id, as_of, opened) values ($1, $2, $3)',
    values: [done.id, done.at, JSON.stringify(done.opened)],
  })
}
