import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { idAt } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import type { Meeting } from '../meetings.ts'
import { recordedBy } from '../rows.ts'
import type { Step } from '../course/timeline.ts'

/** A case that a conference decided on. */
export interface Heard {
  readonly meeting: Meeting
  readonly one: Case
  readonly step: Step
}

export const heardOf = (cases: readonly Case[]): readonly Heard[] =>
  cases.flatMap((one) => one.steps.flatMap((step) => (step.meeting === null ? [] : [{ meeting: step.meeting, one, step }])))

type Entry = readonly [item: 'new-referral' | 'review' | 'strand' | 'case-review', matter: 'registration' | 'review' | 'strand']

const entryOf = ({ kind }: Step): Entry => {
  if (kind === 'registered' || kind === 'taken-over') return ['new-referral', 'registration']
  if (kind === 'passed-to-iom') return ['case-review', 'registration']
  return kind === 'reviewed' ? ['review', 'review'] : ['strand', 'strand']
}

export const minuteIdOf = ({ meeting, one, step }: Heard): string => idAt(`minute ${meeting.id} ${one.person.id} ${step.kind}`, meeting.at)

/** What was on each agenda, and where the minutes say what was decided; each case under one number of its meeting. */
export const agendaRows = (heard: readonly Heard[]): HistoryRows => {
  const numbers = new Map<string, number>()
  return {
    agenda_item: heard.map(({ meeting, one, step }) => ({
      ...{ id: idAt(`agenda ${meeting.id} ${one.person.id} ${step.kind}`, meeting.at), conference_id: meeting.id, area_id: meeting.areaId },
      ...{ offender_id: one.person.id, item: entryOf(step)[0], asked_by_agency: meeting.spoc.agencyId, asked_at: meeting.at },
    })),
    minute_reference: heard.map((each) => {
      const { meeting, one, step } = each
      const number = (numbers.get(meeting.id) ?? 0) + 1
      numbers.set(meeting.id, number)
      return {
        ...{ id: minuteIdOf(each), conference_id: meeting.id, offender_id: one.person.id, matter: entryOf(step)[1] },
        reference: `${meeting.heldOn.slice(0, 7)}/${number}`,
        ...{ risk_outweighs_confidentiality: true, article8_grounds: ['crime-disorder'], ...recordedBy(meeting.spoc, meeting.at) },
      }
    }),
  }
}
