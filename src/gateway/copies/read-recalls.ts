import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { findRecall, listNoticesOf, listRecalls, type Notice, type RecallProgress } from '../../db/copies/notices.ts'
import type { CommitChange } from '../commit/change.ts'
import { acknowledgementOf, stateOf } from './read-notice.ts'
import { areasHeld, watches, watchesAll } from './watching.ts'

interface Uses {
  readonly commitChange: CommitChange
}

const progressOf = ({ raisedAt, dueAt, liftedAt, ...recall }: RecallProgress) => ({
  ...recall,
  outstanding: liftedAt === null ? recall.notices - recall.acknowledged : 0,
  ...{ raisedAt: raisedAt.toISOString(), dueAt: dueAt.toISOString(), liftedAt: liftedAt?.toISOString() ?? null },
})

/** Operation `listCopyRecalls`: what was asked back in the areas that the person chairs or administers, and how far each has come. */
export const listCopyRecalls =
  ({ commitChange }: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const limit = Number(request.query.limit ?? 50)
    const before = request.query.cursor ?? null
    return commitChange(caller, {
      operation: 'listCopyRecalls',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      async run({ tx, standing, at }) {
        if (before !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(before))
          throw new Fault('invalid', 'The cursor is not one that was handed out.')
        const areaIds = watchesAll(standing, at) ? null : areasHeld(standing, ['chair', 'spoc'], at)
        const rows = await listRecalls(tx, { areaIds, before, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? (page.at(-1)?.recallId ?? null) : null
        return { allowed: true, status: 200, body: { recalls: page.map(progressOf), nextCursor }, detail: { told: page.length } }
      },
    })
  }

/** Operation `readCopyRecall`: how many were asked, have answered and are late, holder by holder; nothing of the person. */
export const readCopyRecall =
  ({ commitChange }: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const recallId = (request.params.recallId ?? '').toLowerCase()
    return commitChange(caller, {
      operation: 'readCopyRecall',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { recallId },
      async run({ tx, standing, at }) {
        const recall = await findRecall(tx, recallId)
        if (recall === null || !watches(standing, recall.areaId, at))
          throw new Fault('not-found', 'There is no such recall for you to watch.')
        const holders = (await listNoticesOf(tx, recallId)).map((notice) => holderOf(notice, at))
        return { allowed: true, status: 200, body: { ...progressOf(recall), holders } }
      },
    })
  }

const holderOf = (notice: Notice, at: Date) => ({
  ...{ noticeId: notice.noticeId, agencyId: notice.holderAgencyId, sub: notice.holderSub, outside: notice.outside },
  ...{ releases: notice.releases, state: stateOf(notice, at), acknowledgement: acknowledgementOf(notice) },
})
