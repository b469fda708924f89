import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { isStoryPerson } from '../../people/story.ts'
import { idAt, seededBy } from '../../random.ts'
import { type Heard, minuteIdOf } from './agenda.ts'
import { instant, type Meeting } from '../meetings.ts'
import { mergeRows, recordedBy, type Seal } from '../rows.ts'
import { coreMembers, officersOf, type Worker, workerOf } from '../staff.ts'

const isSame = (one: Worker, other: Worker): boolean => one.agencyId === other.agencyId && one.sub === other.sub

/** Who of Calder came: everybody but one or two who sent apologies, and the chair where the deputy chaired. */
const presentAt = (meeting: Meeting) => {
  const random = seededBy(`present ${meeting.id}`)
  const { chair, deputy, spoc } = officersOf(meeting.areaId)
  const members = coreMembers.filter((one) => ![chair, deputy].some((officer) => isSame(one, officer)))
  const away = random.pick(members)
  const deputised = meeting.chairedAs === 'deputy-chair'
  return [
    { ...chair, part: 'chair', state: deputised ? 'apologies' : 'attended' },
    { ...deputy, part: deputised ? 'deputy-acting' : 'core-member', state: 'attended' },
    { ...spoc, part: 'spoc', state: 'attended' },
    ...members.map((one) => ({ ...one, part: 'core-member', state: isSame(one, away) ? 'apologies' : 'attended' })),
  ]
}

/** Invited, came, and acknowledged the statement that binds the meeting, each for themselves. */
const attendingRows = (meeting: Meeting): HistoryRows => {
  const people = presentAt(meeting)
  const { agencyId, sub } = meeting.spoc
  const invitedAt = instant(meeting.heldOn.replace(/\d\d$/, '01'), '09:00')
  const person = (one: Worker) => ({ conference_id: meeting.id, agency_id: one.agencyId, person_sub: one.sub })
  return {
    conference_invitation: people.map((one) => ({
      ...person(one),
      ...{ invited_by_agency: agencyId, invited_by_person: sub, invited_at: meeting.heldOn.startsWith('2026-01') ? meeting.at : invitedAt },
    })),
    attendance: people.map(({ part, state, ...one }) => ({ ...person(one), part, state, ...recordedBy(meeting.spoc, meeting.at) })),
    acknowledgement: people
      .filter(({ state }) => state === 'attended')
      .map((one) => ({ ...person(one), statement_version: 1, kind: 'acknowledged', happened_at: instant(meeting.heldOn, '10:05') })),
  }
}

const texts = [
  'The lead reported on the last weeks. No further concern was raised by those present.',
  'Attendance was gone through. The case manager will speak about it at the next visit.',
  'Accommodation was discussed; the tenancy holds for now.',
] as const

/** The default labels of conference papers: a default and not a decision (policies/change/conference.yaml). */
const foiLabels = ['foia-30-1-b', 'foia-38', 'foia-40-2']

/** That the risk outweighs confidentiality, and then what was said: one paragraph of what was reported, one of what is to be done. */
const discussionRows = (heard: Heard, first: number, seal: Seal): HistoryRows => {
  const { meeting, one, step } = heard
  const by = recordedBy(meeting.spoc, meeting.at)
  const discussion = idAt(`discussion ${meeting.id} ${one.person.id}`, meeting.at)
  const about = { conference_id: meeting.id, offender_id: one.person.id }
  const worker = workerOf(step.lead, step.areaId)
  const written = [seededBy(discussion).pick(texts), 'The case manager reports at the next conference.'].map((text, place) => {
    const id = idAt(`paragraph ${meeting.id} ${one.person.id} ${place}`, meeting.at)
    // Bound to its version, as every paragraph is: see how the gateway writes and opens them.
    const sealed = seal(JSON.stringify({ text, why: null }), 'paragraph_version', `${id} 1`)
    const action = place === 1 ? { action_agency: worker.agencyId, action_sub: worker.sub } : {}
    return {
      paragraph: { id, conference_id: meeting.id, form: 'minutes', number: first + place },
      version: {
        ...{ paragraph_id: id, version: 1, offender_id: one.person.id, originator_agency: step.lead, source: 'own', nature: 'assessment' },
        ...{ subject_type: 'convicted', marking: 'official-sensitive', foi_labels: foiLabels, ...action, sealed, ...by },
      },
      link: { minute_reference_id: minuteIdOf(heard), paragraph_id: id, linked_by_agency: meeting.spoc.agencyId },
    }
  })
  const sealed = seal('The risk of further offences in the area outweighs confidentiality.', 'case_discussion', discussion)
  return {
    case_discussion: [
      { id: discussion, ...about, risk_outweighs_confidentiality: true, article8_grounds: ['crime-disorder'], sealed, ...by },
    ],
    paragraph: written.map(({ paragraph }) => paragraph),
    paragraph_version: written.map(({ version }) => version),
    minute_reference_paragraph: written.map(({ link }) => ({ ...link, linked_by_person: meeting.spoc.sub, linked_at: meeting.at })),
  }
}

/** Who sat in Calder's conferences, and what the minutes say of the people of the story. */
export const paperRows = (heard: readonly Heard[], meetings: readonly Meeting[], seal: Seal): HistoryRows => {
  const written = new Map<string, number>()
  const discussed = heard
    .filter(({ one, meeting }) => isStoryPerson(one.person.id) && meeting.areaId === 'calder')
    .map((each) => {
      const first = (written.get(each.meeting.id) ?? 0) + 1
      written.set(each.meeting.id, first + 1)
      return discussionRows(each, first, seal)
    })
  return mergeRows([...meetings.map(attendingRows), ...discussed])
}
