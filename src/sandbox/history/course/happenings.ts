import { daysAfter, londonDay } from '../../../core/london.ts'
import { strands, type Strand } from '../../../core/vocabulary.ts'
import { type StrandTrigger } from '../../../core/case-vocabulary.ts'
import type { Random } from '../../random.ts'
import type { CohortPerson } from './cohort-person.ts'
import { instant, type Meeting } from '../meetings.ts'
import type { Part } from './parts.ts'
import type { Happening } from './timeline.ts'

export interface Course {
  readonly person: CohortPerson
  readonly part: Part | null
  /** The area's conferences so far, the oldest first. */
  readonly meetings: readonly Meeting[]
  readonly random: Random
  /** The next review was missed: nothing was decided on the case for five conferences. */
  readonly missed: boolean
  /** Whether the strand was ever changed at a conference. */
  readonly moves: number
}

/** One in five moves to control rests on the conference's own finding; the rest on what the lead was told. */
const triggers: Readonly<Record<Strand, readonly StrandTrigger[]>> = {
  'catch-and-control': ['arrest-disposal', 'police-intel', 'non-compliance-ra', 'arrest-disposal', 'conference-decision'],
  'prevent-and-deter': ['attitude-attendance', 'engaging-well', 'conference-decision'],
  'rehabilitate-and-resettle': ['engaging-well', 'conference-decision'],
}

const after = (meeting: Meeting, days: number, time: string): string => instant(daysAfter(meeting.heldOn, days), time)
const otherThan = (strand: Strand, random: Random): Strand => random.pick(strands.filter((one) => one !== strand))

/** In which conferences, by their place, the case was registered at the latest: before whatever the person said of consent. */
export const firstPlace = ({ person, part, meetings, random }: Course): number => {
  if (part !== null && part !== 'corrected') return 0
  const said = person.consent.map(({ happenedAt }) => londonDay(new Date(happenedAt))).toSorted()[0] ?? '9999-12-31'
  const before = meetings.filter(({ heldOn }) => heldOn < said).length - 1
  return Math.max(0, Math.min(before, person.consent.length > 0 ? before : 3, random.between(0, 3)))
}

/** Everything decided or recorded about a case but its reviews. */
export const happeningsOf = (course: Course): readonly Happening[] => {
  const { person, part, meetings } = course
  const first = firstPlace(course)
  const strand = person.strand
  const begin = (as: Strand): Happening => ({
    ...{ kind: part === 'taken-over' ? 'taken-over' : 'registered', strand: as, trigger: 'conference-decision' },
    ...{ at: meetings[first]!.at, meeting: meetings[first]! },
  })
  if (part === 'recalled') return recalled(course, begin('prevent-and-deter'))
  if (part === 'released') return [begin(otherThan(strand, course.random)), ...stay(course, 1), releaseMove(course, 4)]
  if (person.custodyAgencyId !== null) return imprisoned(course, begin, first)
  if (part === 'transferred') return [begin(strand), { kind: 'transferred', at: after(meetings[4]!, 9, '14:00'), meeting: null }]
  if (part === 'passed-to-iom') return [begin(strand), { kind: 'passed-to-iom', at: meetings[5]!.at, meeting: meetings[5]! }]
  if (part === 'move-waits' || part === 'move-declined') return [begin(strand), unaccepted(part, meetings)]
  return moved(course, begin, first)
}

const moved = ({ person, meetings, random, missed, moves }: Course, begin: (as: Strand) => Happening, first: number) => {
  const last = meetings.length - (missed ? 5 : 1)
  const places = Array.from({ length: last - first }, (_, index) => first + 1 + index)
  const chosen = new Set(Array.from({ length: places.length === 0 ? 0 : moves }, () => random.pick(places)))
  let later = person.strand
  const changes = [...chosen]
    .toSorted((one, other) => other - one)
    .map((place): Happening => {
      const strand = later
      later = otherThan(strand, random)
      return { kind: 'moved', at: meetings[place]!.at, meeting: meetings[place]!, strand, trigger: random.pick(triggers[strand]) }
    })
  return [begin(later), ...changes]
}

const imprisoned = (course: Course, begin: (as: Strand) => Happening, first: number): readonly Happening[] => {
  const { person, meetings, random, moves, missed } = course
  const to = { kind: 'admitted', meeting: null, custodyAgencyId: person.custodyAgencyId!, trigger: 'custody-entry' } as const
  const status = random.pick(['remand', 'sentenced', 'sentenced'] as const)
  // Without room before what the person said in prison: registered while held.
  if (moves === 0) return [begin('rehabilitate-and-resettle')]
  const place = random.between(first, meetings.length - (missed ? 6 : 2))
  return [begin(random.pick(strands)), { ...to, at: after(meetings[place]!, random.between(2, 12), '11:00'), status }]
}

const stay = ({ meetings }: Course, place: number): readonly Happening[] => [
  {
    ...{ kind: 'admitted', at: after(meetings[place]!, 6, '11:00'), meeting: null, custodyAgencyId: 'hmp-stonebeck' },
    ...{ status: 'sentenced', trigger: 'custody-entry' },
  },
  { kind: 'released', at: after(meetings[place + 2]!, 5, '09:30'), meeting: null, custodyAgencyId: 'hmp-stonebeck', status: 'licence' },
]

const releaseMove = ({ meetings, person }: Course, place: number, strand: Strand = person.strand): Happening => ({
  ...{ kind: 'moved', at: after(meetings[place - 1]!, 8, '15:00'), meeting: null, strand, trigger: 'release' },
})

const recalled = (course: Course, begun: Happening): readonly Happening[] => {
  const { meetings, person } = course
  const back = meetings[6]!
  return [
    begun,
    ...stay(course, 1),
    releaseMove(course, 4, 'prevent-and-deter'),
    { kind: 'recalled', at: after(back, 3, '10:00'), meeting: null },
    {
      ...{ kind: 'admitted', at: after(back, 4, '08:30'), meeting: null, custodyAgencyId: person.custodyAgencyId! },
      ...{ status: 'recalled', trigger: 'custody-entry' },
    },
  ]
}

const unaccepted = (kind: 'move-waits' | 'move-declined', meetings: readonly Meeting[]): Happening => {
  const meeting = meetings.at(kind === 'move-waits' ? -1 : -2)!
  return { kind, at: meeting.at, meeting, strand: 'rehabilitate-and-resettle', trigger: 'conference-decision' }
}
