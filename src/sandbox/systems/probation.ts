import type { Known, SystemDefinition } from './agency-system.ts'
import { several } from './agency-system.ts'
import { dayAfter, dayBefore } from './dates.ts'

const offender = ({ person, number }: Known) => ({
  crn: number,
  name: { forename: person.givenName, surname: person.familyName },
  dateOfBirth: person.bornOn,
})

const levels = ['low', 'medium', 'high'] as const
const needs = ['accommodation', 'employment', 'relationships', 'lifestyle', 'drugs', 'alcohol', 'thinking', 'attitudes'] as const

const oasys = (known: Known) => {
  const { random } = known
  const assessments = several(random, 2, (index) => ({
    completedOn: dayBefore(random, 10 + index * 112, 110 + index * 112),
    assessor: { grade: 'PO', team: 'Calder' },
    riskOfSeriousHarm: { overall: random.pick(levels), public: random.pick(levels), staff: random.pick(levels) },
    likelihoodOfReoffending: random.pick(levels),
    sections: needs.map((need) => ({ need, linkedToOffending: random.chance(0.4), comment: `Self-report on ${need}` })),
    objectives: [random.pick(['Keep the tenancy', 'Attend the programme']), random.pick(['Find paid work', 'Repair family contact'])],
    wellbeing: random.pick(['Low mood reported', 'No concern reported']),
    drugMisuse: known.person.dip ? 'Regular use of class A drugs, in treatment' : 'None reported',
    individualsAtRisk: random.chance(0.3) ? ['Vic Timbury'] : [],
  }))
  return { offender: offender(known), assessments }
}

const ogrs = (known: Known) => {
  const { random } = known
  const oneYear = random.between(12, 70)
  return {
    offender: offender(known),
    ogrs: {
      calculatedOn: dayBefore(random, 20, 300),
      scale: 'OGRS4/G',
      percentages: { '1': oneYear, '2': oneYear + random.between(5, 20) },
    },
  }
}

const compliance = (known: Known) => {
  const { random, person } = known
  const contacts = several(random, 4, (index) => {
    const day = dayBefore(random, 3 + index * 14, 14 + index * 14)
    const attended = random.chance(0.7)
    return {
      requirement:
        person.dip && index === 0 ? 'Drug Rehabilitation Requirement' : random.pick(['Community order', 'Licence', 'Unpaid work']),
      date: day,
      attended,
      outcome: attended ? 'Complied' : random.pick(['Acceptable absence', 'Warning letter', 'Breach']),
      breachDate: null,
      next: dayAfter(day, 14),
    }
  })
  return {
    offender: offender(known),
    contacts: contacts.map((contact) => (contact.outcome === 'Breach' ? { ...contact, breachDate: contact.date } : contact)),
  }
}

const licence = (known: Known) => {
  const { random } = known
  const from = dayBefore(random, 10, 120)
  return {
    offender: offender(known),
    licences: [
      {
        start: from,
        end: dayAfter(from, 365),
        conditions: [
          { code: 'STD1', text: 'Be of good behaviour' },
          { code: 'STD2', text: 'Keep in touch with the supervising officer' },
          ...(known.person.dip ? [{ code: 'DRG1', text: 'Attend drug testing as directed' }] : []),
        ],
        curfew: random.chance(0.4) ? '19:00 to 07:00 daily' : null,
        exclusionZones: random.chance(0.3) ? ['Calder Bridge town centre'] : [],
        nonContact: random.chance(0.3) ? ['Vic Timbury'] : [],
      },
    ],
  }
}

/** Few people were ever recalled: an agency that holds nothing answers with an empty list. The police are asked first (MPA 2011, 44). */
const recall = (known: Known) => {
  const { random } = known
  const day = dayBefore(random, 60, 300)
  const recalled = random.chance(0.25)
  const record = {
    tier: '24H',
    policeExchange: `${day}T09:15:00Z`,
    applied: `${day}T11:40:00Z`,
    decision: random.pick(['Recalled', 'Not recalled: warning given']),
    grounds: 'Missed three appointments and left the approved address',
  }
  return { offender: offender(known), recalls: recalled ? [record] : [] }
}

/** Ridings Probation's case system: camel case, ISO days, deep nesting. */
export const probationSystem: SystemDefinition = {
  agencyId: 'ridings-probation',
  numberKey: 'crn',
  views: {
    '/api/oasys': oasys,
    '/api/ogrs': ogrs,
    '/api/contacts': compliance,
    '/api/licences': licence,
    '/api/recalls': recall,
  },
}
