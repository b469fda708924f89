import { daysAfter } from '../../../core/london.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { idAt } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import { instant, type Meeting } from '../meetings.ts'
import { viewsOf } from './registrations.ts'
import { mergeRows, recordedBy, type Seal } from '../rows.ts'
import { officersOf, workerOf } from '../staff.ts'
import { taskRow } from '../waiting/task-row.ts'
import type { Step } from '../course/timeline.ts'

/** From Calder to Wharfe, "only where the address is stable", each area by an officer of its own (Guidance 2009, 1.3 b8). */
export const transferRows = ({ person }: Case, step: Step): HistoryRows => {
  const day = step.at.slice(0, 10)
  const [from, to] = [officersOf('calder').spoc, officersOf(person.areaId).spoc]
  const proposedAt = instant(daysAfter(day, -7), '10:00')
  const id = idAt(`transfer ${person.id}`, proposedAt)
  const answer = (areaId: string, by: typeof from, at: string) => ({
    ...{ transfer_id: id, area_id: areaId, accepted: true, review_on: areaId === person.areaId ? daysAfter(day, 112) : null },
    ...{ answered_by_agency: by.agencyId, answered_by_person: by.sub, answered_at: at },
  })
  return {
    area_transfer: [
      {
        ...{ id, offender_id: person.id, from_area_id: 'calder', to_area_id: person.areaId, address_stable_since: daysAfter(day, -80) },
        ...{ proposed_by_agency: from.agencyId, proposed_by_person: from.sub, proposed_at: proposedAt },
      },
    ],
    area_transfer_answer: [answer('calder', from, instant(daysAfter(day, -3), '12:00')), answer(person.areaId, to, step.at)],
  }
}

interface Left {
  readonly offenderId: string
  readonly meeting: Meeting
  readonly at: string
  readonly reason: 'stopped-offending' | 'two-year-review' | 'moved-area'
  readonly outcome: 'moved' | 'to-iom'
  readonly conditions: Readonly<Record<string, unknown>>
  readonly seal: Seal
}

const deselectionRow = ({ offenderId, meeting, at, reason, outcome, conditions, seal }: Left) => {
  const id = idAt(`deselection ${offenderId}`, at)
  return {
    ...{ id, offender_id: offenderId, conference_id: meeting.id, reasons: [reason], outcome },
    ...{ sealed: seal(JSON.stringify(conditions), 'deselection', id), views: viewsOf(meeting.areaId, `summary-${id.slice(0, 8)}`) },
    ...recordedBy(meeting.spoc, at),
  }
}

/** "A de-selected PPO may pass to IOM rather than exit" (Offender Management Update 2009, 4.6). */
export const passedRows = ({ person }: Case, step: Step, seal: Seal): HistoryRows => {
  const because = {
    reason: 'moved-area',
    conditions: { receivingAreaNotInformedBecause: 'Stays in the area, out of the priority list' },
  } as const
  return {
    deselection: [deselectionRow({ offenderId: person.id, meeting: step.meeting!, at: step.at, outcome: 'to-iom', seal, ...because })],
  }
}

/** Somebody who is in the cohort no more: moved away, and the area there was told. */
export const leftRows = (offenderId: string, meeting: Meeting, seal: Seal): HistoryRows => {
  const conditions = { receivingAreaInformedOn: daysAfter(meeting.heldOn, -5) }
  const row = deselectionRow({ offenderId, meeting, at: meeting.at, reason: 'moved-area', outcome: 'moved', conditions, seal })
  return { deselection: [row] }
}

/** Within 24 hours, after the police were spoken to (MPA report 2011, para 44). */
export const recallRows = ({ person }: Case, step: Step, seal: Seal): HistoryRows => {
  const id = idAt(`recall ${person.id}`, step.at)
  const day = step.at.slice(0, 10)
  const by = workerOf('ridings-probation', step.areaId)
  const sealed = seal(JSON.stringify({ grounds: 'Left the approved address and kept no appointment.', exception: null }), 'recall', id)
  return {
    recall: [
      {
        ...{ id, offender_id: person.id, tier: '24h', police_exchange_at: instant(day, '08:40'), application_at: instant(day, '09:50') },
        ...{ exception: false, due_at: instant(daysAfter(day, 1), '09:50'), sealed, recorded_at: step.at },
        ...{ proposed_by_agency: by.agencyId, proposed_by_person: by.sub },
      },
    ],
  }
}

/** An arrest that was another person's: the officer who found it told its originator, who has corrected it (DPA 2018 s.46-48). */
export const rectificationRows = ({ person }: Case, today: string, seal: Seal): HistoryRows => {
  const at = instant(daysAfter(today, -34), '10:10')
  const doneAt = instant(daysAfter(today, -31), '14:20')
  const id = idAt(`rectification ${person.id}`, at)
  const detail = { rectificationId: id, category: 'arrest-disposal', change: 'rectified' }
  return {
    rectification: [
      {
        ...{ id, offender_id: person.id, kind: 'rectified', category: 'arrest-disposal', originator_agency_id: 'ridings-police' },
        sealed: seal(JSON.stringify({ ground: 'The arrest was of a namesake.', itemReference: null }), 'rectification', id),
        ...recordedBy({ agencyId: 'ridings-partnership', sub: 'ig-officer' }, at),
      },
    ],
    rectification_notice: [{ rectification_id: id, agency_id: 'ridings-police', releases: 0 }],
    rectification_acknowledgement: [
      { rectification_id: id, agency_id: 'ridings-police', outcome: 'corrected', person_sub: 'analyst', acknowledged_at: doneAt },
    ],
    task: [
      taskRow({
        ...{ kind: 'correction-acknowledgement', subjectKey: `${id} ridings-police`, offenderId: null, owner: 'ridings-police', detail },
        ...{ openedAt: at, closed: { at: doneAt, outcome: 'corrected' } },
      }),
    ],
  }
}

interface Proposed {
  readonly name: readonly [given: string, family: string]
  readonly grounds: string
  readonly at: string
  readonly answered?: { readonly at: string; readonly outcome: string }
}

const proposedRows = ({ name, grounds, at, answered }: Proposed, seal: Seal): HistoryRows => {
  const id = idAt(`nomination ${name.join(' ')}`, at)
  const by = workerOf('calder-housing', 'calder')
  const task = { kind: 'nomination-matching', subjectKey: id, offenderId: null, owner: 'ridings-partnership', role: 'spoc' } as const
  return {
    nomination: [
      {
        ...{ id, proposes: 'add', area_id: 'calder', cohort: 'iom', given_name: name[0], family_name: name[1], born_on: '1993-06-08' },
        ...{ identifiers: [], sealed: seal(grounds, 'nomination', id) },
        ...{ nominated_by_agency: by.agencyId, nominated_by_person: by.sub, nominated_at: at },
      },
    ],
    task: [
      taskRow({
        ...{ ...task, detail: { nominationId: id, areaId: 'calder', proposes: 'add' }, openedAt: at },
        ...(answered === undefined ? {} : { closed: answered }),
      }),
    ],
  }
}

/** One that the conference did not register, and one that waits for the next. */
export const nominationRows = (meetings: readonly Meeting[], today: string, seal: Seal): HistoryRows => {
  const heard = meetings.at(-3)!
  const declined: Proposed = {
    name: ['Emery', 'Stageworth'],
    grounds: 'Complaints of neighbours about noise.',
    at: instant(daysAfter(heard.heldOn, -8), '11:15'),
    answered: { at: heard.at, outcome: 'not-registered' },
  }
  const at = instant(daysAfter(today, -4), '10:45')
  const waiting: Proposed = { name: ['Marley', 'Trialgate'], grounds: 'Named by two landlords after thefts from sheds.', at }
  return mergeRows([proposedRows(declined, seal), proposedRows(waiting, seal)])
}
