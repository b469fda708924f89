import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { holdsAt } from '../../core/case/relationship.ts'
import { returnOutcomes } from '../../core/disclosure/copy-recall.ts'
import { Fault } from '../../core/fault.ts'
import type { Standing } from '../../core/snapshot.ts'
import { findNotice, listNoticeLines, type Notice } from '../../db/copies/notices.ts'
import type { BatchKey } from '../../ledger/batch.ts'
import { signDetached } from '../../ledger/event-page.ts'
import type { ChangeContext, CommitChange } from '../commit/change.ts'
import { lineAt, lineCursor, watches } from './watching.ts'

export interface NoticeUses {
  readonly commitChange: CommitChange
  readonly signingKey: BatchKey
}

export const noticeIdIn = (request: OperationRequest): string => (request.params.noticeId ?? '').toLowerCase()

/** Whose word it is: the agency's that holds the copies, by anybody who has a part in its work, or the administrator's who asks for it. */
export type Answering = 'holder' | 'on-their-word' | 'watching'

const answeringAs = (notice: Notice, standing: Standing, at: Date): Answering | null => {
  const own = notice.holderAgencyId === standing.agency.id
  // Beyond the partnership the person answers for themselves; of an agency whoever works in it, since who received it may have left.
  const holds = notice.outside ? notice.holderSub === standing.person?.sub : standing.appointments.some((one) => holdsAt(one, at))
  if (own && holds) return 'holder'
  if (!watches(standing, notice.areaId, at)) return null
  return notice.outside ? 'on-their-word' : 'watching'
}

/** The notice, for those whom it concerns; to everybody else it looks like one that was never sent. */
export const getNotice = async (
  { tx, standing, at }: ChangeContext,
  noticeId: string,
): Promise<{ readonly notice: Notice; readonly as: Answering }> => {
  const notice = await findNotice(tx, noticeId)
  const as = notice === null ? null : answeringAs(notice, standing, at)
  if (notice === null || as === null) throw new Fault('not-found', 'There is no such notice for your agency.')
  return { notice, as }
}

/** Of a notice that was taken back nothing is ever late: `liftedAt` beside the state says that nobody waits for it. */
export const stateOf = ({ outcome, dueAt, liftedAt }: Pick<Notice, 'outcome' | 'dueAt' | 'liftedAt'>, at: Date): string =>
  outcome ?? (liftedAt === null && dueAt <= at ? 'overdue' : 'open')

/** Operation `readReturnNotice`: what is to be returned or destroyed, why, by when and how to say so; ids only, and signed. */
export const readReturnNotice =
  ({ commitChange, signingKey }: NoticeUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const noticeId = noticeIdIn(request)
    const limit = Number(request.query.limit ?? 50)
    return commitChange(caller, {
      operation: 'readReturnNotice',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { noticeId },
      run: async (context) => {
        const { notice } = await getNotice(context, noticeId)
        const rows = await listNoticeLines(context.tx, { noticeId, after: lineAt(request.query.cursor), limit: limit + 1 })
        const page = rows.slice(0, limit)
        const signed = termsOf(notice)
        const body = {
          ...signed,
          state: stateOf(notice, context.at),
          liftedAt: notice.liftedAt?.toISOString() ?? null,
          acknowledgement: acknowledgementOf(notice),
          acknowledge: { method: 'POST', path: `/v1/return-notices/${noticeId}/acknowledgements`, outcomes: returnOutcomes },
          copies: page.map(({ releasedAt, ...line }) => ({ ...line, releasedAt: releasedAt.toISOString() })),
          nextCursor: rows.length > limit ? lineCursor(page.at(-1)!) : null,
          signature: signDetached(signed, { typ: 'return-notice+jws', key: signingKey }),
        }
        return { allowed: true, status: 200, body, detail: { recallId: notice.recallId, told: page.length } }
      },
    })
  }

/** What is signed of a notice: all of it that never changes. */
const termsOf = (notice: Notice) => ({
  ...{ noticeId: notice.noticeId, recallId: notice.recallId, cause: notice.cause, cites: notice.cites },
  ...{ holderAgencyId: notice.holderAgencyId, holderSub: notice.holderSub, outside: notice.outside, releases: notice.releases },
  ...{ issuedAt: notice.issuedAt.toISOString(), dueAt: notice.dueAt.toISOString() },
})

export const acknowledgementOf = ({ outcome, onTheirWord, acknowledgedAt }: Notice) =>
  outcome === null ? null : { outcome, onTheirWord: onTheirWord === true, acknowledgedAt: acknowledgedAt!.toISOString() }
