import type { LeadTable } from '../../../core/casework/lead/change-rules.ts'
import { daysAfter } from '../../../core/london.ts'
import type { AreaId } from '../../cast.ts'
import { isStoryPerson } from '../../people/story.ts'
import { seededBy } from '../../random.ts'
import type { CohortPerson } from './cohort-person.ts'
import { type Course, happeningsOf } from './happenings.ts'
import type { Meeting } from '../meetings.ts'
import { castParts, type Part } from './parts.ts'
import { type Begun, type Happening, settle, type Step } from './timeline.ts'

/** One case from its registration until today. */
export interface Case {
  readonly person: CohortPerson
  readonly part: Part | null
  readonly steps: readonly Step[]
  /** Set by the last step that set one: the last day on which the next review is in time. */
  readonly reviewOn: string
}

type Meetings = Readonly<Record<AreaId, readonly Meeting[]>>

/** Which happenings set the day of the next review. */
const setsReview = ({ kind }: Happening): boolean =>
  kind === 'registered' || kind === 'taken-over' || kind === 'moved' || kind === 'reviewed' || kind === 'transferred'

/** "16 weeks is the maximum" (Case Conferencing Guidance 2009, 1.3 b3). */
export const reviewAfter = (at: string): string => daysAfter(at.slice(0, 10), 112)

/** A review at every third conference after the last decision: never more than sixteen weeks apart. */
const withReviews = (happenings: readonly Happening[], meetings: readonly Meeting[], missed: boolean): readonly Happening[] => {
  const sets = happenings.filter(setsReview).map(({ at }) => at)
  const reviews: Happening[] = []
  let since = 0
  for (const meeting of meetings.slice(0, missed ? -4 : undefined)) {
    if (meeting.at < sets[0]!) continue
    const decided = sets.includes(meeting.at) || sets.some((at) => at < meeting.at && at.slice(0, 7) === meeting.at.slice(0, 7))
    since = decided ? 0 : since + 1
    if (since < 3) continue
    reviews.push({ kind: 'reviewed', at: meeting.at, meeting })
    since = 0
  }
  return [...happenings, ...reviews]
}

/** The lead in whose name consent was asked for led at that moment, or from the first conference on. */
const fitsConsent = ({ consent }: CohortPerson, steps: readonly Step[]): boolean =>
  consent.every(({ happenedAt, recordedByAgency }) => {
    const then = steps.findLast(({ at }) => at <= happenedAt) ?? steps[0]!
    return then.lead === recordedByAgency
  })

interface Telling {
  readonly meetings: Meetings
  readonly table: LeadTable
}

const tell = (course: Omit<Course, 'meetings'>, { meetings, table }: Telling): readonly Step[] => {
  const { person, part, missed } = course
  const begun: Begun = {
    cohort: part === 'passed-to-iom' ? 'ppo' : person.cohort,
    areaId: part === 'transferred' ? 'calder' : person.areaId,
    heldAt: person.custodyAgencyId !== null && course.moves === 0 && part === null ? person.custodyAgencyId : null,
  }
  const told = happeningsOf({ ...course, meetings: meetings[begun.areaId] })
  const moved = told.find(({ kind }) => kind === 'transferred')
  const own =
    moved === undefined
      ? meetings[person.areaId]
      : [...meetings.calder.filter(({ at }) => at < moved.at), ...meetings[person.areaId].filter(({ at }) => at > moved.at)]
  return settle(person, withReviews(told, own, missed), { begun, table })
}

/** The story's people keep to what is told of them: Jordan earned the move to where she is, the others stay. */
const movesOf = (person: CohortPerson, position: number, drawn: number): number => {
  if (person.custodyAgencyId !== null) return 1
  return isStoryPerson(person.id) ? (position === 0 ? 1 : 0) : drawn
}

const buildCase = (person: CohortPerson, about: Telling & { readonly position: number; readonly part: Part | null }): Case => {
  const { position, part } = about
  const missed = position % 40 === 39 && part === null
  for (let attempt = 0; ; attempt += 1) {
    const random = seededBy(`history ${person.id} ${attempt}`)
    const moves = attempt < 8 ? movesOf(person, position, random.pick([0, 0, 1, 1, 1, 2])) : 0
    const steps = tell({ person, part, random, missed, moves }, about)
    if (attempt < 9 && !fitsConsent(person, steps)) continue
    const { at } = steps.findLast(setsReview)!
    return { person, part, steps, reviewOn: reviewAfter(at) }
  }
}

/** The course of every case in the cohort, each ending where the person stands today. */
export const buildCases = (people: readonly CohortPerson[], telling: Telling): readonly Case[] => {
  const parts = castParts(people)
  return people.map((person, position) => buildCase(person, { ...telling, position, part: parts.get(person.id) ?? null }))
}
