import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { destinationOf } from '../../../core/casework/lead/destination.ts'
import { refuse } from '../../../core/casework/lead/verdict.ts'
import { decidePoliceDecision } from '../../../core/casework/strand/consent-consequence.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Relationship } from '../../../core/facts.ts'
import { Fault } from '../../../core/fault.ts'
import { findChairNow } from '../../../db/casework/conferences.ts'
import { insertPoliceDecision } from '../../../db/casework/custody.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import { type CaseContext, type CaseUses, changeCase, refusedBy, working } from './case-change.ts'

const mayDecide: readonly Relationship[] = [...working, 'intel-officer', 'area-commander']

interface DecisionBody {
  readonly outcome: 'catch-and-control' | 'no-move'
  readonly justification?: string | null
}

/**
 * Operation `recordPoliceDecision`: "a decision would be taken by the Police" when sharing with them is refused (Scrutiny Board
 * 2009, 1.24). It moves nobody: the lead of the destination cell records the move and cites it.
 */
export const recordPoliceDecision =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { outcome, justification = null } = request.body as DecisionBody
    return changeCase(uses, {
      caller,
      request,
      operation: 'recordPoliceDecision',
      event: 'alteration',
      by: mayDecide,
      detail: { outcome, justification },
      async run(context) {
        const { known, standing, tx, at } = context
        const question = known.questions.find(({ kind }) => kind === 'police-strand-decision')
        const verdict = decidePoliceDecision({
          callerKind: standing.agency.kind,
          inCustody: known.custodyAgencyId !== null,
          openQuestion: question?.state === 'open',
          justification,
        })
        if (!verdict.allowed) return refusedBy(verdict)
        const policeDecisionId = uses.newId()
        const { offenderId } = known
        await insertPoliceDecision(tx, {
          ...{ id: policeDecisionId, offenderId, questionId: question!.id, outcome, at },
          ...{ byAgency: caller.agencyId, byPerson: caller.personSub! },
          sealed: uses.seal(justification ?? '', { table: 'police_decision', id: policeDecisionId, column: 'sealed' }),
        })
        await closeTask(tx, { kind: 'police-strand-decision', subjectKey: offenderId, outcome, at })
        const recorder = outcome === 'no-move' ? null : await askToRecord(uses, context, policeDecisionId)
        return {
          ...{ allowed: true, status: 201, body: { policeDecisionId, offenderId, outcome, decidedAt: at.toISOString() } },
          detail: { policeDecisionId, questionId: question!.id, recorder },
        }
      },
    })
  }

/** The entry is made by the lead of the destination cell, whoever leads now (A2 conflict 4). */
const askToRecord = async (uses: CaseUses, context: CaseContext, policeDecisionId: string): Promise<string | null> => {
  const { known, rules, tx, at } = context
  const destination = destinationOf({
    ...{ state: known, toStrand: 'catch-and-control', provider: null, namedLeadId: null },
    ...{ agencies: known.agencies, table: rules.leadAgency, at },
  })
  if (!destination.allowed) return null
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'strand-recording', offenderId: known.offenderId, ownerAgencyId: destination.leadAgencyId },
    ...{ ownerRole: null, ownerPersonSub: null, dueAt: null, subjectKey: policeDecisionId, detail: { policeDecisionId }, openedAt: at },
  })
  return destination.leadAgencyId
}

const notLead = refuse('not-lead', { ruleId: 'case-review-by-lead', stage: 'R32', cites: 'Scrutiny Board 2009, 1.24; R32', status: 403 })

/** Operation `contestPoliceDecision`: a lead that disagrees asks the chair for a case review. It has no veto: the decision stands. */
export const contestPoliceDecision =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const policeDecisionId = (request.params.policeDecisionId ?? '').toLowerCase()
    const { justification } = request.body as { justification: string }
    return changeCase(uses, {
      caller,
      request,
      operation: 'contestPoliceDecision',
      event: 'alteration',
      question: { policeDecisionId },
      detail: { policeDecisionId, justification },
      async run({ known, tx, at }) {
        const { offenderId, policeDecision } = known
        if (policeDecision === null) throw new Fault('not-found', 'The police have made no such decision about this person.')
        if (known.leadAgencyId !== caller.agencyId) return refusedBy(notLead)
        const chair = await findChairNow(tx, known.areaId)
        const { opened } = await openTask(tx, {
          ...{ id: uses.newId(), kind: 'case-review', offenderId, ownerAgencyId: chair?.agencyId ?? uses.partnershipId },
          ...{ ownerRole: chair?.role ?? 'spoc', ownerPersonSub: null, dueAt: null, subjectKey: offenderId, openedAt: at },
          detail: { policeDecisionId, because: 'police-decision-contested' },
        })
        const state = opened ? 'asked' : 'asked-already'
        return { allowed: true, status: 202, body: { policeDecisionId, offenderId, state }, detail: { state } }
      },
    })
  }
