import type { Reason } from '../core/decision/decision.ts'
import { holdsAt } from '../core/case/relationship.ts'
import type { Standing } from '../core/snapshot.ts'
import type { Role } from '../core/vocabulary.ts'

/** Does the person hold one of these appointments at this instant? */
export const holdsRole = (standing: Standing, roles: readonly Role[], at: Date): boolean =>
  standing.appointments.some((appointment) => roles.includes(appointment.role) && holdsAt(appointment, at))

/** The partnership's own administration: registrars and administrators appointed at the governance body. */
export const isPartnershipOfficer = (standing: Standing, roles: readonly Role[], at: Date): boolean =>
  standing.agency.kind === 'governance-body' && holdsRole(standing, roles, at)

export const notAppointed: Reason = {
  code: 'need-to-know',
  stage: 'R3',
  ruleId: 'change-needs-appointment',
  cites: 'Case Conferencing Guidance 2009, 1.1-1.2; R3',
}
export const ownAgencyOnly: Reason = {
  code: 'separation-of-duties',
  stage: 'R42',
  ruleId: 'change-own-agency',
  cites: 'R42: an agency’s systems and people are its own to register',
}
