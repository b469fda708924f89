import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { usable, versionStanding } from '../../../core/agreements/agreement.ts'
import { leadFactsOf } from '../../../core/casework/lead/case-state.ts'
import { decideMove, type MoveAllowed } from '../../../core/casework/strand/decide-move.ts'
import type { NamedProvider } from '../../../core/casework/lead/destination.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import type { CaseRead } from '../../../db/casework/case-facts.ts'
import { answerStrandChange, insertStrandChange } from '../../../db/casework/strand.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import { appendEvent } from '../../../db/events.ts'
import { type CaseContext, type CaseUses, changeCase, etagOf, informed, refusedBy, requireVersion } from './case-change.ts'
import { checkPlan, peopleIn, type StrandRequest, strandRequestIn } from './strand-request.ts'

/**
 * Operation `recordStrandChange`: the lead moves the strand, with trigger, evidence and justification, and amends the plan in the
 * same transaction. A move that changes the lead holds once the incoming lead has accepted it (A2 conflict 4).
 */
export const recordStrandChange =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const asked = strandRequestIn(request.body)
    const { toStrand, trigger, evidenceIds, conferenceId, policeDecisionId, providerAgencyId, justification } = asked
    return changeCase(uses, {
      caller,
      request,
      operation: 'recordStrandChange',
      event: 'strand-changed',
      question: { evidenceIds, conferenceId, policeDecisionId, providerAgencyId, people: peopleIn(asked) },
      detail: { toStrand, trigger, evidenceIds, conferenceId, policeDecisionId, providerAgencyId, justification },
      async run(context) {
        const verdict = decideMove(questionOf(context, asked))
        const { known, at, rules } = context
        // Whoever may not record it learns nothing of versions; a move weighed on an older case is not weighed for whoever may.
        if ('reason' in verdict && verdict.reason.code === 'not-lead') return refusedBy(verdict)
        requireVersion(request.ifMatch, known.version)
        if (!verdict.allowed) return refusedBy(verdict)
        checkPlan(asked, { leadAgencyId: verdict.leadAgencyId, people: known.people, mostDays: rules.clocks.review.mostDays, at })
        await overtakePending(context, asked)
        const changeId = await write(uses, context, { asked, verdict })
        return recorded(context, { changeId, asked, verdict })
      },
    })
  }

const questionOf = ({ known, standing, rules, at }: CaseContext, asked: StrandRequest) => ({
  state: known,
  callerAgencyId: standing.agency.id,
  move: asked,
  grounds: known,
  provider: providerOf(known, asked, at),
  namedLeadId: asked.leadAgencyId,
  agencies: known.agencies,
  rules,
  at,
})

/** Signed: party to a partnership agreement that is in force, which every party has signed. Delivering: named in the plan. */
const providerOf = ({ provider }: CaseRead, { plan }: StrandRequest, at: Date): NamedProvider | null => {
  if (provider === null) return null
  const signed = provider.versions.some((version) => version.terms.kind === 'partnership' && usable(versionStanding(version, at).standing))
  return { id: provider.id, kind: provider.kind, signed, delivers: plan.interventions.some(({ agencyId }) => agencyId === provider.id) }
}

/** One move waits at a time. What the police or a release decided does not wait behind another: the other is overtaken. */
const overtakePending = async ({ known, tx, caller, at, rules }: CaseContext, { trigger }: StrandRequest): Promise<void> => {
  const id = known.pendingChangeId
  if (id === null) return
  if (rules.strand.triggers.find((rule) => rule.id === trigger)?.records !== 'destination-lead') {
    throw new Fault('conflict', 'A move of this case waits for the incoming lead to accept it.')
  }
  await answerStrandChange(tx, { id, decision: 'overtaken', byAgency: caller.agencyId, byPerson: caller.personSub!, at })
  await closeTask(tx, { kind: 'strand-acceptance', subjectKey: id, outcome: 'overtaken', at })
}

interface Written {
  readonly asked: StrandRequest
  readonly verdict: MoveAllowed
}

const write = async (uses: CaseUses, context: CaseContext, { asked, verdict }: Written): Promise<string> => {
  const { known, tx, caller, at } = context
  const [id, planId] = [uses.newId(), uses.newId()]
  const { plan } = asked
  const waived = asked.conferenceId === null && (asked.trigger === 'consent-refused' || asked.trigger === 'release')
  await insertStrandChange(tx, {
    ...{ id, offenderId: known.offenderId, trigger: asked.trigger, fromStrand: known.strand, toStrand: asked.toStrand },
    ...{ fromLead: known.leadAgencyId, toLead: verdict.leadAgencyId, rowId: verdict.row, override: verdict.override },
    ...{ immediate: verdict.immediate, evidenceIds: asked.evidenceIds, conferenceId: asked.conferenceId },
    ...{ policeDecisionId: asked.policeDecisionId, areaId: known.areaId, at },
    sealed: uses.seal(asked.justification ?? '', { table: 'strand_change', id, column: 'sealed' }),
    byAgency: caller.agencyId,
    byPerson: caller.personSub!,
    plan: {
      id: planId,
      leadManagerAgencyId: plan.leadCaseManager.agencyId,
      leadManagerSub: plan.leadCaseManager.personSub,
      reviewOn: plan.reviewOn,
      sealed: uses.seal(JSON.stringify(plan.interventions), { table: 'interventions_plan', id: planId, column: 'sealed' }),
      interventions: plan.interventions,
    },
    agenda: waived ? { id: uses.newId(), item: asked.trigger === 'release' ? 'release' : 'strand' } : null,
  })
  await tell(uses, context, { id, asked, verdict })
  return id
}

const tell = async (uses: CaseUses, context: CaseContext, { id, asked, verdict }: Written & { readonly id: string }): Promise<void> => {
  const { known, tx, at } = context
  const { offenderId } = known
  if (!verdict.immediate) {
    await openTask(tx, {
      ...{ id: uses.newId(), kind: 'strand-acceptance', offenderId, ownerAgencyId: verdict.leadAgencyId, ownerRole: null },
      ...{ ownerPersonSub: null, dueAt: null, subjectKey: id, detail: { changeId: id, trigger: asked.trigger }, openedAt: at },
    })
    return
  }
  const kind = verdict.leadAgencyId === known.leadAgencyId ? 'strand-changed' : 'lead-changed'
  const refs = { changeId: id, trigger: asked.trigger }
  await appendEvent(tx, { id: uses.newId(), kind, toAgencyIds: informed(known, at, [verdict.leadAgencyId]), offenderId, refs, at })
  const answered = answeredTask(asked, offenderId)
  if (answered !== null) await closeTask(tx, { ...answered, outcome: asked.toStrand, at })
}

/** The task that a move of this kind answers. */
export const answeredTask = ({ trigger, policeDecisionId }: Pick<StrandRequest, 'trigger' | 'policeDecisionId'>, offenderId: string) => {
  if (trigger === 'consent-refused') return { kind: 'strand-recording', subjectKey: policeDecisionId ?? '' } as const
  if (trigger === 'consent-restored') return { kind: 'strand-return-review', subjectKey: offenderId } as const
  if (trigger === 'release') return { kind: 'strand-after-release', subjectKey: offenderId } as const
  return null
}

const recorded = ({ known, at }: CaseContext, { changeId, asked, verdict }: Written & { readonly changeId: string }) => {
  const state = verdict.immediate ? 'effective' : 'awaiting-acceptance'
  const version = known.version + 1
  const { row, leadAgencyId, override, supervisorDiffers } = verdict
  return {
    allowed: true,
    status: 201,
    headers: { etag: etagOf(version) },
    body: { changeId, offenderId: known.offenderId, state, row, leadAgencyId, recordedAt: at.toISOString() },
    detail: {
      ...{
        changeId,
        state,
        row,
        fromStrand: known.strand,
        fromLead: known.leadAgencyId,
        toLead: leadAgencyId,
        override,
        supervisorDiffers,
      },
      version,
      facts: leadFactsOf(known, asked.toStrand, at),
    },
  } as const
}
