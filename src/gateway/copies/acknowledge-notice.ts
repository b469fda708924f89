import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { ReturnOutcome } from '../../core/disclosure/copy-recall.ts'
import { Fault } from '../../core/fault.ts'
import { closeTask } from '../../db/casework/tasks.ts'
import { insertReturn } from '../../db/copies/notices.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import { type Answering, getNotice, noticeIdIn } from './read-notice.ts'

interface AcknowledgementBody {
  readonly outcome: ReturnOutcome
  readonly onTheirWord?: boolean
}

const cites = 'Case Conferencing Guidance 2009, confidentiality statement, last paragraph; R45'

const notYours: ChangeOutcome<never> = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R45', ruleId: 'return-by-holder', cites },
}

const sayWhose: ChangeOutcome<never> = {
  allowed: false,
  status: 422,
  reason: { code: 'evidence', stage: 'R45', ruleId: 'return-on-their-word', cites },
  errors: [{ path: '/onTheirWord', message: 'must say whether the holder or you speak: true where you write down what they told you' }],
}

/**
 * Operation `acknowledgeReturnNotice`: the copies were returned or destroyed, as the holder says; of somebody beyond the partnership the
 * conference's administrator writes down what they said, and says that it is their word.
 */
export const acknowledgeReturnNotice =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const noticeId = noticeIdIn(request)
    const { outcome, onTheirWord = false } = request.body as AcknowledgementBody
    return commitChange(caller, {
      operation: 'acknowledgeReturnNotice',
      event: 'acknowledged',
      locks: [],
      idempotencyKey: request.idempotencyKey,
      detail: { noticeId, outcome, onTheirWord },
      async run(context) {
        const { notice, as } = await getNotice(context, noticeId)
        return refuses(as, onTheirWord) ?? keep(context, { noticeId, recallId: notice.recallId, outcome, onTheirWord })
      },
    })
  }

const refuses = (as: Answering, onTheirWord: boolean): ChangeOutcome<never> | null => {
  if (as === 'watching') return notYours
  return onTheirWord === (as === 'on-their-word') ? null : sayWhose
}

interface Said {
  readonly noticeId: string
  readonly recallId: string
  readonly outcome: ReturnOutcome
  readonly onTheirWord: boolean
}

const keep = async ({ tx, at, caller }: ChangeContext, said: Said): Promise<ChangeOutcome<object>> => {
  const { noticeId, outcome } = said
  if (!(await insertReturn(tx, { ...said, byAgency: caller.agencyId, byPerson: caller.personSub!, at })))
    throw new Fault('conflict', 'This notice has been answered already.')
  for (const kind of ['copy-return', 'copy-return-outside', 'copy-return-overdue'] as const)
    await closeTask(tx, { kind, subjectKey: noticeId, outcome, at })
  return { allowed: true, status: 201, body: { ...said, acknowledgedAt: at.toISOString() }, detail: { recallId: said.recallId } }
}
