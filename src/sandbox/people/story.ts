import type { IdentifierKind } from '../../core/vocabulary.ts'
import type { SandboxConsent, SandboxPerson, SandboxRelationship } from './person.ts'
import { identifierValue, offenderIdAt } from './person.ts'

/** The people that the documentation and the demonstration speak of; each stands for one thing that can happen. */
export const storyNames = ['jordan', 'sam', 'casey', 'riley', 'alex', 'morgan', 'drew', 'pat', 'lee', 'robin'] as const
export type StoryName = (typeof storyNames)[number]

/** Ids that never change. */
export const storyId = (name: StoryName): string => offenderIdAt(storyNames.indexOf(name))

type Numbers = readonly (readonly [IdentifierKind, string])[]
type Telling = Omit<SandboxPerson, 'id' | 'basis' | 'identifiers'> & { readonly basis?: SandboxPerson['basis']; readonly numbers: Numbers }

const police = ['pnc-id', 'ridings-police'] as const
const probation = ['crn', 'ridings-probation'] as const
const provider = ['provider-number', 'fresh-steps'] as const
const dip = ['dip-number', 'calder-dip'] as const
const yos = ['yos-number', 'calder-yos'] as const

const works = (kind: SandboxRelationship['kind'], agencyId: string, personSub: string): SandboxRelationship => ({
  kind,
  agencyId,
  personSub,
})
const keyworkerLeads = works('lead-case-manager', 'fresh-steps', 'keyworker')

const consent = (more: Partial<SandboxConsent> & Pick<SandboxConsent, 'kind'>): SandboxConsent => ({
  categories: [],
  capacityBasis: 'adult-presumed',
  evidence: 'Form signed at the induction interview',
  happenedAt: '2026-02-10T10:30:00.000Z',
  expiresAt: null,
  recordedByAgency: 'fresh-steps',
  recordedByPerson: 'keyworker',
  ...more,
})

/** A non-statutory adult in Calder whose interventions a third-sector provider delivers and leads (row L7). */
const volunteer = {
  cohort: 'iom',
  strand: 'rehabilitate-and-resettle',
  statutory: false,
  supervisorAgencyId: null,
  leadAgencyId: 'fresh-steps',
  dip: false,
  custodyAgencyId: null,
  areaId: 'calder',
  numbers: [police, provider],
  relationships: [keyworkerLeads],
} as const satisfies Partial<Telling>

/** A statutory adult held in a prison: always Rehabilitate and Resettle, led by that prison (row L11). */
const prisoner = (custodyAgencyId: string) =>
  ({
    cohort: 'iom',
    strand: 'rehabilitate-and-resettle',
    statutory: true,
    supervisorAgencyId: 'ridings-probation',
    leadAgencyId: custodyAgencyId,
    dip: false,
    custodyAgencyId,
    areaId: 'calder',
    numbers: [police, ['cro', 'ridings-police'], probation, ['prison-number', custodyAgencyId]],
    consent: [],
  }) as const satisfies Partial<Telling>

const caseManager = works('case-manager', 'ridings-probation', 'case-manager')

/** Known to five agencies at once. */
const jordan: Telling = {
  givenName: 'Jordan',
  familyName: 'Examplewood',
  bornOn: '2007-05-14',
  cohort: 'iom',
  strand: 'rehabilitate-and-resettle',
  statutory: true,
  supervisorAgencyId: 'ridings-probation',
  leadAgencyId: 'ridings-probation',
  dip: true,
  custodyAgencyId: null,
  areaId: 'calder',
  numbers: [police, ['cro', 'ridings-police'], probation, yos, dip, provider],
  relationships: [
    works('lead-case-manager', 'ridings-probation', 'case-manager'),
    works('intervention-owner', 'calder-dip', 'dip-worker'),
    works('intervention-owner', 'fresh-steps', 'keyworker'),
  ],
  consent: [
    consent({
      kind: 'given',
      categories: ['drug-treatment', 'ete'],
      recordedByAgency: 'ridings-probation',
      recordedByPerson: 'case-manager',
    }),
  ],
}

const alex: Telling = {
  givenName: 'Alex',
  familyName: 'Fableton',
  bornOn: '2009-10-28',
  cohort: 'dyo',
  strand: 'prevent-and-deter',
  statutory: true,
  supervisorAgencyId: 'calder-yos',
  leadAgencyId: 'calder-yos',
  dip: false,
  custodyAgencyId: null,
  areaId: 'calder',
  numbers: [police, yos],
  relationships: [works('lead-case-manager', 'calder-yos', 'yos-worker')],
  consent: [consent({ kind: 'given', capacityBasis: 'young-16-17', recordedByAgency: 'calder-yos', recordedByPerson: 'yos-worker' })],
}

const riley: Telling = {
  ...volunteer,
  givenName: 'Riley',
  familyName: 'Paperton',
  bornOn: '1988-03-02',
  leadAgencyId: 'calder-dip',
  dip: true,
  numbers: [police, dip],
  relationships: [works('lead-case-manager', 'calder-dip', 'dip-worker')],
  consent: [
    consent({ kind: 'refused', happenedAt: '2026-04-21T13:15:00.000Z', recordedByAgency: 'calder-dip', recordedByPerson: 'dip-worker' }),
  ],
}

const outOfCohort = {
  cohort: null,
  strand: null,
  statutory: null,
  leadAgencyId: null,
  numbers: [police],
  relationships: [],
  consent: [],
} as const

const told: Record<StoryName, Telling> = {
  jordan,
  sam: { ...volunteer, givenName: 'Sam', familyName: 'Storyholme', bornOn: '1994-08-19', consent: [consent({ kind: 'given' })] },
  casey: {
    ...volunteer,
    givenName: 'Casey',
    familyName: 'Inkwellby',
    bornOn: '1997-12-03',
    consent: [consent({ kind: 'refused', happenedAt: '2026-03-17T09:45:00.000Z' })],
  },
  riley,
  alex,
  morgan: {
    ...prisoner('hmp-stonebeck'),
    givenName: 'Morgan',
    familyName: 'Mockbridge',
    bornOn: '1990-01-25',
    relationships: [works('lead-case-manager', 'hmp-stonebeck', 'prison-officer'), caseManager],
  },
  drew: { ...prisoner('hmp-ravensgill'), givenName: 'Drew', familyName: 'Pretendham', bornOn: '1985-07-07', relationships: [caseManager] },
  pat: { ...volunteer, ...outOfCohort, basis: 'pdp', givenName: 'Pat', familyName: 'Mirageby', bornOn: '1979-11-30' },
  lee: { ...volunteer, ...outOfCohort, basis: 'closed', givenName: 'Lee', familyName: 'Draftonby', bornOn: '1982-09-12' },
  robin: {
    ...volunteer,
    givenName: 'Robin',
    familyName: 'Fictonley',
    bornOn: '1991-04-16',
    consent: [consent({ kind: 'given', happenedAt: '2025-09-01T11:00:00.000Z', expiresAt: '2026-09-01T11:00:00.000Z' })],
  },
}

export const storyPeople = (): readonly SandboxPerson[] =>
  storyNames.map((name, position) => {
    const { numbers, basis, ...rest } = told[name]
    const identifiers = numbers.map(([kind, agencyId]) => ({ kind, agencyId, value: identifierValue(kind, position, rest.bornOn) }))
    return { id: offenderIdAt(position), basis: basis ?? 'cohort', ...rest, identifiers }
  })

const storyIds = new Set(storyNames.map(storyId))
export const isStoryPerson = (id: string): boolean => storyIds.has(id)
