import type { MisuseKind } from '../../../src/core/misuse/misuse-rules.ts'
import { type Client, clientOf, type Staff } from './people.ts'
import type { Look } from './scene.ts'
import { clockAt, type Employee, lookOf, type Month, rareSurname, registered } from './month.ts'

/** One thing that somebody did wrong, by the kind of rule that should find it. */
export interface Planted {
  readonly kind: MisuseKind
  readonly person: Pick<Employee, 'agencyId' | 'sub'>
  readonly looks: readonly Look[]
  /** True of what shows only in how much was done: then everything of that day belongs to it. */
  readonly wholeDay?: boolean
}

/** What has to be so in the registries for the patterns to be what they are. */
export interface Props {
  readonly clients: readonly Client[]
  readonly staff: readonly Staff[]
  /** Homes: whose, and of which client as well. */
  readonly homes: readonly { readonly person: Employee; readonly client: Client; readonly address: string }[]
  readonly moves: readonly { readonly person: Employee; readonly areaId: string; readonly leftAt: string; readonly told: boolean }[]
  readonly closed: readonly { readonly client: Client; readonly at: string }[]
  readonly decoys: readonly Client[]
}

/** 40 patterns of all 15 kinds, each by somebody else. */
export const plantPatterns = (month: Month): { readonly planted: readonly Planted[]; readonly props: Props } => {
  const plan = planner(month)
  const people = [...ofPeople(plan), ...ofNames(plan), ...ofPlaces(plan), ...ofPace(plan)]
  return { planted: people, props: plan.props }
}

interface Plan {
  readonly month: Month
  /** The next employee whom nothing was planted on; of an agency that feeds a register where one is needed. */
  readonly next: (needsRegister?: boolean) => Employee
  readonly stranger: (person: Employee, n?: number) => Client
  readonly day: (n: number) => string
  readonly props: { -readonly [Name in keyof Props]: Props[Name][number][] }
}

const planner = (month: Month): Plan => {
  let used = 0
  const order = month.staff.map((_, n) => month.staff[(n * 37) % month.staff.length]!)
  return {
    month,
    next: (needsRegister = false) => {
      for (;;) {
        const person = order[used++]!
        if (!needsRegister || registered.includes(person.agencyId)) return person
      }
    },
    stranger: ({ areaId }, n = 0) => month.clients.filter((client) => client.areaId !== areaId)[n * 7 + used]!,
    day: (n) => month.days[(used + n) % month.days.length]!,
    props: { clients: [], staff: [], homes: [], moves: [], closed: [], decoys: [] },
  }
}

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))
const onDuty = ({ from }: Employee, day: string, n = 0): Date => clockAt(day, (from + 1) * 60 + n * 10)
const noTie = { relationship: 'none', effect: 'deny-ncnd', reason: 'ncnd' } as const

const ofPeople = (plan: Plan): readonly Planted[] => [
  ...times(4, (): Planted => {
    const [person, count] = [plan.next(), 2]
    const client = plan.stranger(person)
    return { kind: 'untied', person, looks: times(count, (n) => lookOf(person, client, onDuty(person, plan.day(n * 3)), noTie)) }
  }),
  ...times(3, (): Planted => {
    const person = plan.next()
    return {
      kind: 'untied-many',
      person,
      looks: times(5, (n) => lookOf(person, plan.stranger(person, n), onDuty(person, plan.day(n)), noTie)),
    }
  }),
  ...times(2, (): Planted => {
    const [person, decoy] = [plan.next(), clientOf('Decoy', rareSurname(plan.props.decoys.length + 4_000, 'field'))]
    plan.props.decoys.push(decoy)
    return { kind: 'decoy', person, looks: [lookOf(person, decoy, onDuty(person, plan.day(0)))] }
  }),
]

const ofNames = (plan: Plan): readonly Planted[] => [
  ...times(2, (n): Planted => {
    const person = plan.next()
    const [given, family] = [`Own${n}`, rareSurname(n + 3_000, 'ham')]
    plan.props.staff.push({ ...person, displayName: `${given} ${family}` })
    const client = clientOf(given, family, person.areaId)
    plan.props.clients.push(client)
    return { kind: 'own-name', person, looks: [lookOf(person, client, onDuty(person, plan.day(0)))] }
  }),
  ...times(3, (n): Planted => {
    const person = plan.next()
    const family = rareSurname(n + 3_100, 'ham')
    plan.props.staff.push({ ...person, displayName: `Sam ${family}` })
    const client = clientOf(`Kin${n}`, family, person.areaId)
    plan.props.clients.push(client)
    return { kind: 'same-surname', person, looks: [lookOf(person, client, onDuty(person, plan.day(0)))] }
  }),
  ...times(2, (n): Planted => {
    const person = plan.next()
    const [given, family] = [`Mate${n}`, rareSurname(n + 3_200, 'ham')]
    plan.props.staff.push({ agencyId: person.agencyId, sub: `mate${n}`, displayName: `${given} ${family}` })
    const client = clientOf(given, family, person.areaId)
    plan.props.clients.push(client)
    return { kind: 'colleague', person, looks: [lookOf(person, client, onDuty(person, plan.day(0)))] }
  }),
]

const ofPlaces = (plan: Plan): readonly Planted[] => [
  ...times(3, (n): Planted => {
    const person = plan.next(true)
    const client = person.caseload[n]!
    plan.props.homes.push({ person, client, address: `${n} Hidden Lane` })
    return { kind: 'own-address', person, looks: [lookOf(person, client, onDuty(person, plan.day(0)))] }
  }),
  ...times(3, (n): Planted => {
    const person = plan.next(true)
    const client = plan.stranger(person)
    plan.props.moves.push({ person, areaId: client.areaId, leftAt: '2026-09-10T00:00:00Z', told: n > 0 })
    const others = plan.month.clients.filter(({ areaId }) => areaId === client.areaId)
    // Where only the agency told of the move the appointment still stands, and the decision found a tie.
    const looks = times(3, (k) => lookOf(person, others[k * 5 + n]!, onDuty(person, plan.day(k)), n > 0 ? {} : { relationship: 'none' }))
    return { kind: 'after-transfer', person, looks }
  }),
  ...times(3, (): Planted => {
    const person = plan.next(true)
    const night = times(3, (n) => lookOf(person, person.caseload[n]!, clockAt(plan.day(0), 60 + n * 20)))
    return { kind: 'outside-duty', person, looks: night }
  }),
  ...times(2, (n): Planted => {
    const person = plan.next()
    const client = clientOf(`Gone${n}`, rareSurname(n + 3_300, 'ham'), person.areaId)
    plan.props.clients.push(client)
    plan.props.closed.push({ client, at: '2026-07-01T00:00:00Z' })
    return {
      kind: 'case-closed',
      person,
      looks: [lookOf(person, client, onDuty(person, plan.day(0)), { effect: 'deny-ncnd', reason: 'subject-scope' })],
    }
  }),
]

const ofPace = (plan: Plan): readonly Planted[] => [
  ...times(3, (): Planted => {
    const person = plan.next()
    const all = plan.month.clients.filter(({ areaId }) => areaId === person.areaId)
    const looks = times(30, (n) => lookOf(person, all[n * 3]!, onDuty(person, plan.day(0), Math.floor(n / 6))))
    return { kind: 'enumeration', person, looks }
  }),
  ...times(2, (): Planted => {
    const person = plan.next()
    const looks = times(15, (n) => lookOf(person, null, onDuty(person, plan.day(0), Math.floor(n / 3)), { operation: 'search', found: 0 }))
    return { kind: 'guessing', person, looks }
  }),
  ...times(3, (): Planted => {
    const person = plan.next()
    const refused = { effect: 'deny', reason: 'need-to-know' } as const
    const looks = times(10, (n) => lookOf(person, person.caseload[n % 5]!, onDuty(person, plan.day(0), n), refused))
    return { kind: 'refusals', person, looks }
  }),
  ...times(3, (): Planted => {
    const person = plan.next()
    const looks = times(70, (n) => lookOf(person, person.caseload[n % 18]!, onDuty(person, plan.day(0), n % 40)))
    return { kind: 'volume-own', person, looks, wholeDay: true }
  }),
  ...times(2, (n): Planted => {
    // New: nothing of their own to compare with.
    const person = { ...plan.next(), sub: `new${n}` }
    plan.props.staff.push({ agencyId: person.agencyId, sub: person.sub, displayName: `New ${rareSurname(n + 3_400, 'ham')}` })
    const looks = times(140, (k) => lookOf(person, person.caseload[k % 18]!, onDuty(person, plan.day(0), k % 40)))
    return { kind: 'volume-peers', person, looks, wholeDay: true }
  }),
]
