import type { CapacityBasis, Cohort, IdentifierKind, Strand } from '../core/vocabulary.ts'
import type { AreaId } from './cast.ts'
import { sandboxLead } from './people/leads.ts'
import { familyNames, givenNames } from './people/names.ts'
import type { SandboxConsent, SandboxIdentifier, SandboxPerson, SandboxRelationship } from './people/person.ts'
import { ageOn, identifierValue, isJuvenile, offenderIdAt } from './people/person.ts'
import type { Random } from './random.ts'
import { seededBy } from './random.ts'
import { storyNames, storyPeople } from './people/story.ts'

/** How many people the sandbox's cohort holds, the story's ten among them. */
export const peopleCount = 219

type Core = Pick<SandboxPerson, 'bornOn' | 'dip' | 'custodyAgencyId' | 'areaId' | 'supervisorAgencyId'> & {
  readonly cohort: Cohort
  readonly strand: Strand
  readonly statutory: boolean
  readonly leadAgencyId: string
}

const drawBirth = (random: Random): string => {
  const juvenile = random.chance(0.18)
  const year = juvenile ? random.between(2010, 2014) : random.between(1968, 2006)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${year}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`
}

const drawStrand = (random: Random): Strand =>
  random.pick(['catch-and-control', 'prevent-and-deter', 'rehabilitate-and-resettle', 'rehabilitate-and-resettle'])

const drawCore = (random: Random): Core => {
  const areaId: AreaId = random.pick([
    'calder',
    'calder',
    'calder',
    'calder',
    'calder',
    'holme',
    'holme',
    'holme',
    'wharfe',
    'wharfe',
    'wharfe',
  ])
  const bornOn = drawBirth(random)
  const juvenile = isJuvenile(bornOn)
  const custodyAgencyId = !juvenile && random.chance(0.14) ? random.pick(['hmp-stonebeck', 'hmp-stonebeck', 'hmp-ravensgill']) : null
  // The partnership's youth offending and drug services are Calder's: who needs one of them as lead lives there.
  const statutory = random.chance(0.55) && !(juvenile && areaId !== 'calder')
  const dip = areaId === 'calder' && random.chance(juvenile ? 0.08 : 0.3)
  const cohort: Cohort = juvenile ? random.pick(['dyo', 'dyo', 'dyo', 'dyo', 'iom', 'ppo']) : random.pick(['ppo', 'iom', 'iom'])
  const drawn = drawStrand(random)
  const strand = custodyAgencyId === null ? drawn : 'rehabilitate-and-resettle'
  const leadAgencyId = sandboxLead({ custodyAgencyId, juvenile, statutory, cohort, dip, strand })
  const supervisorAgencyId = statutory ? (juvenile ? 'calder-yos' : 'ridings-probation') : null
  return { bornOn, areaId, custodyAgencyId, statutory, dip, cohort, strand, leadAgencyId, supervisorAgencyId }
}

const numbersOf = (core: Core, position: number, random: Random): readonly SandboxIdentifier[] => {
  const known: [IdentifierKind, string, boolean][] = [
    ['pnc-id', 'ridings-police', true],
    ['cro', 'ridings-police', random.chance(0.7)],
    ['crn', 'ridings-probation', core.supervisorAgencyId === 'ridings-probation' || core.leadAgencyId === 'ridings-probation'],
    ['yos-number', 'calder-yos', core.areaId === 'calder' && (isJuvenile(core.bornOn) || core.supervisorAgencyId === 'calder-yos')],
    ['dip-number', 'calder-dip', core.dip],
    ['prison-number', core.custodyAgencyId ?? '', core.custodyAgencyId !== null],
    ['provider-number', 'fresh-steps', core.leadAgencyId === 'fresh-steps' || (!isJuvenile(core.bornOn) && random.chance(0.25))],
    ['provider-number', 'young-horizons', core.leadAgencyId === 'young-horizons'],
  ]
  return known
    .filter(([, , held]) => held)
    .map(([kind, agencyId]) => ({ kind, agencyId, value: identifierValue(kind, position, core.bornOn) }))
}

/** Who of the cast manages a case that the agency leads in Calder. */
export const calderManagers: Readonly<Record<string, string>> = {
  'ridings-police': 'analyst',
  'ridings-dip-police': 'dip-constable',
  'ridings-probation': 'case-manager',
  'calder-yos': 'yos-worker',
  'calder-dip': 'dip-worker',
  'fresh-steps': 'keyworker',
  'young-horizons': 'youth-mentor',
  'hmp-stonebeck': 'prison-officer',
}

/** Nobody of the cast works in Holme, so that even a busy persona has people it cannot see. */
const relationshipsOf = (core: Core): readonly SandboxRelationship[] => {
  const lead = (personSub: string): SandboxRelationship => ({ kind: 'lead-case-manager', agencyId: core.leadAgencyId, personSub })
  const manager = calderManagers[core.leadAgencyId]
  if (core.areaId === 'calder' && manager !== undefined) {
    const nominated: SandboxRelationship = { kind: 'nominating-agency', agencyId: 'calder-housing', personSub: null }
    return core.statutory ? [lead(manager)] : [lead(manager), nominated]
  }
  return core.areaId === 'wharfe' && core.leadAgencyId === 'ridings-police' ? [lead('constable-wharfe')] : []
}

/** Capacity is presumed from 16; younger people of the sandbox were found competent, or a parent spoke for them. */
const capacityAt = (age: number): CapacityBasis =>
  age >= 18 ? 'adult-presumed' : age >= 16 ? 'young-16-17' : age >= 13 ? 'gillick' : 'parental'

/** Only two people of the story refuse; of the rest some were never asked. */
const consentOf = (core: Core, random: Random): readonly SandboxConsent[] => {
  const asked = random.chance(core.statutory ? 0.5 : 0.8)
  const limited = random.chance(0.15)
  if (!asked) return []
  const categories = limited ? (['engagement', 'interventions-plan'] as const) : []
  const day = `2026-0${random.between(1, 9)}-${random.between(10, 28)}`
  return [
    {
      kind: 'given',
      categories,
      capacityBasis: capacityAt(ageOn(core.bornOn, day)),
      evidence: 'Form signed at the induction interview',
      happenedAt: `${day}T10:00:00.000Z`,
      expiresAt: null,
      recordedByAgency: core.leadAgencyId,
      recordedByPerson: core.areaId === 'calder' ? (calderManagers[core.leadAgencyId] ?? null) : null,
    },
  ]
}

const drawPerson = (position: number): SandboxPerson => {
  const random = seededBy(`person-${position}`)
  const core = drawCore(random)
  return {
    id: offenderIdAt(position),
    basis: 'cohort',
    givenName: random.pick(givenNames),
    familyName: random.pick(familyNames),
    ...core,
    identifiers: numbersOf(core, position, random),
    relationships: relationshipsOf(core),
    consent: consentOf(core, random),
  }
}

/** Everybody, always in the same order and with the same ids: the story's ten first. */
export const buildPeople = (): readonly SandboxPerson[] => [
  ...storyPeople(),
  ...Array.from({ length: peopleCount - storyNames.length }, (_, index) => drawPerson(storyNames.length + index)),
]
