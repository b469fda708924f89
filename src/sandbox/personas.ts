import type { Role } from '../core/vocabulary.ts'
import type { AreaId } from './cast.ts'
import { getAgency, partyAgencyIds } from './cast.ts'

/** Someone to sign in as: `name` is both the word the token command takes and the person's `sub` at the agency. */
export interface Persona {
  readonly name: string
  readonly displayName: string
  readonly agencyId: string
  readonly appointments: readonly { readonly role: Role; readonly areaId: AreaId | null }[]
  readonly intelligenceVetted: boolean
  /** One sentence for whoever chooses whom to sign in as. */
  readonly about: string
}

type Row = readonly [name: string, displayName: string, agencyId: string, held: string, about: string]

/** `held` reads `role@area` or `role`; `vetted` is not a role but the dated record that the person may read intelligence. */
const rows: readonly Row[] = [
  [
    'analyst',
    'Ash Analyst',
    'ridings-police',
    'intel-officer@calder core-member@calder vetted',
    'Intelligence officer for Calder, vetted.',
  ],
  [
    'constable-wharfe',
    'Wren Constable',
    'ridings-police',
    'core-member@wharfe',
    'Works in Wharfe only: people in Calder do not exist for them.',
  ],
  ['area-commander', 'Ari Commander', 'ridings-police', 'area-commander@calder', 'Knows who is in the Calder cohort, and no more.'],
  ['case-manager', 'Cam Manager', 'ridings-probation', 'case-manager core-member@calder', 'Probation case manager in Calder.'],
  ['yos-worker', 'Yael Worker', 'calder-yos', 'case-manager core-member@calder', 'Youth offending worker in Calder.'],
  ['dip-worker', 'Dee Worker', 'calder-dip', 'case-manager core-member@calder', 'Drug interventions worker in Calder.'],
  ['dip-constable', 'Drey Constable', 'ridings-dip-police', 'core-member@calder', 'Constable of the drug interventions unit.'],
  ['keyworker', 'Kit Keyworker', 'fresh-steps', 'case-manager core-member@calder', 'Key worker of a third-sector provider.'],
  ['youth-mentor', 'Mo Mentor', 'young-horizons', 'case-manager core-member@calder', 'Mentor at the young people’s provider.'],
  [
    'prison-officer',
    'Pip Officer',
    'hmp-stonebeck',
    'prison-reception offender-supervisor vetted',
    'Reception and offender supervision at HMP Stonebeck.',
  ],
  ['nurse', 'Nico Nurse', 'ridings-health', '', 'A nurse with no part in any case.'],
  ['housing-officer', 'Hal Housing', 'calder-housing', 'core-member@calder', 'Council housing officer, core member in Calder.'],
  ['case-lawyer', 'Lane Lawyer', 'ridings-cps', 'vetted', 'Prosecutor with a case before sentence, vetted.'],
  ['landlord', 'Lou Landlord', 'hollins-lettings', '', 'A private landlord: outside the partnership.'],
  ['chair', 'Charlie Chair', 'ridings-police', 'chair@calder core-member@calder', 'Chairs the Calder conference.'],
  ['deputy', 'Del Deputy', 'ridings-probation', 'deputy-chair@calder core-member@calder', 'Deputy chair of the Calder conference.'],
  ['spoc', 'Sol Spoc', 'ridings-partnership', 'spoc@calder', 'Administers the Calder conference.'],
  ['ig-officer', 'Indy Governance', 'ridings-partnership', 'ig-officer', 'Information-governance officer of the partnership.'],
  ['ig-second', 'Ira Governance', 'ridings-partnership', 'ig-officer', 'The second officer, for what needs two.'],
  ['dpo', 'Dee Protection', 'ridings-partnership', 'dpo', 'Data protection officer of the partnership.'],
  [
    'foi-officer',
    'Fin Freedom',
    'ridings-police',
    'foi-officer core-member@calder',
    'Answers requests under the Freedom of Information Act for the police.',
  ],
  ['registrar', 'Rae Registrar', 'ridings-partnership', 'isa-registrar', 'Keeps the registry of sharing agreements.'],
  ['admin', 'Addy Admin', 'ridings-partnership', 'system-admin', 'Administers the gateway; sees no content.'],
]

const signatories: readonly Row[] = partyAgencyIds.map((agencyId) => [
  `signatory-${agencyId}`,
  `Sig Natory (${getAgency(agencyId).name})`,
  agencyId,
  'isa-signatory',
  `Signs sharing agreements for ${getAgency(agencyId).name}.`,
])

const parseHeld = (held: string) => held.split(' ').filter((word) => word !== '' && word !== 'vetted')

export const personas: readonly Persona[] = [...rows, ...signatories].map(([name, displayName, agencyId, held, about]) => ({
  name,
  displayName,
  agencyId,
  appointments: parseHeld(held).map((word) => {
    const [role, areaId] = word.split('@')
    return { role: role as Role, areaId: (areaId as AreaId | undefined) ?? null }
  }),
  intelligenceVetted: held.includes('vetted'),
  about,
}))

/** The persona of that name; the error lists whom there is. */
export const getPersona = (name: string): Persona => {
  const persona = personas.find((candidate) => candidate.name === name)
  if (!persona) throw new Error(`no persona ${name}; there are ${rows.map(([known]) => known).join(', ')} and signatory-<agency>`)
  return persona
}
