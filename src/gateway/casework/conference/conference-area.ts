import { areaTies, holdsAt } from '../../../core/case/relationship.ts'
import type { Standing } from '../../../core/snapshot.ts'
import type { Role } from '../../../core/vocabulary.ts'
import { isPartnershipOfficer } from '../../roles.ts'

const keeps: readonly Role[] = ['spoc', 'chair', 'deputy-chair', 'minute-taker']

const holdsIn = (standing: Standing, roles: readonly Role[], about: { readonly areaId: string; readonly at: Date }): boolean =>
  standing.appointments.some((one) => roles.includes(one.role) && one.areaId === about.areaId && holdsAt(one, about.at))

/** Who keeps the records of an area's conference: its single point of contact, its chair, deputy or minute taker (Guidance 2009, 1.3 b9). */
export const keepsConference = (standing: Standing, areaId: string, at: Date): boolean => holdsIn(standing, keeps, { areaId, at })

/** Its single point of contact alone: who hands over what the chair decided, and decides nothing (Guidance 2009, 1.3 b9). */
export const isContactOf = (standing: Standing, areaId: string, at: Date): boolean => holdsIn(standing, ['spoc'], { areaId, at })

/** The areas whose conferences a person may know of; null: every area, for the partnership's own officers. */
export const conferenceAreas = (standing: Standing, at: Date): readonly string[] | null => {
  if (isPartnershipOfficer(standing, ['ig-officer', 'isa-registrar'], at)) return null
  const kept = standing.appointments.filter((one) => keeps.includes(one.role) && one.areaId !== null && holdsAt(one, at))
  return [...new Set([...areaTies(standing, at), ...kept.map((one) => one.areaId!)])]
}

/** Who sees which cases are on the agenda: those who keep it, and the core members who discuss it. */
export const seesAgenda = (standing: Standing, areaId: string, at: Date): boolean =>
  holdsIn(standing, [...keeps, 'core-member'], { areaId, at })

export const notKeeper = {
  allowed: false,
  status: 403,
  reason: {
    code: 'need-to-know',
    stage: 'R13',
    ruleId: 'conference-kept-by-spoc',
    cites: 'Case Conferencing Guidance 2009, 1.1-1.3 b9; R13',
  },
} as const
