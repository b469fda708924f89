import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { leadFactsOf } from '../../../core/casework/lead/case-state.ts'
import { leadAgency } from '../../../core/casework/lead/lead-agency.ts'
import { refuse } from '../../../core/casework/lead/verdict.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { findChairNow } from '../../../db/casework/conferences.ts'
import { answerStrandChange as answerRow, findProposedChange, type PendingChange } from '../../../db/casework/strand.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import { appendEvent } from '../../../db/events.ts'
import { type CaseContext, type CaseUses, changeCase, etagOf, informed, refusedBy } from './case-change.ts'
import { answeredTask } from './record-strand-change.ts'

const notIncoming = refuse('not-lead', {
  ruleId: 'strand-incoming-lead-accepts',
  stage: 'R29',
  cites: 'Strand Clarification 2009, concluding table; R29',
  status: 403,
})

/**
 * Operation `answerStrandChange`: the incoming lead accepts a move, and only then leads. Until then, and after a refusal, the
 * outgoing lead keeps the case; what was declined goes to the chair.
 */
export const answerStrandChange =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const changeId = (request.params.changeId ?? '').toLowerCase()
    const { decision, justification = null } = request.body as { decision: 'accepted' | 'declined'; justification?: string | null }
    return changeCase(uses, {
      caller,
      request,
      operation: 'answerStrandChange',
      event: 'strand-changed',
      detail: { changeId, decision, justification },
      async run(context) {
        const { known, tx, at } = context
        const change = await findProposedChange(tx, { id: changeId, offenderId: known.offenderId })
        if (change === null) throw new Fault('not-found', 'There is no such move of this case to answer.')
        if (change.toLead !== caller.agencyId) return refusedBy(notIncoming)
        if (change.answered) throw new Fault('conflict', 'This move has been answered already.')
        if (decision === 'accepted') checkStillFits(context, change)
        await answerRow(tx, { id: changeId, decision, byAgency: caller.agencyId, byPerson: caller.personSub!, at })
        await closeTask(tx, { kind: 'strand-acceptance', subjectKey: changeId, outcome: decision, at })
        await (decision === 'accepted' ? tellAccepted(uses, context, change) : tellDeclined(uses, context, change))
        return {
          allowed: true,
          status: 200,
          headers: { etag: etagOf(known.version + 1) },
          body: { changeId, offenderId: known.offenderId, decision, answeredAt: at.toISOString() },
          detail: { fromLead: change.fromLead, toLead: change.toLead, toStrand: change.toStrand, trigger: change.trigger },
        }
      },
    })
  }

/** A birthday or a court may have come between: then another row speaks for the case, and the move is made again under it. */
const checkStillFits = ({ known, rules, at }: CaseContext, change: PendingChange): void => {
  const answer = leadAgency(leadFactsOf(known, change.toStrand, at), rules.leadAgency)
  if (answer.found && answer.row === change.rowId) return
  throw new Fault('conflict', 'The case has changed since this move was recorded. Decline it; the lead records it again.')
}

const tellAccepted = async (uses: CaseUses, { known, tx, at }: CaseContext, change: PendingChange): Promise<void> => {
  const { offenderId } = known
  const refs = { changeId: change.id, trigger: change.trigger }
  await appendEvent(tx, {
    ...{ id: uses.newId(), kind: 'lead-changed', offenderId, refs, at },
    toAgencyIds: informed(known, at, [change.toLead]),
  })
  const answered = answeredTask({ trigger: change.trigger, policeDecisionId: null }, offenderId)
  if (answered !== null) await closeTask(tx, { ...answered, outcome: change.toStrand, at })
}

const tellDeclined = async (uses: CaseUses, { known, tx, at }: CaseContext, change: PendingChange): Promise<void> => {
  const chair = await findChairNow(tx, known.areaId)
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'case-review', offenderId: known.offenderId, ownerAgencyId: chair?.agencyId ?? uses.partnershipId },
    ...{ ownerRole: chair?.role ?? 'spoc', ownerPersonSub: null, dueAt: null, subjectKey: known.offenderId, openedAt: at },
    detail: { changeId: change.id, because: 'move-declined' },
  })
}
