import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { openTask } from '../../../db/casework/tasks.ts'
import { type CaseUses, changeCase } from '../strand/case-change.ts'
import { administratorOf } from './conference-decision.ts'

/**
 * Operation `requestReview`: a significant change in risk or strand before the day of the review is a request to the administrator of
 * the area's conference (Case Conferencing Guidance 2009, 1.3 b4 and b9). Asked twice, it is one request.
 */
export const requestReview =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { because, justification } = request.body as { because: 'risk' | 'strand'; justification: string }
    return changeCase(uses, {
      caller,
      request,
      operation: 'requestReview',
      event: 'alteration',
      detail: { because, justification },
      async run({ known, tx, at }) {
        const { offenderId, areaId } = known
        const administrator = await administratorOf(tx, areaId, uses.partnershipId)
        const taskId = uses.newId()
        const { opened } = await openTask(tx, {
          ...{ id: taskId, kind: 'case-review', offenderId, subjectKey: `request ${offenderId}`, dueAt: null, openedAt: at },
          ...{ ownerAgencyId: administrator.agencyId, ownerRole: administrator.role, ownerPersonSub: null },
          detail: { areaId, because, askedBy: caller.agencyId },
        })
        return { allowed: true, status: 202, body: { offenderId, state: opened ? 'asked' : 'asked-before', askedAt: at.toISOString() } }
      },
    })
  }
