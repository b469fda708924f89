import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { listTasks as readTasks, type TaskPlace, type TaskRow } from '../../db/casework/task-list.ts'
import type { CommitChange } from '../commit/change.ts'
import { taskReaderOf } from './task-reader.ts'

/** Operation `listTasks`: what waits for the asking person, the most overdue first. */
export const listTasks =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const after = placeIn(request.query.cursor)
    const limit = Number(request.query.limit ?? 50)
    return commitChange(caller, {
      operation: 'listTasks',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      run: async ({ tx, standing, at }) => {
        const rows = await readTasks(tx, taskReaderOf(standing, at), { after, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? cursorOf(page.at(-1)!) : null
        // The entry says whose tasks were shown: each names a person of the cohort by id.
        const detail = { told: page.length, taskIds: page.map(({ taskId }) => taskId) }
        return { allowed: true, status: 200, body: { tasks: page.map(shown), nextCursor }, detail }
      },
    })
  }

const shown = ({ dueAt, openedAt, ...task }: TaskRow) => ({
  ...task,
  dueAt: dueAt?.toISOString() ?? null,
  openedAt: openedAt.toISOString(),
})

const cursorOf = ({ dueAt, taskId }: TaskRow): string => `${dueAt?.getTime() ?? 'none'}~${taskId}`

const placeIn = (cursor: string | undefined): TaskPlace | null => {
  if (cursor === undefined) return null
  const found = /^(none|-?\d{1,14})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (found === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return { dueAt: found[1] === 'none' ? null : new Date(Number(found[1])), taskId: found[2]! }
}
