import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import {
  type EmergencyAccess,
  type EmergencyReview,
  findEmergencyAccess,
  findEmergencyReviews,
  insertBreach,
  insertEmergencyReview,
} from '../../db/emergency/emergency-accesses.ts'
import { closeTask } from '../../db/casework/tasks.ts'
import type { Db } from '../../db/db.ts'
import { appendEvent } from '../../db/events.ts'
import { openBreachClock } from '../breaches/open-breach-clock.ts'
import type { CaseUses } from '../casework/strand/case-change.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import type { LoggedLine } from '../commit/logged-work.ts'
import { noRules } from './emergency-view.ts'
import { noSuchAccess } from './read-emergency-access.ts'
import { notOwn, type Reviewer, reviewLocks, type ReviewStanding, standingTo } from './reviewer.ts'

export type ReviewUses = Pick<CaseUses, 'commitChange' | 'newId' | 'seal' | 'partnershipId'> & { readonly database: Db }

interface Asked {
  readonly step: 'triage' | 'decision'
  readonly outcome?: Exclude<EmergencyReview['outcome'], 'looked-at'>
  readonly justification: string
}

/** From the lightest to the gravest: of two decisions the graver stands. */
const gravity = ['justified', 'part-justified', 'not-justified'] as const

/**
 * Operation `reviewEmergencyAccess` (R40): a look within a working day, then a decision of a chair and one of an information-governance
 * officer. What either finds not justified is a breach from that moment on.
 */
export const reviewEmergencyAccess =
  (uses: ReviewUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const emergencyId = request.params.emergencyId!.toLowerCase()
    const asked = request.body as Asked
    const held = await reviewLocks(uses.database, emergencyId)
    return uses.commitChange(caller, {
      operation: 'reviewEmergencyAccess',
      event: 'emergency-reviewed',
      // Releases share the lock of whoever asks: the user's next look waits for this, or comes before it.
      ...{ locks: held.own, sharedLocks: held.along },
      idempotencyKey: request.idempotencyKey,
      detail: { emergencyId, step: asked.step, outcome: outcomeOf(asked), justification: asked.justification, purpose: 'audit-ig' },
      run: (context) => review(uses, context, emergencyId, asked),
    })
  }

/** A look has no outcome but that it was one; a decision has one. */
const outcomeOf = ({ step, outcome }: Asked): EmergencyReview['outcome'] | null => {
  if (step === 'triage') return outcome === undefined ? 'looked-at' : null
  return outcome ?? null
}

const review = async (uses: ReviewUses, context: ChangeContext, emergencyId: string, asked: Asked): Promise<ChangeOutcome<object>> => {
  const { tx, at, caller } = context
  const access = await findEmergencyAccess(tx, emergencyId)
  const reviews: ReviewStanding = access === null ? { as: 'nobody' } : await standingTo(context, access)
  if (access === null || reviews.as === 'nobody') throw noSuchAccess()
  if (reviews.as === 'user') return { allowed: false, reason: notOwn }
  const outcome = outcomeOf(asked)
  if (outcome === null) {
    const details = [{ path: '/outcome', message: 'belongs to a decision, which needs one' }]
    throw new Fault('invalid', 'This is neither a look nor a decision.', { details })
  }
  const id = uses.newId()
  const { step, justification } = asked
  const sealed = uses.seal(JSON.stringify({ justification }), { table: 'emergency_review', id, column: 'sealed' })
  const row = {
    ...{ id, emergencyId, step, reviewer: reviews.as, outcome, sealed, at },
    byAgency: caller.agencyId,
    byPerson: caller.personSub!,
  }
  if (!(await insertEmergencyReview(tx, row))) throw new Fault('conflict', 'This review was made already.')
  await closeTask(tx, { kind: 'emergency-triage', subjectKey: emergencyId, outcome: step, at })
  const outcomeSoFar =
    step === 'triage' ? reviewed(access, { row, conclusion: null, breach: null }) : await decided(uses, context, access, row)
  return reviews.as === 'chair' ? withActing(outcomeSoFar, reviews) : outcomeSoFar
}

/** "X acting for Y, delegation id" (R44). */
const withActing = (
  outcome: ChangeOutcome<object>,
  { authority: { as, actingFor, delegationId } }: Extract<ReviewStanding, { as: 'chair' }>,
): ChangeOutcome<object> => ({ ...outcome, detail: { ...outcome.detail, actedAs: as, actingFor, delegationId } })

const decided = async (
  uses: ReviewUses,
  context: ChangeContext,
  access: EmergencyAccess,
  row: EmergencyReview & { readonly reviewer: Reviewer },
): Promise<ChangeOutcome<object>> => {
  const { tx, at } = context
  await closeTask(tx, { kind: 'emergency-decision', subjectKey: `${access.id} ${row.reviewer}`, outcome: row.outcome, at })
  const decisions = (await findEmergencyReviews(tx, access.id)).filter(({ step }) => step === 'decision')
  const conclusion = decisions.length < 2 ? null : gravity.findLast((one) => decisions.some(({ outcome }) => outcome === one))!
  const breach = row.outcome === 'not-justified' ? await openBreach(uses, context, access) : null
  if (breach === 'no-rules') return { allowed: false, reason: noRules }
  if (conclusion !== null) {
    const refs = { emergencyId: access.id, conclusion }
    const toAgencyIds = [access.agencyId, uses.partnershipId, ...decisions.map(({ byAgency }) => byAgency)]
    await appendEvent(tx, { id: uses.newId(), kind: 'emergency-reviewed', toAgencyIds, offenderId: access.offenderId, refs, at })
  }
  return reviewed(access, { row, conclusion, breach })
}

interface Breach {
  readonly breachId: string
  readonly awareAt: string
  readonly notifyBy: string
}

/** The clock runs "from awareness": the first who finds it not justified is aware. Null when it runs already. */
const openBreach = async (uses: ReviewUses, context: ChangeContext, access: EmergencyAccess): Promise<Breach | null | 'no-rules'> => {
  const { tx, at, caller, policies } = context
  const rules = policies.bundle.change?.emergency
  if (rules === undefined) return 'no-rules'
  const breachId = uses.newId()
  const notifyBy = new Date(at.getTime() + rules.breachHours * 3_600_000)
  const by = { byAgency: caller.agencyId, byPerson: caller.personSub! }
  if (!(await insertBreach(tx, { id: breachId, emergencyId: access.id, awareAt: at, notifyBy, ...by }))) return null
  const { agencyId, offenderId } = access
  const refs = { emergencyId: access.id }
  await openBreachClock(uses, context, { breachId, agencyId, offenderId, refs, notifyBy, assessor: null })
  return { breachId, awareAt: at.toISOString(), notifyBy: notifyBy.toISOString() }
}

interface Reviewed {
  readonly row: EmergencyReview
  readonly conclusion: (typeof gravity)[number] | null
  readonly breach: Breach | null
}

const reviewed = (access: EmergencyAccess, { row, conclusion, breach }: Reviewed): ChangeOutcome<object> => ({
  ...{ allowed: true, status: 201 },
  body: {
    ...{ emergencyId: access.id, step: row.step, reviewer: row.reviewer, outcome: row.outcome, reviewedAt: row.at.toISOString() },
    ...{ conclusion, breach },
  },
  detail: { reviewer: row.reviewer, reviewOf: access.entryId, conclusion, breachId: breach?.breachId ?? null },
  lines: breach === null ? [] : [breachLine(access, breach)],
})

/** A breach is an entry of its own: whoever looks for breaches finds it without knowing of emergencies. */
const breachLine = (access: EmergencyAccess, breach: Breach): LoggedLine => ({
  entry: {
    ...{ event: 'breach-recorded', effect: 'permit', reason: null, offenderId: access.offenderId, purpose: 'audit-ig' },
    content: { ...breach, emergencyId: access.id, openedWith: access.entryId },
  },
  disclosures: [],
})
