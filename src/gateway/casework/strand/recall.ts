import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { refuse, saysSomething } from '../../../core/casework/lead/verdict.ts'
import { decideRecall, type RecallAllowed } from '../../../core/casework/strand/recall.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import type { RecallTier } from '../../../core/case-vocabulary.ts'
import { findRecallAuthorisation, insertRecall, insertRecallAuthorisation, minutesShowRecall } from '../../../db/casework/recalls.ts'
import { openTask } from '../../../db/casework/tasks.ts'
import { appendEvent } from '../../../db/events.ts'
import { holdsAt } from '../../../core/case/relationship.ts'
import { type CaseContext, type CaseUses, changeCase, informed, refusedBy } from './case-change.ts'

const cites = 'Case Conferencing Guidance 2009, aide memoire: prison; R34'

interface RecallBody {
  readonly tier: RecallTier
  readonly grounds: string | null
  readonly authorisationId: string | null
  readonly policeExchangeAt: string | null
  readonly applicationAt: string
  readonly exception: string | null
}

const bodyOf = (body: unknown): RecallBody => {
  const given = body as Partial<RecallBody> & Pick<RecallBody, 'applicationAt'>
  const { tier = '24h', grounds = null, policeExchangeAt = null, exception = null } = given
  return { ...given, tier, grounds, policeExchangeAt, exception, authorisationId: given.authorisationId?.toLowerCase() ?? null }
}

/** Operation `authoriseRecall`: an Assistant Chief Officer of probation, on a minute of the meeting that agreed it. */
export const authoriseRecall =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as { minuteReferenceId: string; justification?: string | null }
    const minuteReferenceId = body.minuteReferenceId.toLowerCase()
    const justification = body.justification ?? null
    return changeCase(uses, {
      caller,
      request,
      operation: 'authoriseRecall',
      event: 'alteration',
      detail: { minuteReferenceId, justification },
      otherRoute: ({ standing, at }, known) => Promise.resolve(isOfficer(standing, known.areaId, at)),
      async run(context) {
        const { known, tx, at } = context
        const { offenderId } = known
        const mayAuthorise = context.standing.agency.kind === 'probation' && isOfficer(context.standing, known.areaId, at)
        if (!mayAuthorise) return refusedBy(refuse('recall-authority', { ruleId: 'recall-officer', stage: 'R34', cites, status: 403 }))
        if (!saysSomething(justification))
          return refusedBy(refuse('evidence', { ruleId: 'recall-authority-says-why', stage: 'R34', cites }))
        if (!(await minutesShowRecall(tx, { id: minuteReferenceId, offenderId }))) {
          return refusedBy(refuse('recall-authority', { ruleId: 'recall-minuted', stage: 'R34', cites }))
        }
        const authorisationId = uses.newId()
        const sealed = uses.seal(justification!, { table: 'recall_authorisation', id: authorisationId, column: 'sealed' })
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub! }
        await insertRecallAuthorisation(tx, { id: authorisationId, offenderId, minuteReferenceId, ...by, sealed, at })
        return {
          allowed: true,
          status: 201,
          body: { authorisationId, offenderId, authorisedAt: at.toISOString() },
          detail: { authorisationId },
        }
      },
    })
  }

const isOfficer = (standing: CaseContext['standing'], areaId: string, at: Date): boolean =>
  standing.appointments.some((one) => one.role === 'aco-probation' && (one.areaId === null || one.areaId === areaId) && holdsAt(one, at))

/** Operation `recordRecall`: 24 hours unless authorised; information is exchanged with the police before the application (para 44). */
export const recordRecall =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = bodyOf(request.body)
    const { tier, authorisationId, policeExchangeAt, applicationAt, grounds, exception } = body
    return changeCase(uses, {
      caller,
      request,
      operation: 'recordRecall',
      event: 'alteration',
      detail: { tier, authorisationId, policeExchangeAt, applicationAt, justification: grounds, exception },
      async run(context) {
        const { known, standing, tx, rules, at } = context
        const authorised =
          authorisationId === null ? null : await findRecallAuthorisation(tx, { id: authorisationId, offenderId: known.offenderId })
        const verdict = decideRecall({
          ...{ tier, grounds, exception, at, rules: rules.recall, statutory: known.statutory, inCustody: known.custodyAgencyId !== null },
          caller: { agencyId: caller.agencyId, kind: standing.agency.kind, personSub: caller.personSub! },
          authorisation: authorised,
          policeExchangeAt: policeExchangeAt === null ? null : new Date(policeExchangeAt),
          applicationAt: new Date(applicationAt),
        })
        if (!verdict.allowed) return refusedBy(verdict)
        if (tier === '24h' && authorisationId !== null) {
          throw new Fault('invalid', 'A 24-hour recall needs no authority.', {
            details: [{ path: '/authorisationId', message: 'belongs to a two-hour recall' }],
          })
        }
        const recallId = await write(uses, context, { body, verdict })
        const dueAt = verdict.dueAt.toISOString()
        return {
          allowed: true,
          status: 201,
          body: { recallId, offenderId: known.offenderId, tier, dueAt, exception: verdict.exception, recordedAt: at.toISOString() },
          detail: { recallId, dueAt, reported: verdict.exception },
        }
      },
    })
  }

const write = async (uses: CaseUses, context: CaseContext, done: { readonly body: RecallBody; readonly verdict: RecallAllowed }) => {
  const { known, tx, caller, at } = context
  const { body, verdict } = done
  const { offenderId } = known
  const id = uses.newId()
  await insertRecall(tx, {
    ...{ id, offenderId, tier: body.tier, authorisationId: body.authorisationId, exception: verdict.exception, dueAt: verdict.dueAt, at },
    policeExchangeAt: body.policeExchangeAt === null ? null : new Date(body.policeExchangeAt),
    applicationAt: new Date(body.applicationAt),
    sealed: uses.seal(JSON.stringify({ grounds: body.grounds, exception: body.exception }), { table: 'recall', id, column: 'sealed' }),
    byAgency: caller.agencyId,
    byPerson: caller.personSub!,
  })
  const refs = { recallId: id, tier: body.tier, dueAt: verdict.dueAt.toISOString() }
  await appendEvent(tx, { id: uses.newId(), kind: 'recalled', toAgencyIds: informed(known, at), offenderId, refs, at })
  if (verdict.exception) {
    // "Exceptions are reported": the recall is not stopped, and somebody looks at why (MPA report 2011, para 44).
    await openTask(tx, {
      ...{ id: uses.newId(), kind: 'recall-report', offenderId, ownerAgencyId: uses.partnershipId, ownerRole: 'ig-officer' },
      ...{ ownerPersonSub: null, dueAt: null, subjectKey: id, detail: { recallId: id }, openedAt: at },
    })
  }
  return id
}
