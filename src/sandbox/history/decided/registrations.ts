import { daysAfter } from '../../../core/london.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import type { AreaId } from '../../cast.ts'
import { idAt, seededBy } from '../../random.ts'
import { type Case, reviewAfter } from '../course/cases.ts'
import { instant } from '../meetings.ts'
import { planRows } from './plans.ts'
import { mergeRows, recordedBy, type Seal } from '../rows.ts'
import { conferenceAgencies, workerOf } from '../staff.ts'
import type { Step } from '../course/timeline.ts'

/** The same version everywhere since the register is kept here. */
export const criteriaVersion = 'matrix-2026-1'

/** One view of each agency of the conference; the police bring the evidence. */
export const viewsOf = (areaId: AreaId, reference: string) =>
  conferenceAgencies(areaId).map((agencyId) => ({
    ...{ agencyId, view: 'support' },
    evidence: agencyId === 'ridings-police' ? [reference] : [],
  }))

/** Who nominated, and why; anybody may (Case Conferencing Guidance 2009, 1.3 b6). */
const nominationOf = ({ person }: Case, step: Step, seal: Seal) => {
  const tie = person.relationships.find(({ kind }) => kind === 'nominating-agency')
  const by = workerOf(tie?.agencyId ?? person.supervisorAgencyId ?? 'ridings-police', person.areaId)
  const at = instant(daysAfter(step.meeting!.heldOn, -2), '10:00')
  const id = idAt(`nomination ${person.id}`, at)
  return {
    ...{ id, proposes: 'add', area_id: step.areaId, cohort: step.cohort, given_name: person.givenName, family_name: person.familyName },
    ...{ born_on: person.bornOn, identifiers: person.identifiers.slice(0, 1).map(({ kind, value }) => ({ kind, value })) },
    sealed: seal('Named in several reports of the last quarter, and known to more than one partner.', 'nomination', id),
    ...{ nominated_by_agency: by.agencyId, nominated_by_person: by.sub, nominated_at: at },
  }
}

/** What the conference decided on a nomination, with the plan that begins with it. */
export const registrationRows = (one: Case, step: Step, seal: Seal): HistoryRows => {
  const { person } = one
  const meeting = step.meeting!
  const id = idAt(`registration ${person.id}`, step.at)
  const random = seededBy(id)
  const nomination = nominationOf(one, step, seal)
  const decided = {
    ...{ offence: random.pick(['Burglary', 'Theft from a shop', 'Assault', 'Possession of class A drugs']) },
    ...{ justiceStatus: person.statutory ? 'Under supervision' : 'No order in force', agreementToRegister: 'Agreed at the meeting.' },
    scoreOnlyReason: null,
  }
  const registration = {
    ...{ id, nomination_id: nomination.id, offender_id: person.id, conference_id: meeting.id, cohort: step.cohort },
    ...{ criteria_version: criteriaVersion, score: random.between(41, 95), score_only: false },
    ...{ views: viewsOf(step.areaId, `case-summary-${id.slice(0, 8)}`), sealed: seal(JSON.stringify(decided), 'registration', id) },
    ...{ review_on: reviewAfter(step.at), ...recordedBy(meeting.spoc, step.at) },
  }
  return mergeRows([{ nomination: [nomination], registration: [registration] }, planRows(one, step, { by: meeting.spoc, seal })])
}

/** What the conference found when it looked at the case again. */
export const reviewRows = (one: Case, step: Step, seal: Seal): HistoryRows => {
  const { person, steps } = one
  const meeting = step.meeting!
  const id = idAt(`review ${person.id} ${step.at}`, step.at)
  const random = seededBy(id)
  const before = steps.findLast(({ at, meeting: held }) => at < step.at && held !== null)!
  const found = {
    pastInterventions: random.pick(['Weekly sessions', 'Two home visits and a course', 'Sessions in the wing']),
    progress: random.pick(['Attends', 'Has missed two sessions', 'Has found a tenancy', 'Looks for work']),
    objectives: [random.pick(['Keep the tenancy', 'Finish the course', 'No further arrest', 'Keep every appointment'])],
  }
  const review = {
    ...{ id, offender_id: person.id, conference_id: meeting.id, strand: step.strand, lead_agency_id: step.lead },
    ...{ period_from: before.at.slice(0, 10), period_to: meeting.heldOn, criteria_version: criteriaVersion, score: random.between(30, 90) },
    ...{ sealed: seal(JSON.stringify(found), 'case_review', id), registration_appropriate: true, strand_appropriate: true },
    ...{ out_of_cycle: false, long_term_custody: false, views: viewsOf(meeting.areaId, `review-${id.slice(0, 8)}`) },
    ...{ review_on: reviewAfter(step.at), ...recordedBy(meeting.spoc, step.at) },
  }
  return { case_review: [review] }
}
