import type { Item } from '../core/snapshot.ts'
import type { Category } from '../core/vocabulary.ts'
import type { SandboxPerson } from './people/person.ts'
import { sandboxDay } from './people/person.ts'
import { isStoryPerson } from './people/story.ts'
import type { Random } from './random.ts'
import { fixedId, seededBy } from './random.ts'
import { dayAfter, dayBefore } from './systems/dates.ts'

/** A record of an agency that keeps it in the gateway: one for each person, category and agency. */
export interface HostedPlain {
  readonly id: string
  readonly offenderId: string
  readonly category: Category
  readonly agencyId: string
  readonly items: readonly Partial<Item>[]
}

type Fields = Item['fields']
type Writer = (random: Random, person: SandboxPerson) => Partial<Item>

const fact = (fields: Fields, recordedOn: string): Partial<Item> => ({
  fields,
  recordedOn,
  nature: 'fact',
  subjectType: 'convicted',
  collectedOnConsent: false,
})
const assessment = (fields: Fields, recordedOn: string): Partial<Item> => ({ ...fact(fields, recordedOn), nature: 'assessment' })

/** ZZ99 is a district that the post does not deliver to. */
const address: Writer = (random) => {
  const fromOn = dayBefore(random, 60, 900)
  const line = `${random.between(1, 140)} ${random.pick(['Sample Street', 'Specimen Road', 'Example Terrace'])}`
  const otherOccupants = random.chance(0.3) ? ['Rel Ativeby'] : []
  const addressType = random.pick(['Tenancy', 'Family home', 'Hostel'])
  return fact({ line, postcode: `ZZ99 ${random.between(1, 9)}ZZ`, addressType, fromOn, stable: random.chance(0.6), otherOccupants }, fromOn)
}

const plan: Writer = (random, person) => {
  const on = dayBefore(random, 10, 100)
  const custody = person.custodyAgencyId !== null
  return assessment(
    {
      strand: person.strand,
      evidenceBase: random.pick(['Attendance over the last quarter', 'Two arrests since the last review', 'Report of the case manager']),
      controlItems: custody ? ['Licence conditions to be agreed before release'] : ['Weekly signing on', 'Monthly home visit'],
      reviewOn: dayAfter(on, 112),
      supportItems: [random.pick(['Help to find a tenancy', 'Family mediation']), random.pick(['Training place', 'Debt advice'])],
      supportProgress: random.pick(['Started well', 'Not begun yet', 'Half done']),
      healthSupport: random.pick(['Registered with a doctor', 'Referred for counselling']),
    },
    on,
  )
}

const score: Writer = (random) => {
  const scoredOn = dayBefore(random, 20, 200)
  const value = random.between(20, 95)
  return assessment(
    {
      score: value,
      criteriaVersion: '2026-1',
      scoredOn,
      agencyViews: ['Police: agree', 'Probation: agree'],
      outcome: value > 40 ? 'Selected' : 'Selected on professional judgement',
      scoreOnly: false,
    },
    scoredOn,
  )
}

const accommodation: Writer = (random) => {
  const startedOn = dayBefore(random, 90, 800)
  return fact(
    {
      tenure: random.pick(['Secure tenancy', 'Introductory tenancy', 'Temporary accommodation']),
      provider: 'Calder Council Housing',
      startedOn,
      arrears: random.chance(0.3),
      supportLevel: random.pick(['None', 'Floating support', 'Daily visits']),
      neighbourComplaints: random.chance(0.2) ? ['Neigh Bourby'] : [],
    },
    startedOn,
  )
}

const health: Writer = (random) => {
  const referredOn = dayBefore(random, 30, 300)
  return {
    ...fact(
      {
        service: random.pick(['Community mental health team', 'Talking therapies']),
        referredOn,
        careCoordinator: 'N Curran',
        condition: random.pick(['Anxiety, worse under pressure', 'Low mood since release']),
        riskToSelf: random.pick(['Low', 'Medium']),
        treatment: random.pick(['Weekly sessions', 'Medication reviewed monthly']),
        crisisPlan: 'Ring the crisis line, then the care coordinator',
      },
      referredOn,
    ),
    subjectType: 'other',
    collectedOnConsent: true,
  }
}

const engagement: Writer = (random) => {
  const lastSeenOn = dayBefore(random, 2, 30)
  const attendance = `${random.between(2, 6)} of 6 sessions`
  const attitude = random.pick(['Talkative', 'Shy at first'])
  return assessment(
    { service: 'Mentoring', lastSeenOn, attendance, attitude, progress: 'Steady', wellbeing: 'In good spirits' },
    lastSeenOn,
  )
}

const ete: Writer = (random) => {
  const startedOn = dayBefore(random, 20, 200)
  const activity = random.pick(['Bike repair course', 'College two days a week'])
  return fact(
    { activity, provider: 'Young Horizons', startedOn, attendance: 'Good', qualification: 'None yet', progress: 'Keen' },
    startedOn,
  )
}

const intelligence: Writer = (random, person) => {
  const recordedOn = dayBefore(random, 5, 80)
  const establishment = person.custodyAgencyId === null ? {} : { establishment: 'HMP Ravensgill' }
  return {
    ...assessment(
      {
        reference: `PI-${random.between(1000, 9999)}`,
        recordedOn,
        text: random.pick(['Said to be asked for money by callers at the door.', 'Said to be seen with new company.']),
        subjectRole: 'principal',
        riskToStaff: 'Standard',
        sourceRef: `WKR-${random.between(100, 999)}`,
        othersNamed: [],
        ...establishment,
      },
      recordedOn,
    ),
    grade: { source: '2', intelligence: 'b', handling: 'p' },
  }
}

/** Prison intelligence goes through the prison intelligence unit. */
const prisonIntelligence: Writer = (random, person) => ({ ...intelligence(random, person), conditions: ['released-by-piu'] })

const custody: Writer = (random) => {
  const receivedOn = dayBefore(random, 30, 240)
  const earliestReleaseOn = dayAfter(receivedOn, random.between(400, 700))
  return fact({ establishment: 'HMP Ravensgill', receivedOn, status: 'sentenced', earliestReleaseOn }, receivedOn)
}

type Kept = readonly [category: Category, agencyId: string, write: Writer]

/** At least three for everybody in the cohort: what the lead keeps, what the council and health keep, and what a lone provider has heard. */
const keptAbout = (person: SandboxPerson): readonly Kept[] => {
  const random = seededBy(`kept ${person.id}`)
  const story = isStoryPerson(person.id)
  const lead = person.leadAgencyId
  const housed = person.areaId === 'calder' && (random.chance(0.6) || story)
  const patient = random.chance(0.3) || (story && person.basis === 'cohort')
  const heard = person.areaId === 'calder' && random.chance(0.15)
  const kept: (Kept | false)[] = [
    lead !== null && ['address', lead, address],
    lead !== null && ['selection-score', lead, score],
    lead !== null && lead !== 'fresh-steps' && ['interventions-plan', lead, plan],
    lead === 'fresh-steps' && ['partner-intel', lead, intelligence],
    lead === 'young-horizons' && ['engagement', lead, engagement],
    lead === 'young-horizons' && ['ete', lead, ete],
    housed && ['accommodation', 'calder-housing', accommodation],
    heard && ['partner-intel', 'calder-housing', intelligence],
    patient && ['health-mental', 'ridings-health', health],
    person.custodyAgencyId === 'hmp-ravensgill' && ['prison-intel', 'hmp-ravensgill', prisonIntelligence],
    person.custodyAgencyId === 'hmp-ravensgill' && ['custody-release', 'hmp-ravensgill', custody],
  ]
  return kept.filter((one) => one !== false)
}

/** What agencies without a system of their own keep in the gateway about these people; none of it later than the sandbox's day. */
export const buildHostedRecords = (people: readonly SandboxPerson[]): readonly HostedPlain[] =>
  people.flatMap((person, position) =>
    keptAbout(person).map(([category, agencyId, write]) => {
      const name = `hosted ${category} ${agencyId} ${person.id}`
      const item = write(seededBy(name), person)
      if ((item.recordedOn ?? '') > sandboxDay) throw new Error(`${name} is dated after ${sandboxDay}`)
      return { id: fixedId(name, position), offenderId: person.id, category, agencyId, items: [item] }
    }),
  )
