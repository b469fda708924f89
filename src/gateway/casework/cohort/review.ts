import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { type ConferenceView, viewsFailing } from '../../../core/casework/conference-views.ts'
import { exemptionFailing, reviewDateFailing } from '../../../core/casework/reviews.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { londonDay } from '../../../core/london.ts'
import { openTask } from '../../../db/casework/tasks.ts'
import { closeCaseTasks, insertReview } from '../../../db/cohort/reviews.ts'
import { appendEvent } from '../../../db/events.ts'
import { type CaseContext, type CaseUses, changeCase, informed } from '../strand/case-change.ts'
import { administratorOf, conferenceAgencies, conferenceRefusal, failed, isOfficerOf } from './conference-decision.ts'

interface ReviewRequest {
  readonly conferenceId: string
  readonly periodFrom: string
  readonly periodTo: string
  readonly criteriaVersion: string
  readonly score: number | null
  readonly pastInterventions: string
  readonly progress: string
  readonly objectives: readonly string[]
  readonly registrationAppropriate: boolean
  readonly strandAppropriate: boolean
  readonly outOfCycle: boolean
  readonly longTermCustody: boolean
  readonly views: readonly ConferenceView[]
  readonly reviewOn: string
}

const requestIn = (body: unknown): ReviewRequest => {
  const given = body as Partial<ReviewRequest> & Omit<ReviewRequest, 'score' | 'outOfCycle' | 'longTermCustody' | 'views'>
  return {
    ...given,
    conferenceId: given.conferenceId.toLowerCase(),
    score: given.score ?? null,
    outOfCycle: given.outOfCycle ?? false,
    longTermCustody: given.longTermCustody ?? false,
    views: (given.views ?? []).map((view) => ({ ...view, evidence: (view.evidence as readonly string[] | undefined) ?? [] })),
  }
}

/**
 * Operation `recordReview`: what the conference found, and the day of the next. Recorded by the lead or by the officers of the
 * area's conference; from the answer on, what is shared is no longer stale.
 */
export const recordReview =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const asked = requestIn(request.body)
    const { conferenceId, reviewOn, registrationAppropriate, strandAppropriate, longTermCustody, outOfCycle, score, criteriaVersion } =
      asked
    return changeCase(uses, {
      caller,
      request,
      operation: 'recordReview',
      event: 'alteration',
      otherRoute: (context, known) => Promise.resolve(isOfficerOf(context.standing, known.areaId, context.at)),
      detail: {
        ...{ conferenceId, reviewOn, registrationAppropriate, strandAppropriate, longTermCustody, outOfCycle, score, criteriaVersion },
        views: asked.views,
      },
      async run(context) {
        const { known, tx, at, rules } = context
        if (known.leadAgencyId !== caller.agencyId && !isOfficerOf(context.standing, known.areaId, at)) return notLead
        if (asked.periodFrom > asked.periodTo) throw wrong('/periodFrom', 'is after the end of the period')
        const held = await conferenceRefusal(tx, { conferenceId, areaId: known.areaId, at })
        if (held !== null) return held
        const failing =
          exemptionFailing(longTermCustody, known.custodyAgencyId) ??
          reviewDateFailing(reviewOn, { today: londonDay(at), mostDays: rules.clocks.review.mostDays, exempt: longTermCustody }) ??
          viewsFailing(asked.views, { agencyIds: await conferenceAgencies(tx, known.areaId), evidenceNeeded: false })
        if (failing !== null) return failed(failing)
        const reviewId = await write(uses, context, asked)
        return {
          allowed: true,
          status: 201,
          body: { reviewId, offenderId: known.offenderId, reviewOn, recordedAt: at.toISOString() },
          detail: { reviewId },
        }
      },
    })
  }

const notLead = {
  allowed: false,
  status: 403,
  reason: { code: 'not-lead', stage: 'R33', ruleId: 'r33-review-recorder', cites: 'Case Conferencing Guidance 2009, 1.3 b3-b4; R33' },
} as const

const wrong = (path: string, message: string): Fault =>
  new Fault('invalid', 'The review cannot be recorded like this.', { details: [{ path, message }] })

const write = async (uses: CaseUses, context: CaseContext, asked: ReviewRequest): Promise<string> => {
  const { known, tx, at, caller } = context
  const { offenderId } = known
  const id = uses.newId()
  const { pastInterventions, progress, objectives, ...row } = asked
  await insertReview(tx, {
    ...{ ...row, id, offenderId, strand: known.strand, leadAgencyId: known.leadAgencyId, at },
    sealed: uses.seal(JSON.stringify({ pastInterventions, progress, objectives }), { table: 'case_review', id, column: 'sealed' }),
    ...{ byAgency: caller.agencyId, byPerson: caller.personSub! },
  })
  await closeCaseTasks(tx, { offenderId, kinds: ['review-due', 'review-overdue'], outcome: 'reviewed', at })
  const refs = { reviewId: id, reviewOn: asked.reviewOn }
  await appendEvent(tx, { id: uses.newId(), kind: 'reviewed', toAgencyIds: informed(known, at), offenderId, refs, at })
  if (!asked.registrationAppropriate || !asked.strandAppropriate) await askForDecision(uses, context, { ...asked, id })
  return id
}

/** What the review found wrong is for people to decide: the review itself moves nobody. */
const askForDecision = async (
  uses: CaseUses,
  { known, tx, at }: CaseContext,
  found: ReviewRequest & { readonly id: string },
): Promise<void> => {
  const { offenderId, areaId } = known
  const administrator = await administratorOf(tx, areaId, uses.partnershipId)
  const [ownerAgencyId, ownerRole] = found.registrationAppropriate
    ? [known.leadAgencyId ?? administrator.agencyId, null]
    : [administrator.agencyId, administrator.role]
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'case-review', offenderId, ownerAgencyId, ownerRole, ownerPersonSub: null, dueAt: null, openedAt: at },
    subjectKey: `review ${found.id}`,
    detail: { reviewId: found.id, areaId, about: found.registrationAppropriate ? 'strand' : 'registration' },
  })
}
