import { isJuvenile } from '../people/person.ts'
import type { Known, SystemDefinition } from './agency-system.ts'
import { several } from './agency-system.ts'
import { dayAfter, dayBefore, millis } from './dates.ts'

const prisoner = ({ person, number }: Known) => ({
  offenderNo: number,
  displayName: `${person.familyName.toUpperCase()}, ${person.givenName}`,
  youngOffender: isJuvenile(person.bornOn),
})

const movements = (known: Known) => {
  const { random } = known
  const received = dayBefore(random, 30, 240)
  const sentenced = random.chance(0.7)
  const booking = {
    agency: { code: 'STB', description: 'HMP Stonebeck' },
    receptionTime: millis(received),
    legalStatus: sentenced ? 'SENTENCED' : 'REMAND',
    keyDates: sentenced ? { earliestRelease: millis(dayAfter(received, random.between(300, 700))) } : {},
    releases: random.chance(0.3) ? [{ time: millis(dayAfter(received, 20)), reason: 'ROTL' }] : [],
    cell: `${random.pick(['A', 'B', 'C'])}-${random.between(1, 4)}-${String(random.between(1, 30)).padStart(3, '0')}`,
  }
  return { prisoner: prisoner(known), bookings: [booking] }
}

const security = (known: Known) => {
  const { random } = known
  const reports = several(random, 2, (index) => ({
    reportId: random.between(10_000, 99_999),
    reportedTime: millis(dayBefore(random, 5 + index * 30, 29 + index * 30)),
    grading: {
      source: index === 0 ? 2 : random.between(1, 3),
      information: index === 0 ? 'B' : random.pick(['C', 'D', 'E']),
      dissemination: index === 0 ? 'P' : 'C',
    },
    sanitised: {
      narrative: random.pick(['Said to be in debt on the wing.', 'Said to be arranging visits through a friend.']),
      role: random.pick(['principal', 'victim of pressure']),
      staffRisk: 'Standard',
    },
    ...(index === 0 ? { passedThrough: 'PIU' } : {}),
    origin: { informant: `INF-${random.between(100, 999)}`, wing: 'B' },
    others: random.chance(0.4) ? ['Cellan Mateby'] : [],
  }))
  return { prisoner: prisoner(known), reports }
}

/** HMP Stonebeck's system: instants in milliseconds, grades as numbers and letters apart, the informant in the record. */
export const stonebeckSystem: SystemDefinition = {
  agencyId: 'hmp-stonebeck',
  numberKey: 'offenderNo',
  views: { '/prisoner/bookings': movements, '/prisoner/security-reports': security },
}
