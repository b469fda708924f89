import type { Known, SystemDefinition } from './agency-system.ts'
import { several } from './agency-system.ts'
import { dayAfter, dayBefore, slashed } from './dates.ts'

const offences = [
  ['TH68010', 'Theft from a shop'],
  ['TH68072', 'Burglary, dwelling'],
  ['TH68023', 'Taking a vehicle without consent'],
  ['CD71039', 'Criminal damage'],
  ['MD71530', 'Possession of a class A drug'],
  ['PU86116', 'Threatening behaviour'],
] as const

const courts = ['Calder Bridge Magistrates’ Court', 'Holme Valley Magistrates’ Court', 'Ridings Crown Court'] as const
const stations = ['Calder Bridge', 'Holme Moss Road', 'Wharfe Street'] as const

const nominal = ({ person, number }: Known) => ({
  PNCID: number,
  Surname: person.familyName.toUpperCase(),
  Forename1: person.givenName.toUpperCase(),
  DOB: slashed(person.bornOn),
})

/** The victim and the officer stand in the custody record, as they do; no mapping carries them. */
const custody = (known: Known) => {
  const { random } = known
  const CustodyRecords = several(random, 3, (index) => {
    const arrested = dayBefore(random, 20 + index * 90, 100 + index * 90)
    const [CJSCode, Title] = random.pick(offences)
    const decided = random.chance(0.8)
    return {
      CustodyRef: `CB/${random.between(1000, 9999)}/${arrested.slice(2, 4)}`,
      ArrestDate: slashed(arrested),
      ArrestOffence: { CJSCode, Title },
      Station: random.pick(stations),
      ArrestingOfficer: `PC ${random.between(1000, 9999)}`,
      Victim: { Name: 'Vic Timbury', Contact: 'via the officer in the case' },
      Disposal: decided
        ? { Type: random.pick(['Charged', 'Released on bail', 'No further action']), Date: slashed(dayAfter(arrested, 1)) }
        : null,
    }
  })
  return { Nominal: nominal(known), CustodyRecords }
}

const convictions = (known: Known) => {
  const { random } = known
  const Convictions = several(random, 4, (index) => {
    const offended = dayBefore(random, 200 + index * 300, 480 + index * 300)
    const [CJSCode, Title] = random.pick(offences)
    return {
      Offence: { CJSCode, Title, Date: slashed(offended) },
      Court: random.pick(courts),
      ConvictionDate: slashed(dayAfter(offended, random.between(30, 160))),
      Sentence: random.pick(['Community order, 12 months', 'Custody, 16 weeks', 'Conditional discharge', 'Suspended sentence order']),
      ROASpent: index > 2 ? 'Y' : 'N',
    }
  })
  return { Nominal: nominal(known), Convictions }
}

const texts = [
  'Said to be handling stolen bicycles around the market on Fridays.',
  'Said to be staying out after the curfew hour at the weekend.',
  'Said to have fallen out with a former associate over money.',
  'Said to have offered tools for sale that were taken from vans.',
] as const

/** 3x5x2 in one word, as `2BP`. The first report may be shared; later ones may carry conditions (C) or be thought false (E). */
const intelligence = (known: Known) => {
  const { random } = known
  const IntelligenceReports = several(random, 3, (index) => {
    const submitted = dayBefore(random, 15 + index * 60, 70 + index * 60)
    const graded = index === 0 ? `${random.pick(['1', '2'])}${random.pick(['A', 'B', 'C'])}P` : random.pick(['2CC', '3EP', '2DP', '1BC'])
    return {
      URN: `RP${submitted.slice(2, 4)}/${random.between(100_000, 999_999)}`,
      SubmittedDate: slashed(submitted),
      Evaluation: graded,
      ProtectiveMarking: 'OFFICIAL-SENSITIVE',
      SanitisedText: random.pick(texts),
      SubjectRole: random.pick(['principal', 'associate']),
      RiskToStaff: random.chance(0.2) ? 'Visit in pairs' : 'None known',
      SourceRef: `SRC-${random.between(10_000, 99_999)}`,
      HandlerRef: `H-${random.between(100, 999)}`,
      OthersNamed: random.chance(0.5) ? ['Nomi Nalby'] : [],
      // The intelligence unit has not looked at everything yet.
      ReleasedBy: index < 2 ? 'BIU' : null,
      Conditions: graded.endsWith('C') ? ['Ask the originator before any use'] : [],
      ReviewDate: slashed(dayAfter(submitted, 730)),
    }
  })
  return { Nominal: nominal(known), IntelligenceReports }
}

/** Ridings Police's records system: capitalised keys, dates as 01/05/2026, evaluation codes in one word. */
export const policeSystem: SystemDefinition = {
  agencyId: 'ridings-police',
  numberKey: 'PNCID',
  views: { '/Nominal/Custody': custody, '/Nominal/Convictions': convictions, '/Nominal/Intelligence': intelligence },
}
