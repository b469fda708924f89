import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { type ProposedRelease, prosecutionReleaseFailing } from '../../core/casework/prosecution.ts'
import type { Relationship } from '../../core/facts.ts'
import { londonDay } from '../../core/london.ts'
import { openTask } from '../../db/casework/tasks.ts'
import { appendEvent } from '../../db/events.ts'
import { findActiveKind, insertProsecutionRelease } from '../../db/systems/prosecution-releases.ts'
import { type CaseContext, type CaseUses, changeCase, refusedBy, working } from '../casework/strand/case-change.ts'
import { holdsRole } from '../roles.ts'
import { prosecutionAgreement } from './prosecution-agreement.ts'

interface Request extends ProposedRelease {
  readonly caseLawyer: { readonly agencyId: string; readonly personSub: string }
  /** The prosecutor's own number for the case. */
  readonly caseReference: string
  readonly text: string
}

const requestIn = (body: unknown): Request => {
  const given = body as Pick<Request, 'caseLawyer' | 'caseReference' | 'text' | 'sentenceOn' | 'grade' | 'sanitised'> & Partial<Request>
  return { ...given, legalGateway: given.legalGateway ?? null, justification: given.justification ?? null }
}

const mayRelease: readonly Relationship[] = [...working, 'intel-officer']

const noRules = {
  allowed: false,
  status: 403,
  reason: { code: 'default', stage: 'R46', ruleId: 'system-rules-published', cites: 'Scrutiny Board 2009, 1.17-1.19; R46' },
} as const

/**
 * Operation `releaseToProsecution`: the intelligence unit writes one sanitised text for one named case lawyer, before sentence. It
 * leaves when the lawyer reads it, and is decided again then.
 */
export const releaseToProsecution =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const asked = requestIn(request.body)
    const { caseLawyer, sentenceOn, grade, sanitised, legalGateway, justification } = asked
    return changeCase(uses, {
      caller,
      request,
      operation: 'releaseToProsecution',
      event: 'collection',
      by: mayRelease,
      detail: { caseLawyer, sentenceOn, grade, sanitised, legalGateway, justification },
      async run(context) {
        const { known, tx, at, standing } = context
        const rules = context.rules.systems?.prosecution
        if (rules === undefined) return noRules
        const parties = { subject: known, supplierId: caller.agencyId, recipientId: caseLawyer.agencyId, legalGateway, rules, at }
        const failing = prosecutionReleaseFailing(asked, {
          ...{ callerKind: standing.agency.kind, holdsRole: holdsRole(standing, [rules.role], at), rules, today: londonDay(at) },
          ...{ vetted: standing.person?.intelligenceVetted === true, lawyerKind: await findActiveKind(tx, caseLawyer) },
          agreement: await prosecutionAgreement(tx, parties),
        })
        if (failing !== null) return refusedBy(failing)
        const releaseId = await write(uses, context, asked)
        const { offenderId } = known
        return {
          allowed: true,
          status: 201,
          body: { releaseId, offenderId, sentenceOn, releasedAt: at.toISOString() },
          detail: { releaseId },
        }
      },
    })
  }

const write = async (uses: CaseUses, { known, tx, at, caller }: CaseContext, asked: Request): Promise<string> => {
  const { caseLawyer: lawyer, sentenceOn, grade, caseReference, text } = asked
  const { offenderId } = known
  const id = uses.newId()
  await insertProsecutionRelease(tx, {
    ...{ id, offenderId, lawyer, sentenceOn, grade, at, byAgency: caller.agencyId, byPerson: caller.personSub! },
    sealed: uses.seal(JSON.stringify({ caseReference, text }), { table: 'prosecution_release', id, column: 'sealed' }),
  })
  // Neither the task nor the event names the person: the lawyer learns whom it is about by reading it, which is decided and logged.
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'prosecution-intelligence', offenderId: null, subjectKey: id, dueAt: null, openedAt: at },
    ...{ ownerAgencyId: lawyer.agencyId, ownerRole: null, ownerPersonSub: lawyer.personSub, detail: { releaseId: id, sentenceOn } },
  })
  const refs = { releaseId: id }
  await appendEvent(tx, { id: uses.newId(), kind: 'prosecution-intelligence', toAgencyIds: [caller.agencyId], offenderId, refs, at })
  return id
}
