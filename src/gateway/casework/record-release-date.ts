import type { Answer, OperationRequest } from '../../core/answer.ts'
import { preReleaseOn } from '../../core/casework/due-dates.ts'
import type { Caller } from '../../core/caller.ts'
import type { Relationship } from '../../core/facts.ts'
import { Fault } from '../../core/fault.ts'
import { dayAfter, isDay, startOfLondonDay } from '../../core/london.ts'
import { openTask } from '../../db/casework/tasks.ts'
import { setReleaseDate } from '../../db/cohort/release-dates.ts'
import { closeCaseTasks } from '../../db/cohort/reviews.ts'
import { type CaseContext, type CaseUses, changeCase, working } from './strand/case-change.ts'

interface Request {
  readonly earliestReleaseOn: string
  readonly homeDetentionCurfew?: boolean
  readonly justification?: string | null
}

const mayRecord: readonly Relationship[] = [...working, 'prison-reception']

/**
 * Operation `recordReleaseDate`: by the prison that holds the person, or by those who supervise. Licence conditions are discussed three
 * months before, five where home detention curfew is possible; the task moves with the date, at once (Guidance 2009, 1.3 b7).
 */
export const recordReleaseDate =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const asked = request.body as Request
    const { earliestReleaseOn, homeDetentionCurfew: hdcEligible = false, justification = null } = asked
    return changeCase(uses, {
      caller,
      request,
      operation: 'recordReleaseDate',
      event: 'alteration',
      by: mayRecord,
      detail: { earliestReleaseOn, hdcEligible, justification },
      async run(context) {
        const { known, tx, at } = context
        const { offenderId } = known
        if (caller.agencyId !== known.custodyAgencyId && caller.agencyId !== known.supervisorAgencyId) return notHolder
        if (known.custodyAgencyId === null) throw new Fault('conflict', 'The person is not in custody.')
        if (!isDay(earliestReleaseOn))
          throw new Fault('invalid', 'There is no such day.', { details: [{ path: '/earliestReleaseOn', message: 'is not a day' }] })
        await setReleaseDate(tx, { offenderId, earliestReleaseOn, hdcEligible })
        const dueOn = await moveTask(uses, context, { earliestReleaseOn, hdcEligible })
        return {
          ...{ allowed: true, status: 200, detail: { dueOn } },
          body: { offenderId, earliestReleaseOn, homeDetentionCurfew: hdcEligible, planningDueOn: dueOn, recordedAt: at.toISOString() },
        }
      },
    })
  }

const notHolder = {
  allowed: false,
  status: 403,
  reason: { code: 'not-lead', stage: 'R35', ruleId: 'r35-release-date-recorder', cites: 'Case Conferencing Guidance 2009, 1.3 b7; R35' },
} as const

const moveTask = async (
  uses: CaseUses,
  { known, tx, at, rules }: CaseContext,
  release: { readonly earliestReleaseOn: string; readonly hdcEligible: boolean },
): Promise<string> => {
  const { offenderId, areaId } = known
  const { preRelease } = rules.clocks
  const dueOn = preReleaseOn(release, preRelease)
  const months = release.hdcEligible ? preRelease.monthsForHomeDetentionCurfew : preRelease.months
  await closeCaseTasks(tx, { offenderId, kinds: ['pre-release-planning'], outcome: 'superseded', at })
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'pre-release-planning', offenderId, ownerRole: null, ownerPersonSub: null, openedAt: at },
    ownerAgencyId: known.supervisorAgencyId ?? known.leadAgencyId ?? uses.partnershipId,
    subjectKey: `${offenderId} ${release.earliestReleaseOn} ${months}`,
    dueAt: startOfLondonDay(dayAfter(dueOn)),
    detail: { areaId },
  })
  return dueOn
}
