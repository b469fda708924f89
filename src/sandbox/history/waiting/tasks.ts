import { monthsAfter } from '../../../core/casework/due-dates.ts'
import { dayAfter, daysAfter, startOfLondonDay } from '../../../core/london.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { areas } from '../../cast.ts'
import { isStoryPerson } from '../../people/story.ts'
import { seededBy } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import { instant } from '../meetings.ts'
import { admittedAt, changeIdOf } from '../decided/moves.ts'
import { officersOf } from '../staff.ts'
import { type Task, taskRow } from './task-row.ts'

const endOf = (day: string): string => startOfLondonDay(dayAfter(day)).toISOString()

/** Asked for a fortnight before the day, of the lead; past it the lead, the administrator and the chair are alerted. */
const reviewTasks = ({ person, reviewOn }: Case, today: string): readonly Task[] => {
  const asked = daysAfter(reviewOn, -14)
  if (asked >= today) return []
  const { chair, spoc } = officersOf(person.areaId)
  const shared = { offenderId: person.id, dueAt: endOf(reviewOn), detail: { areaId: person.areaId } }
  const due = {
    kind: 'review-due',
    subjectKey: `${person.id} ${reviewOn}`,
    owner: person.leadAgencyId,
    openedAt: instant(asked, '03:00'),
  } as const
  if (reviewOn >= daysAfter(today, -1)) return [{ ...shared, ...due }]
  const overdue = { kind: 'review-overdue', openedAt: instant(daysAfter(reviewOn, 1), '03:00') } as const
  return [
    { ...shared, ...due },
    { ...shared, ...overdue, subjectKey: `${person.id} ${reviewOn} lead`, owner: person.leadAgencyId },
    ...(
      [
        ['spoc', spoc],
        ['chair', chair],
      ] as const
    ).map(([role, { agencyId }]): Task => ({
      ...{ ...shared, ...overdue, subjectKey: `${person.id} ${reviewOn} ${role} ${agencyId}`, owner: agencyId, role },
    })),
  ]
}

/** A move that the incoming lead has still to accept, or has declined: then the chair is asked to look at the case. */
const moveTasks = (one: Case): readonly Task[] => {
  const { person, steps } = one
  const step = steps.find(({ kind }) => kind === 'move-waits' || kind === 'move-declined')
  if (step === undefined) return []
  const changeId = changeIdOf(one, step)
  const acceptance: Task = {
    ...{ kind: 'strand-acceptance', subjectKey: changeId, offenderId: person.id, owner: step.toLead, openedAt: step.at },
    detail: { changeId, trigger: step.trigger! },
  }
  if (step.kind === 'move-waits') return [acceptance]
  const at = instant(daysAfter(step.at.slice(0, 10), 1), '09:15')
  const review: Task = {
    ...{
      kind: 'case-review',
      subjectKey: person.id,
      offenderId: person.id,
      owner: officersOf(person.areaId).chair.agencyId,
      role: 'chair',
    },
    ...{ openedAt: at, detail: { changeId, because: 'move-declined', areaId: person.areaId } },
  }
  return [{ ...acceptance, closed: { at, outcome: 'declined' } }, review]
}

/** When a sentenced person may be released at the earliest; the story's people have no such day on record. */
export const earliestReleaseOn = (one: Case, today: string): string | null =>
  one.person.custodyAgencyId === null || isStoryPerson(one.person.id)
    ? null
    : daysAfter(today, seededBy(`release ${one.person.id}`).between(25, 420))

/** Within 24 hours of arrival; three months before release (Offender Management Update, paper 2; Guidance 2009, 1.3 b7). */
const custodyTasks = (one: Case, { today, waits }: { readonly today: string; readonly waits: boolean }): readonly Task[] => {
  const at = admittedAt(one)
  if (at === null) return []
  const { person } = one
  const prison = person.custodyAgencyId!
  const shared = { offenderId: person.id, detail: { areaId: person.areaId }, openedAt: at }
  const next = daysAfter(at.slice(0, 10), 1)
  const assessment: Task = {
    ...{ ...shared, kind: 'prison-assessment', subjectKey: `${person.id} ${prison} ${Date.parse(at) / 1000}`, owner: prison },
    ...{ dueAt: new Date(Date.parse(at) + 86_400_000).toISOString() },
    ...(waits ? {} : { closed: { at: instant(next, '07:40'), outcome: 'done' } }),
  }
  const releaseOn = earliestReleaseOn(one, today)
  if (releaseOn === null) return [assessment]
  const planning: Task = {
    ...{ ...shared, kind: 'pre-release-planning', subjectKey: `${person.id} ${releaseOn} 3`, dueAt: endOf(monthsAfter(releaseOn, -3)) },
    owner: person.supervisorAgencyId ?? prison,
  }
  return [assessment, planning]
}

/** The priority list, quarter by quarter: the administrator of each area. */
const listTasks = (today: string): readonly Task[] => {
  const month = Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + 1
  const begins = `${today.slice(0, 4)}-${String(month).padStart(2, '0')}-01`
  return areas.map(({ id }): Task => {
    const { agencyId } = officersOf(id).spoc
    const task = { kind: 'quarterly-list-review', subjectKey: `${id} ${begins}`, offenderId: null, owner: agencyId, role: 'spoc' } as const
    const dueAt = startOfLondonDay(monthsAfter(begins, 3)).toISOString()
    return { ...task, dueAt, detail: { areaId: id, periodFrom: begins }, openedAt: startOfLondonDay(begins).toISOString() }
  })
}

/** What waits for somebody, under the very keys that the clocks use: a sweep finds it there and opens nothing twice. */
export const taskRows = (cases: readonly Case[], today: string): HistoryRows => {
  const held = cases.filter((one) => admittedAt(one) !== null && one.person.custodyAgencyId === 'hmp-stonebeck')
  const newest = held.toSorted((one, other) => (admittedAt(one)! < admittedAt(other)! ? 1 : -1)).slice(0, 2)
  const tasks = cases.flatMap((one) => [
    ...reviewTasks(one, today),
    ...moveTasks(one),
    ...custodyTasks(one, { today, waits: newest.includes(one) }),
  ])
  return { task: [...tasks, ...listTasks(today)].map(taskRow) }
}
