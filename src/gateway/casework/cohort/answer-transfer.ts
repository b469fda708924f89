import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { agreementStanding, usable } from '../../../core/agreements/agreement.ts'
import { leadFactsOf } from '../../../core/casework/lead/case-state.ts'
import { reviewDateFailing } from '../../../core/casework/reviews.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Reason } from '../../../core/decision/decision.ts'
import { Fault } from '../../../core/fault.ts'
import { londonDay } from '../../../core/london.ts'
import { listAgencyKinds } from '../../../db/facts.ts'
import { closeTask } from '../../../db/casework/tasks.ts'
import {
  endTiesOf,
  findAgenciesOutside,
  findTransfer,
  insertTransferAnswer,
  moveToArea,
  type TransferState,
} from '../../../db/cohort/transfers.ts'
import { appendEvent } from '../../../db/events.ts'
import { findAgreementVersionsOf } from '../../../db/registry/agreements.ts'
import type { ChangeOutcome } from '../../commit/change.ts'
import { type CaseContext, type CaseUses, changeCase, informed } from '../strand/case-change.ts'
import { conferenceAgencies, failed, isOfficerOf } from './conference-decision.ts'
import { addressUnstable } from './propose-transfer.ts'

interface Request {
  readonly areaId: string
  readonly answer: 'accepted' | 'refused'
  /** What the answering area finds; the address may have changed since the proposal. */
  readonly address: 'stable' | 'unstable' | 'unknown'
  readonly justification: string
  /** The day of the next review, which the area that takes the case sets. */
  readonly reviewOn?: string
}

/**
 * Operation `answerTransfer`: each of the two areas answers for itself, by an officer of its conference. With the second acceptance
 * the case changes its one owner, if an agreement lets the lead share in the new area; the area that takes it sets its next review.
 */
export const answerTransfer =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const transferId = (request.params.transferId ?? '').toLowerCase()
    const { areaId, answer, address, justification, reviewOn = null } = request.body as Request
    return changeCase(uses, {
      caller,
      request,
      operation: 'answerTransfer',
      event: 'alteration',
      // The receiving area has no tie to the person yet: that it was asked is its route.
      otherRoute: async (context, known) => {
        const transfer = await findTransfer(context.tx, transferId)
        return (
          transfer?.offenderId === known.offenderId && isOfficerOf(context.standing, areaId, context.at) && isOfTransfer(transfer, areaId)
        )
      },
      detail: { transferId, areaId, answer, address, justification, reviewOn },
      async run(context) {
        const { known, tx, at, standing } = context
        const transfer = await findTransfer(tx, transferId)
        if (transfer?.offenderId !== known.offenderId || !isOfTransfer(transfer, areaId))
          throw new Fault('not-found', 'There is no such transfer of this case.')
        if (!isOfficerOf(standing, areaId, at)) return notOfficer
        if (transfer.answers.some(({ accepted }) => !accepted) || transfer.answers.some((one) => one.areaId === areaId))
          throw new Fault('conflict', 'The area has answered, or the transfer is over.')
        if (transfer.answers.some((one) => one.byAgency === caller.agencyId && one.byPerson === caller.personSub)) return sameOfficer
        if (answer === 'accepted' && address !== 'stable')
          return failed({ reason: addressUnstable, errors: [{ path: '/address', message: 'is not stable' }] })
        const accepted = answer === 'accepted'
        const undated = accepted && areaId === transfer.toAreaId ? reviewFailing(context, reviewOn) : null
        if (undated !== null) return failed(undated)
        return give(uses, context, { transfer, areaId, accepted, reviewOn: areaId === transfer.toAreaId ? reviewOn : null })
      },
    })
  }

const isOfTransfer = (transfer: TransferState, areaId: string): boolean => areaId === transfer.fromAreaId || areaId === transfer.toAreaId

const reviewFailing = ({ at, rules }: CaseContext, reviewOn: string | null) =>
  reviewDateFailing(reviewOn ?? '', { today: londonDay(at), mostDays: rules.clocks.review.mostDays, exempt: false })

const notOfficer = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R37', ruleId: 'r37-area-officer', cites: 'Case Conferencing Guidance 2009, 1.3 b8; R37' },
} as const

/** Two areas answer, so two people do. */
const sameOfficer = {
  allowed: false,
  status: 403,
  reason: { code: 'separation-of-duties', stage: 'R37', ruleId: 'r37-two-officers', cites: 'Case Conferencing Guidance 2009, 1.3 b8; R37' },
} as const

interface Given {
  readonly transfer: TransferState
  readonly areaId: string
  readonly accepted: boolean
  readonly reviewOn: string | null
}

const give = async (uses: CaseUses, context: CaseContext, given: Given): Promise<ChangeOutcome<object>> => {
  const { transfer, areaId, accepted, reviewOn } = given
  const { known, tx, at, caller } = context
  const { id: transferId } = transfer
  const other = transfer.answers.find((one) => one.areaId !== areaId)
  await insertTransferAnswer(tx, { transferId, areaId, accepted, reviewOn, byAgency: caller.agencyId, byPerson: caller.personSub!, at })
  await closeTask(tx, {
    kind: 'transfer-acceptance',
    subjectKey: `${transferId} ${areaId}`,
    outcome: accepted ? 'accepted' : 'refused',
    at,
  })
  const answered = (state: string, ownerAreaId: string) => ({
    transferId,
    offenderId: known.offenderId,
    state,
    ownerAreaId,
    answeredAt: at.toISOString(),
  })
  if (!accepted) {
    const second = areaId === transfer.fromAreaId ? transfer.toAreaId : transfer.fromAreaId
    await closeTask(tx, { kind: 'transfer-acceptance', subjectKey: `${transferId} ${second}`, outcome: 'refused', at })
    return { allowed: true, status: 200, body: answered('refused', known.areaId) }
  }
  if (other === undefined) return { allowed: true, status: 200, body: answered('proposed', known.areaId) }
  return complete(uses, context, { transfer, reviewOn: reviewOn ?? other.reviewOn!, body: answered('completed', transfer.toAreaId) })
}

const noAgreement: Reason = {
  code: 'isa-none',
  stage: 'R37',
  ruleId: 'r37-agreement-in-new-area',
  cites: 'Case Conferencing Guidance 2009, 1.3 b8; MPA report 2011, para 43; R37',
}

const complete = async (
  uses: CaseUses,
  context: CaseContext,
  { transfer, reviewOn, body }: { readonly transfer: TransferState; readonly reviewOn: string; readonly body: object },
): Promise<ChangeOutcome<object>> => {
  const { known, tx, at } = context
  const { offenderId, leadAgencyId } = known
  const { fromAreaId, toAreaId } = transfer
  const outside = await findAgenciesOutside(tx, offenderId, toAreaId)
  if (leadAgencyId === null || outside.includes(leadAgencyId))
    return failed({ reason: noAgreement, errors: [{ path: '/areaId', message: 'is not served by the agency that leads the case' }] })
  const covered = await coveredBy(context, toAreaId)
  if (!covered.police)
    return failed({
      reason: noAgreement,
      errors: [{ path: '/areaId', message: 'has no police with which the lead has an agreement in force' }],
    })
  if (!(await moveToArea(tx, { offenderId, fromAreaId, toAreaId, reviewOn })))
    throw new Fault('conflict', 'The case has another owner meanwhile.')
  await endTiesOf(tx, { offenderId, agencyIds: outside, at })
  const refs = { transferId: transfer.id, fromAreaId, toAreaId }
  await appendEvent(tx, { id: uses.newId(), kind: 'transferred', toAgencyIds: informed(known, at, covered.agencies), offenderId, refs, at })
  return {
    allowed: true,
    status: 200,
    body: { ...body, reviewOn, notCovered: covered.without, tiesEnded: outside },
    detail: { fromAreaId, toAreaId, reviewOn, tiesEnded: outside, notCovered: covered.without },
  }
}

/** To whom of the new area's conference the lead may say who is in the cohort: asked anew, since the parties are others (A0-9). */
const coveredBy = async (
  { tx, known, at }: CaseContext,
  toAreaId: string,
): Promise<{ readonly agencies: readonly string[]; readonly without: readonly string[]; readonly police: boolean }> => {
  const lead = known.leadAgencyId!
  const versions = await findAgreementVersionsOf(tx, lead)
  const { ageBand } = leadFactsOf(known, known.strand, at)
  const question = { category: 'cohort-status', purpose: 'risk-management', supplier: lead, cohort: known.cohort, at } as const
  const covers = (recipient: string): boolean =>
    recipient === lead ||
    usable(agreementStanding(versions, { ...question, recipient, ageBand: ageBand === 'unknown' ? null : ageBand }).standing)
  const members = await conferenceAgencies(tx, toAreaId)
  const agencies = members.filter(covers)
  const kinds = new Map((await listAgencyKinds(tx)).map(({ id, kind }) => [id, kind]))
  const police = agencies.some((agencyId) => kinds.get(agencyId) === 'police')
  return { agencies, without: members.filter((agencyId) => !agencies.includes(agencyId)), police }
}
