import type { Role } from '../../../core/vocabulary.ts'
import type { TaskKind } from '../../../core/case-vocabulary.ts'
import { idAt } from '../../random.ts'

export interface Task {
  readonly kind: TaskKind
  readonly subjectKey: string
  readonly offenderId: string | null
  readonly owner: string
  readonly role?: Role
  readonly dueAt?: string
  readonly detail?: Readonly<Record<string, string>>
  readonly openedAt: string
  readonly closed?: { readonly at: string; readonly outcome: string }
}

export const taskIdOf = ({ kind, subjectKey, openedAt }: Pick<Task, 'kind' | 'subjectKey' | 'openedAt'>): string =>
  idAt(`task ${kind} ${subjectKey} ${openedAt}`, openedAt)

export const taskRow = (task: Task) => ({
  ...{ id: taskIdOf(task), kind: task.kind, subject_key: task.subjectKey, offender_id: task.offenderId, owner_agency_id: task.owner },
  ...{ owner_role: task.role ?? null, owner_person_sub: null, due_at: task.dueAt ?? null, detail: task.detail ?? {} },
  ...{ opened_at: task.openedAt, closed_at: task.closed?.at ?? null, outcome: task.closed?.outcome ?? null },
})
