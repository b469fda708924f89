import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { TaskKind } from '../../core/case-vocabulary.ts'
import { findOwnTask } from '../../db/casework/task-list.ts'
import { closeTask } from '../../db/casework/tasks.ts'
import type { CommitChange } from '../commit/change.ts'
import { taskReaderOf } from './task-reader.ts'

/** Work that is done elsewhere, so that somebody has to say that it was. Every other task ends with the act it asks for. */
const doneByWord: readonly TaskKind[] = [
  'pre-release-planning',
  'prison-assessment',
  'quarterly-list-review',
  'ppo-two-year-review',
  'no-activity-candidate',
  'comes-of-age',
  'agreement-expiry',
  'agreement-review',
  'consent-expiry',
  'score-only-report',
  'case-review',
  'mappa-referral',
  'recall-report',
  'mi-case-difference',
  'breach-assessment',
  'lead-after-release',
  'deselection-reconsidering',
]

/** Operation `completeTask`: a person says that a task of theirs is done, or that nothing is to be done. */
export const completeTask =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const taskId = request.params.taskId!
    const { outcome, justification } = request.body as { outcome: 'done' | 'not-needed'; justification?: string | null }
    return commitChange(caller, {
      operation: 'completeTask',
      event: 'alteration',
      locks: [],
      idempotencyKey: request.idempotencyKey,
      detail: { taskId, outcome, justification: justification ?? null },
      run: async ({ tx, standing, at }) => {
        const task = await findOwnTask(tx, taskReaderOf(standing, at), taskId)
        if (task === null) throw new Fault('not-found', 'No such task waits for you.')
        if (!doneByWord.includes(task.kind)) {
          throw new Fault('conflict', 'This task ends with the act that it asks for, not by saying that it is done.')
        }
        if (!(await closeTask(tx, { kind: task.kind, subjectKey: task.subjectKey, outcome, at }))) {
          throw new Fault('conflict', 'The task was closed meanwhile.')
        }
        return { allowed: true, status: 200, body: { taskId, kind: task.kind, outcome, closedAt: at.toISOString() } }
      },
    })
  }
