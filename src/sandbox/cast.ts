import type { AgencyKind } from '../core/vocabulary.ts'

/** Who takes part in the sandbox's partnership, all of it invented: three divisions of the Ridings and the agencies that serve them. */

export const areas = [
  { id: 'calder', name: 'Calder' },
  { id: 'holme', name: 'Holme' },
  { id: 'wharfe', name: 'Wharfe' },
] as const
export type AreaId = (typeof areas)[number]['id']

export interface CastAgency {
  readonly id: string
  readonly name: string
  readonly kind: AgencyKind
  readonly regime: 'law-enforcement' | 'general'
  readonly clearance: 'official' | 'official-sensitive'
  /** Null where the agency serves all three divisions. */
  readonly areaId: AreaId | null
  /** Schemes the agency belongs to as such: police, probation and prisons are MAPPA's responsible authority (CJA 2003 s.325). */
  readonly schemes: readonly string[]
}

type Row = readonly [id: string, name: string, kind: AgencyKind, regime: 'LE' | 'general', areaId?: AreaId]

const rows: readonly Row[] = [
  ['ridings-police', 'Ridings Police', 'police', 'LE'],
  ['ridings-dip-police', 'Ridings Police, Drug Interventions Unit', 'dip-police', 'LE'],
  ['ridings-probation', 'Ridings Probation', 'probation', 'LE'],
  ['calder-yos', 'Calder Youth Offending Service', 'yos', 'LE', 'calder'],
  ['calder-dip', 'Calder Drug Interventions Programme', 'dip', 'general', 'calder'],
  ['fresh-steps', 'Fresh Steps', 'third-sector', 'general'],
  ['young-horizons', 'Young Horizons', 'yp-provider', 'general'],
  ['hmp-stonebeck', 'HMP Stonebeck', 'prison', 'LE'],
  ['hmp-ravensgill', 'HMP Ravensgill', 'prison', 'LE'],
  ['ridings-health', 'Ridings Health', 'health', 'general'],
  ['calder-housing', 'Calder Council Housing', 'la-housing', 'general', 'calder'],
  ['ridings-court', 'Ridings Magistrates’ Courts', 'court', 'LE'],
  ['ridings-cps', 'Crown Prosecution Service, Ridings', 'cps', 'LE'],
  ['ridings-partnership', 'Ridings Community Safety Partnership', 'governance-body', 'general'],
  ['hollins-lettings', 'Hollins Lettings', 'private-landlord', 'general', 'calder'],
]

const mappaAuthorities: readonly AgencyKind[] = ['police', 'probation', 'prison']

export const agencies: readonly CastAgency[] = rows.map(([id, name, kind, regime, areaId]) => ({
  id,
  name,
  kind,
  regime: regime === 'LE' ? 'law-enforcement' : 'general',
  clearance: kind === 'private-landlord' ? 'official' : 'official-sensitive',
  areaId: areaId ?? null,
  schemes: mappaAuthorities.includes(kind) ? ['mappa'] : [],
}))

/** A private landlord is never a party to a sharing agreement (domain rule R8); every other agency has a signatory of its own. */
export const partyAgencyIds: readonly string[] = agencies.filter(({ kind }) => kind !== 'private-landlord').map(({ id }) => id)

export interface CastClient {
  readonly id: string
  readonly agencyId: string
  readonly name: string
  /** Plain bearer exists in the sandbox only. */
  readonly binding: 'bearer' | 'dpop'
}

/** One client per agency, `<agency>-records`, and one that proves possession of its key, so that RFC 9449 can be tried. */
export const clients: readonly CastClient[] = [
  ...agencies.map(({ id, name }): CastClient => ({ id: `${id}-records`, agencyId: id, name: `${name}: records`, binding: 'bearer' })),
  { id: 'ridings-police-mobile', agencyId: 'ridings-police', name: 'Ridings Police: mobile', binding: 'dpop' },
]

export const getAgency = (id: string): CastAgency => {
  const agency = agencies.find((candidate) => candidate.id === id)
  if (!agency) throw new Error(`no agency ${id} in the sandbox; there are ${agencies.map((known) => known.id).join(', ')}`)
  return agency
}

/** What is read out at the start of every meeting; in the words of this sandbox. */
export const confidentialityStatement =
  'This meeting is held because the risk that the people we speak of present to the public outweighs their confidentiality. What is ' +
  'said here and the papers of the meeting are closed. They are kept in the restricted section of our agencies’ files, are not copied, ' +
  'and go no further, within our agencies or outside them, without the agreement of the chair, who decides what may be shared.'
