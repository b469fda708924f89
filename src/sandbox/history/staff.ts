import type { Role } from '../../core/vocabulary.ts'
import type { AreaId } from '../cast.ts'
import { calderManagers } from '../people.ts'
import { personas } from '../personas.ts'

export interface Worker {
  readonly agencyId: string
  readonly sub: string
}

interface Colleague extends Worker {
  readonly displayName: string
  readonly held: readonly { readonly role: Role; readonly areaId: AreaId }[]
}

type Row = readonly [sub: string, displayName: string, agencyId: string, held?: readonly [Role, AreaId]]
const rows: readonly Row[] = [
  ['chair-holme', 'Hollis Chair', 'ridings-police', ['chair', 'holme']],
  ['spoc-holme', 'Harper Spoc', 'ridings-police', ['spoc', 'holme']],
  ['chair-wharfe', 'Winter Chair', 'ridings-police', ['chair', 'wharfe']],
  ['spoc-wharfe', 'Wyn Spoc', 'ridings-police', ['spoc', 'wharfe']],
  ['constable-holme', 'Hart Constable', 'ridings-police'],
  ['probation-north', 'Nor Officer', 'ridings-probation'],
  ['keyworker-north', 'Nell Keyworker', 'fresh-steps'],
  ['mentor-north', 'Nils Mentor', 'young-horizons'],
  ['custody-manager', 'Rae Custody', 'hmp-ravensgill'],
]

/** People on record in the other two areas and at the other prison, whom nobody signs in as. */
export const colleagues: readonly Colleague[] = rows.map(([sub, displayName, agencyId, held]) => ({
  ...{ sub, displayName, agencyId },
  held: held === undefined ? [] : [{ role: held[0], areaId: held[1] }],
}))

const north: Readonly<Record<string, string>> = {
  'ridings-probation': 'probation-north',
  'fresh-steps': 'keyworker-north',
  'young-horizons': 'mentor-north',
  'hmp-stonebeck': 'prison-officer',
  'hmp-ravensgill': 'custody-manager',
}

/** Who works at the agency for an area: somebody of the cast in Calder. */
export const workerOf = (agencyId: string, areaId: AreaId): Worker => {
  const police = areaId === 'wharfe' ? 'constable-wharfe' : 'constable-holme'
  const calder = agencyId === 'calder-housing' ? 'housing-officer' : calderManagers[agencyId]
  const elsewhere = agencyId === 'ridings-police' ? police : north[agencyId]
  const sub = (areaId === 'calder' ? calder : undefined) ?? elsewhere
  if (sub === undefined) throw new Error(`nobody of ${agencyId} works in ${areaId}`)
  return { agencyId, sub }
}

interface Officers {
  readonly chair: Worker
  readonly deputy: Worker
  readonly spoc: Worker
}

/** Who runs the area's conference; only Calder has a deputy. */
export const officersOf = (areaId: AreaId): Officers => {
  const police = (sub: string): Worker => ({ agencyId: 'ridings-police', sub })
  if (areaId !== 'calder') return { chair: police(`chair-${areaId}`), deputy: police(`chair-${areaId}`), spoc: police(`spoc-${areaId}`) }
  const deputy = { agencyId: 'ridings-probation', sub: 'deputy' }
  return { chair: police('chair'), deputy, spoc: { agencyId: 'ridings-partnership', sub: 'spoc' } }
}

/** The cast's core members of Calder: the agencies that each say what they think of a case. */
export const coreMembers: readonly Worker[] = personas
  .filter(({ appointments }) => appointments.some(({ role, areaId }) => role === 'core-member' && areaId === 'calder'))
  .map(({ agencyId, name }) => ({ agencyId, sub: name }))

export const conferenceAgencies = (areaId: AreaId): readonly string[] =>
  areaId === 'calder' ? [...new Set(coreMembers.map(({ agencyId }) => agencyId))] : ['ridings-police', 'ridings-probation', 'fresh-steps']
