import type { LeadTable } from '../../core/casework/lead/change-rules.ts'
import type { HistoryRows } from '../../db/registry/sandbox-history.ts'
import type { SandboxPerson } from '../people/person.ts'
import { sandboxDay } from '../people/person.ts'
import { storyId } from '../people/story.ts'
import { agendaRows, heardOf } from './decided/agenda.ts'
import { buildCases, type Case } from './course/cases.ts'
import { type CohortPerson, isInCohort } from './course/cohort-person.ts'
import { refusalRows } from './decided/consent-story.ts'
import { eventRows } from './waiting/events.ts'
import { evidenceRows } from './decided/evidence.ts'
import { leftRows, nominationRows, passedRows, recallRows, rectificationRows, transferRows } from './decided/few.ts'
import { buildMeetings, conferenceRow, type Meeting } from './meetings.ts'
import { admittedAt, custodyRows, heldBefore, moveRows } from './decided/moves.ts'
import { paperRows } from './decided/papers.ts'
import { registrationRows, reviewRows } from './decided/registrations.ts'
import { mergeRows, type Seal } from './rows.ts'
import { submittedRows } from './decided/submitted.ts'
import { earliestReleaseOn, taskRows } from './waiting/tasks.ts'
import { settle, type Step } from './course/timeline.ts'

export interface HistoryUses {
  readonly table: LeadTable
  readonly seal: Seal
  /** The London day of the seeding: everything told is before it. */
  readonly today: string
}

/** What a case's past makes of the person's own row and ties. */
export interface CaseClocks {
  readonly reviewOn: string
  readonly cohortSince: string
  readonly admittedAt: string | null
  readonly earliestReleaseOn: string | null
}

export interface History {
  readonly rows: HistoryRows
  readonly clocks: ReadonlyMap<string, CaseClocks>
}

type Writer = (one: Case, step: Step, seal: Seal) => HistoryRows
const writers: Readonly<Record<Step['kind'], Writer>> = {
  'taken-over': moveRows,
  registered: registrationRows,
  moved: moveRows,
  'move-waits': moveRows,
  'move-declined': moveRows,
  admitted: custodyRows,
  released: custodyRows,
  recalled: recallRows,
  reviewed: reviewRows,
  transferred: transferRows,
  'passed-to-iom': passedRows,
}

const caseRows = (one: Case, { seal, today }: HistoryUses): HistoryRows =>
  mergeRows([
    heldBefore(one),
    ...one.steps.map((step) => writers[step.kind](one, step, seal)),
    evidenceRows(one, { today, seal }),
    one.part === 'corrected' ? rectificationRows(one, today, seal) : {},
  ])

/** Registered in January, gone since May: who may not be spoken of any more was once a case like the others. */
const leftCase = (people: readonly SandboxPerson[], meetings: readonly Meeting[], table: LeadTable): Case => {
  const lee = people.find(({ id }) => id === storyId('lee'))!
  const then = { cohort: 'iom', strand: 'prevent-and-deter', statutory: false, leadAgencyId: 'ridings-police' } as const
  const person: CohortPerson = { ...lee, ...then }
  const registered = { kind: 'registered', at: meetings[0]!.at, meeting: meetings[0]!, strand: then.strand } as const
  const steps = settle(person, [registered], { begun: { cohort: 'iom', areaId: lee.areaId, heldAt: null }, table })
  return { person, part: null, steps, reviewOn: '' }
}

/**
 * What came before today: conferences, registrations, reviews, moves, custody, evidence, and what is left to do. Every case ends where
 * its person stands. Empty before the sandbox's day, since the people's own records reach up to it.
 */
export const buildHistory = (people: readonly SandboxPerson[], uses: HistoryUses): History => {
  const { table, seal, today } = uses
  if (today <= sandboxDay) return { rows: {}, clocks: new Map() }
  const meetings = buildMeetings(today)
  const cases = buildCases(people.filter(isInCohort), { meetings, table })
  const left = leftCase(people, meetings.calder, table)
  const heard = heardOf([...cases, left])
  const positions = new Map(people.map(({ id }, position) => [id, position]))
  const rows = mergeRows([
    { conference: Object.values(meetings).flat().map(conferenceRow) },
    agendaRows(heard),
    ...cases.map((one) => caseRows(one, uses)),
    registrationRows(left, left.steps[0]!, seal),
    leftRows(left.person.id, meetings.calder[4]!, seal),
    refusalRows(cases, { positions, seal }),
    nominationRows(meetings.calder, today, seal),
    submittedRows(cases, today, seal),
    taskRows(cases, today),
    eventRows(cases, today),
    paperRows(heard, meetings.calder, seal),
  ])
  const clocks = cases.map((one): [string, CaseClocks] => [
    one.person.id,
    {
      ...{ reviewOn: one.reviewOn, cohortSince: one.steps.findLast(({ kind }) => kind === 'passed-to-iom')?.at ?? one.steps[0]!.at },
      ...{ admittedAt: admittedAt(one), earliestReleaseOn: earliestReleaseOn(one, today) },
    },
  ])
  return { rows, clocks: new Map(clocks) }
}
