import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { refuse } from '../../../core/casework/lead/verdict.ts'
import { decideEvidence } from '../../../core/casework/strand/evidence.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Relationship } from '../../../core/facts.ts'
import { Fault } from '../../../core/fault.ts'
import { londonDay } from '../../../core/london.ts'
import type { EvidenceKind } from '../../../core/case-vocabulary.ts'
import { findEvidence, insertEvidence, insertEvidenceAnswer } from '../../../db/casework/evidence.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import { appendEvent } from '../../../db/events.ts'
import { type CaseContext, type CaseUses, changeCase, informed, refusedBy, working } from './case-change.ts'

interface EvidenceBody {
  readonly kind: EvidenceKind
  readonly text: string | null
  readonly occurredOn: string
  readonly reference: string | null
  readonly corrects: string | null
}

const bodyOf = (body: unknown): EvidenceBody => {
  const given = body as Partial<EvidenceBody> & Pick<EvidenceBody, 'kind' | 'occurredOn'>
  const { text = null, reference = null } = given
  return { ...given, text, reference, corrects: given.corrects?.toLowerCase() ?? null }
}

/** Besides those who work with the person, the intelligence unit of the police enters what it knows. */
const mayAdd: readonly Relationship[] = [...working, 'intel-officer']

/** Operation `addEvidence`: by its originator, for good; a correction supersedes and never replaces (R31). */
export const addEvidence =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = bodyOf(request.body)
    const { kind, occurredOn, reference, corrects } = body
    return changeCase(uses, {
      caller,
      request,
      operation: 'addEvidence',
      event: 'collection',
      by: mayAdd,
      detail: { kind, occurredOn, reference, corrects },
      async run(context) {
        const { known, at } = context
        const verdict = await weigh(context, body)
        if (!verdict.allowed) return refusedBy(verdict)
        if (occurredOn > londonDay(at)) {
          throw new Fault('invalid', 'Evidence is of what has happened.', {
            details: [{ path: '/occurredOn', message: 'is still to come' }],
          })
        }
        const evidenceId = await add(uses, context, { body, direct: verdict.direct })
        const state = verdict.direct ? 'accepted' : 'submitted'
        const { offenderId } = known
        return {
          allowed: true,
          status: 201,
          body: { evidenceId, offenderId, state, recordedAt: at.toISOString() },
          detail: { evidenceId, state },
        }
      },
    })
  }

const weigh = async ({ known, standing, tx, rules }: CaseContext, { kind, text, corrects }: EvidenceBody) => {
  const { offenderId, leadAgencyId } = known
  const corrected = corrects === null ? null : ((await findEvidence(tx, { id: corrects, offenderId })) ?? 'nothing-there')
  const caller = { agencyId: standing.agency.id, kind: standing.agency.kind }
  return decideEvidence({ caller, leadAgencyId, kind, text, corrects: corrected, rules: rules.evidence })
}

const add = async (uses: CaseUses, context: CaseContext, added: { readonly body: EvidenceBody; readonly direct: boolean }) => {
  const { known, tx, caller, at } = context
  const { body, direct } = added
  const { offenderId } = known
  const id = uses.newId()
  await insertEvidence(tx, {
    ...{ id, offenderId, kind: body.kind, originatorAgencyId: caller.agencyId, originatorSub: caller.personSub! },
    ...{ occurredOn: body.occurredOn, reference: body.reference, direct, supersedes: body.corrects, at },
    sealed: uses.seal(body.text ?? '', { table: 'evidence', id, column: 'sealed' }),
  })
  const toAgencyIds = direct ? informed(known, at) : [known.leadAgencyId ?? uses.partnershipId]
  await appendEvent(tx, {
    id: uses.newId(),
    kind: 'evidence-added',
    toAgencyIds,
    offenderId,
    refs: { evidenceId: id, kind: body.kind },
    at,
  })
  if (!direct) {
    await openTask(tx, {
      ...{ id: uses.newId(), kind: 'evidence-acceptance', offenderId, ownerAgencyId: known.leadAgencyId ?? uses.partnershipId },
      ...{ ownerRole: null, ownerPersonSub: null, dueAt: null, subjectKey: id, detail: { evidenceId: id, kind: body.kind }, openedAt: at },
    })
  }
  return id
}

const notLead = refuse('not-lead', {
  ruleId: 'evidence-lead-accepts',
  stage: 'R31',
  cites: 'Strand Clarification 2009, paras 2-4; R31',
  status: 403,
})

/** Operation `answerEvidence`: the lead takes a partner's submission into the case, or says that it does not; the submitter stays its originator. */
export const answerEvidence =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const evidenceId = (request.params.evidenceId ?? '').toLowerCase()
    const { decision, justification = null } = request.body as { decision: 'accepted' | 'declined'; justification?: string | null }
    return changeCase(uses, {
      caller,
      request,
      operation: 'answerEvidence',
      event: 'alteration',
      detail: { evidenceId, decision, justification },
      async run({ known, tx, at }) {
        const { offenderId } = known
        const found = await findEvidence(tx, { id: evidenceId, offenderId })
        if (found === null) throw new Fault('not-found', 'There is no such evidence about this person.')
        if (known.leadAgencyId !== caller.agencyId) return refusedBy(notLead)
        if (found.state !== 'submitted') throw new Fault('conflict', `This evidence is ${found.state} already.`)
        await insertEvidenceAnswer(tx, { evidenceId, decision, byAgency: caller.agencyId, byPerson: caller.personSub!, at })
        await closeTask(tx, { kind: 'evidence-acceptance', subjectKey: evidenceId, outcome: decision, at })
        await appendEvent(tx, {
          ...{ id: uses.newId(), kind: 'evidence-added', offenderId, refs: { evidenceId, kind: found.kind, decision }, at },
          toAgencyIds: decision === 'accepted' ? informed(known, at, [found.originatorAgencyId]) : [found.originatorAgencyId],
        })
        return {
          ...{ allowed: true, status: 200, body: { evidenceId, offenderId, decision, answeredAt: at.toISOString() } },
          detail: { originator: found.originatorAgencyId, kind: found.kind },
        }
      },
    })
  }
