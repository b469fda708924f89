import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { ConferenceView } from '../../../core/casework/conference-views.ts'
import { deselectionFailing, type ProposedDeselection, reconsiderOn } from '../../../core/casework/deselection.ts'
import { destinationOf } from '../../../core/casework/lead/destination.ts'
import type { Caller } from '../../../core/caller.ts'
import { dayAfter, londonDay, startOfLondonDay } from '../../../core/london.ts'
import { openTask } from '../../../db/casework/tasks.ts'
import { insertDeselection, leaveCohort, passToIom } from '../../../db/cohort/deselections.ts'
import { findReleaseDate } from '../../../db/cohort/release-dates.ts'
import { closeCaseTasks, findActivity } from '../../../db/cohort/reviews.ts'
import { appendEvent } from '../../../db/events.ts'
import type { ChangeOutcome } from '../../commit/change.ts'
import { type CaseContext, type CaseUses, changeCase, informed, refusedBy } from '../strand/case-change.ts'
import { administratorOf, conferenceAgencies, conferenceRefusal, failed, isOfficerOf } from './conference-decision.ts'

type Request = ProposedDeselection & { readonly conferenceId: string; readonly leadAgencyId: string | null }

const requestIn = (body: unknown): Request => {
  const given = body as Pick<Request, 'reasons' | 'outcome' | 'conferenceId'> & Partial<Request>
  return {
    ...given,
    conferenceId: given.conferenceId.toLowerCase(),
    conditions: given.conditions ?? {},
    leadAgencyId: given.leadAgencyId ?? null,
    views: (given.views ?? []).map((view): ConferenceView => ({
      ...view,
      evidence: (view.evidence as readonly string[] | undefined) ?? [],
    })),
  }
}

/**
 * Operation `deselect`: the conference decides, under one of the six coded reasons and its conditions, and a person records it. Out of
 * the cohort its purposes end, and with them the access of whoever worked with the person for the cohort's sake alone (A3-3).
 */
export const deselect =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const asked = requestIn(request.body)
    const { conferenceId, reasons, outcome, views, conditions } = asked
    return changeCase(uses, {
      caller,
      request,
      operation: 'deselect',
      event: 'alteration',
      otherRoute: (context, known) => Promise.resolve(isOfficerOf(context.standing, known.areaId, context.at)),
      detail: { conferenceId, reasons, outcome, views, conditions },
      async run(context) {
        const { known, tx, at, rules, standing } = context
        if (!isOfficerOf(standing, known.areaId, at)) return notOfficer
        const held = await conferenceRefusal(tx, { conferenceId, areaId: known.areaId, at })
        if (held !== null) return held
        const failing = deselectionFailing(asked, {
          ...{ today: londonDay(at), agencyIds: await conferenceAgencies(tx, known.areaId), cohort: known.cohort },
          ...{ custodyAgencyId: known.custodyAgencyId, noActivityMonths: rules.clocks.noActivity.months },
          ...(await findActivity(tx, known.offenderId)),
        })
        return failing === null ? write(uses, context, asked) : failed(failing)
      },
    })
  }

const notOfficer = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R33', ruleId: 'r33-deselection-recorder', cites: 'Scrutiny Board 2009, 1.27; R33' },
} as const

const write = async (uses: CaseUses, context: CaseContext, asked: Request): Promise<ChangeOutcome<object>> => {
  const { known, tx, at, caller, rules } = context
  const { offenderId } = known
  const { conferenceId, reasons, outcome, views, conditions } = asked
  const id = uses.newId()
  // Who is told is settled before the ties end.
  const toAgencyIds = informed(known, at, [known.supervisorAgencyId, known.custodyAgencyId])
  await insertDeselection(tx, {
    ...{ id, offenderId, conferenceId, reasons, outcome, views, at, byAgency: caller.agencyId, byPerson: caller.personSub! },
    sealed: uses.seal(JSON.stringify(conditions), { table: 'deselection', id, column: 'sealed' }),
  })
  if (outcome === 'to-iom') {
    const state = { ...known, cohort: 'iom' as const }
    const destination = destinationOf({
      ...{ state, toStrand: known.strand!, provider: null, namedLeadId: asked.leadAgencyId, agencies: known.agencies },
      ...{ table: rules.leadAgency, at },
    })
    if (!destination.allowed) return refusedBy(destination)
    await passToIom(tx, { offenderId, leadAgencyId: destination.leadAgencyId, at })
  } else {
    await leaveCohort(tx, offenderId, at)
    await closeCaseTasks(tx, { offenderId, kinds: null, outcome: 'de-selected', at })
    await askToReconsider(uses, context, { ...asked, id })
  }
  await appendEvent(tx, { id: uses.newId(), kind: 'de-selected', toAgencyIds, offenderId, refs: { deselectionId: id, outcome }, at })
  const body = { deselectionId: id, offenderId, outcome, recordedAt: at.toISOString() }
  return { allowed: true, status: 201, body, detail: { deselectionId: id } }
}

/** Out of the cohort, the case has no clock of its own any more: what is to be done about it stands open from now on. */
const askToReconsider = async (
  uses: CaseUses,
  { known, tx, at, rules }: CaseContext,
  asked: Request & { readonly id: string },
): Promise<void> => {
  const months = rules.clocks.reconsider?.months
  if (months === undefined) return
  const { offenderId, areaId } = known
  const dueOn = reconsiderOn(asked, { today: londonDay(at), earliestReleaseOn: await findReleaseDate(tx, offenderId), months })
  if (dueOn === null) return
  const administrator = await administratorOf(tx, areaId, uses.partnershipId)
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'deselection-reconsidering', offenderId, subjectKey: offenderId, openedAt: at },
    ...{ ownerAgencyId: administrator.agencyId, ownerRole: administrator.role, ownerPersonSub: null },
    ...{ dueAt: startOfLondonDay(dayAfter(dueOn)), detail: { areaId, deselectionId: asked.id, reconsiderOn: dueOn } },
  })
}
