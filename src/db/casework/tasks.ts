import type { TaskKind } from '../../core/case-vocabulary.ts'
import type { Tx } from '../db.ts'

/** A piece of work that somebody has to do. Nothing moves by itself: a task asks, a person decides. */
export interface NewTask {
  readonly id: string
  readonly kind: TaskKind
  readonly offenderId: string | null
  readonly ownerAgencyId: string
  /** Null: whoever of the agency. */
  readonly ownerRole: string | null
  readonly ownerPersonSub: string | null
  /** Null: no clock runs. */
  readonly dueAt: Date | null
  /** Unique among the open tasks of the kind: opening twice is one task. */
  readonly subjectKey: string
  /** Ids and codes only. */
  readonly detail: Readonly<Record<string, string>>
  readonly openedAt: Date
}

/** Opens a task unless the same one is open already. */
export const openTask = async (tx: Tx, task: NewTask): Promise<{ opened: boolean }> => {
  const { rowCount } = await tx.query({
    name: 'open-task',
    text: `
      insert into task (id, kind, subject_key, offender_id, owner_agency_id, owner_role, owner_person_sub, due_at, detail, opened_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (kind, subject_key) where closed_at is null do nothing`,
    values: [
      task.id,
      task.kind,
      task.subjectKey,
      task.offenderId,
      task.ownerAgencyId,
      task.ownerRole,
      task.ownerPersonSub,
      task.dueAt,
      JSON.stringify(task.detail),
      task.openedAt,
    ],
  })
  return { opened: rowCount > 0 }
}

/** Closes the open task of that kind and key; false when none is open. */
export const closeTask = async (
  tx: Tx,
  task: { readonly kind: TaskKind; readonly subjectKey: string; readonly outcome: string; readonly at: Date },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'close-task',
    text: `update task set closed_at = $4, outcome = $3 where task.kind = $1 and task.subject_key = $2 and task.closed_at is null`,
    values: [task.kind, task.subjectKey, task.outcome, task.at],
  })
  return rowCount > 0
}
