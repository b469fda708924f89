import { seededBy } from '../../../src/sandbox/random.ts'
import { type Client, clientOf, type Staff } from './people.ts'
import type { Look } from './scene.ts'

/** October 2026: 22 working days; 240 people at six agencies, 900 in three areas' cohorts, and what they did with the gateway. */
export const monthAgencies = {
  ...{ 'ridings-police': 'police', 'ridings-probation': 'probation', 'calder-yos': 'yos' },
  ...{ 'calder-dip': 'dip', 'fresh-steps': 'third-sector', 'calder-housing': 'la-housing' },
} as const
export const monthAreas = ['calder', 'wharfe', 'aire'] as const
/** Only these feed a staff register. */
export const registered: readonly string[] = ['ridings-police', 'ridings-probation', 'calder-yos', 'calder-dip']

export interface Employee extends Staff {
  readonly areaId: string
  /** First and last hour of duty, UTC. */
  readonly from: number
  readonly to: number
  /** Look-ups on an ordinary day. */
  readonly usual: number
  readonly caseload: readonly Client[]
}

export interface Month {
  readonly staff: readonly Employee[]
  readonly clients: readonly Client[]
  readonly looks: Look[]
  readonly days: readonly string[]
}

const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'ke', 'li', 'mo', 'nu', 'pa', 're', 'si', 'to', 'vu', 'wa', 'ze']
export const commonSurnames = ['Smith', 'Jones', 'Khan', 'Taylor']

/** A surname that nobody else has. */
export const rareSurname = (n: number, ending: string): string => {
  const [a, b, c] = [n % 17, Math.floor(n / 17) % 17, Math.floor(n / 289) % 17].map((digit) => syllables[digit]!)
  return `${a!.toUpperCase()[0]}${a!.slice(1)}${b}${c}${ending}`
}

const random = seededBy('a month of look-ups')
const givenNames = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gia', 'Hugh', 'Ines', 'Jack', 'Kim', 'Leo', 'Mia', 'Noor', 'Omar', 'Pia']

export const clockAt = (day: string, minutes: number): Date => new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000)

/** Everything happens at whole tens of minutes, so that a commit holds what a busy second would. */
const slot = (low: number, high: number): number => random.between(Math.ceil(low / 10), Math.floor(high / 10) - 1) * 10

const workingDays = (): readonly string[] =>
  Array.from({ length: 31 }, (_, n) => `2026-10-${String(n + 1).padStart(2, '0')}`).filter(
    (day) => ![0, 6].includes(new Date(day).getUTCDay()),
  )

const makeClients = (): readonly Client[] =>
  Array.from({ length: 900 }, (_, n) => {
    const surname = n % 30 === 0 ? random.pick(commonSurnames) : rareSurname(n, 'son')
    return clientOf(random.pick(givenNames), surname, monthAreas[n % 3])
  })

const makeStaff = (clients: readonly Client[]): readonly Employee[] =>
  Object.keys(monthAgencies).flatMap((agencyId) =>
    Array.from({ length: 40 }, (_, n): Employee => {
      const areaId = monthAreas[n % 3]!
      const early = random.chance(0.8)
      const own = clients.filter((client) => client.areaId === areaId)
      return {
        ...{ agencyId, sub: `p${n}`, areaId },
        displayName: `${random.pick(givenNames)} ${n % 8 === 0 ? random.pick(commonSurnames) : rareSurname(n + 40 * agencyId.length, 'worth')}`,
        ...(early ? { from: 8, to: 18 } : { from: 12, to: 22 }),
        usual: random.between(11, 25),
        caseload: Array.from({ length: 18 }, () => random.pick(own)),
      }
    }),
  )

export const ties = ['lead-case-manager', 'case-manager', 'intervention-owner', 'core-member'] as const

export const lookOf = (
  { agencyId, sub }: Pick<Employee, 'agencyId' | 'sub'>,
  client: Pick<Client, 'id'> | null,
  at: Date,
  more: Partial<Look> = {},
): Look => ({
  ...{ at, agencyId, personSub: sub, offenderId: client?.id ?? null, relationship: 'core-member' },
  ...more,
})

/** An ordinary day of an ordinary person: their own cases, now and then a form not filled in, a wrong number, a list before a meeting. */
const ordinaryDay = (person: Employee, day: string, { clients }: Pick<Month, 'clients'>): readonly Look[] => {
  const count = Math.max(1, Math.round(person.usual * (0.75 + random.next() * 0.5) * (random.chance(0.03) ? 1.6 : 1)))
  // Some come early and some stay late, within the hour that nobody counts.
  const when = (): Date => clockAt(day, slot(person.from * 60 - 30, person.to * 60 + 30))
  const looks = Array.from({ length: count }, () => {
    const ordinary = lookOf(person, random.pick(person.caseload), when(), { relationship: random.pick(ties) })
    if (random.chance(0.01)) return { ...ordinary, effect: 'deny', reason: 'request-incomplete' }
    if (random.chance(0.004)) return { ...ordinary, effect: 'deny', reason: 'consent-refused' }
    if (random.chance(0.0005))
      return lookOf(person, random.pick(clients), when(), { relationship: 'none', effect: 'deny-ncnd', reason: 'ncnd' })
    return ordinary
  })
  const searches = random.chance(0.1) ? [lookOf(person, null, when(), { operation: 'search', found: random.chance(0.3) ? 0 : 1 })] : []
  const conference = random.chance(0.004) ? beforeMeeting(person, day, clients) : []
  return [...looks, ...searches, ...conference]
}

const beforeMeeting = (person: Employee, day: string, clients: readonly Client[]): readonly Look[] =>
  clients
    .filter(({ areaId }) => areaId === person.areaId)
    .slice(0, 20)
    .map((client, n) => lookOf(person, client, clockAt(day, (person.from + 1) * 60 + Math.floor(n / 4) * 10)))

/** What happened in the month apart from what was planted: 100,000 look-ups, seeded. */
export const ordinaryMonth = (lookups: number): Month => {
  const days = workingDays()
  const clients = makeClients()
  const staff = makeStaff(clients)
  const looks = days.flatMap((day) => staff.flatMap((person) => ordinaryDay(person, day, { clients })))
  while (looks.length < lookups) {
    const person = random.pick(staff)
    looks.push(lookOf(person, random.pick(person.caseload), clockAt(random.pick(days), slot(person.from * 60, person.to * 60))))
  }
  if (looks.length > lookups) throw new Error(`${looks.length} look-ups are more than a month has`)
  return { staff, clients, looks, days }
}
