import type { Relationship } from '../facts.ts'
import { relationships } from '../facts.ts'
import type { Appointment, Standing, Subject } from '../snapshot.ts'
import type { Role } from '../vocabulary.ts'

/** The strongest thing that ties the asking person to the case, and when it ends by itself. */
export interface Tie {
  readonly relationship: Relationship
  readonly lapsesAt: Date | null
}

/** Half-open: an appointment holds from its first instant up to, and not including, its last. */
export const holdsAt = (interval: { readonly fromAt: Date; readonly toAt: Date | null }, at: Date): boolean =>
  interval.fromAt <= at && (interval.toAt === null || at < interval.toAt)

/** Roles that tie a person to every case of an area, and what each counts as (Guidance 1.3 b10; Scrutiny Board 1.14, 1.22; para 42). */
const areaRoles: Partial<Record<Role, Relationship>> = {
  chair: 'core-member',
  'deputy-chair': 'core-member',
  'core-member': 'core-member',
  'intel-officer': 'intel-officer',
  'hub-coordinator': 'hub-coordinator',
  'neighbourhood-officer': 'neighbourhood-officer',
  'area-commander': 'area-commander',
}

const fromAppointment = (appointment: Appointment, standing: Standing, subject: Subject): Relationship => {
  if (appointment.role === 'prison-reception') return subject.custodyAgencyId === standing.agency.id ? 'prison-reception' : 'none'
  const counted = areaRoles[appointment.role]
  return counted !== undefined && appointment.areaId === subject.areaId ? counted : 'none'
}

/**
 * Case relationship (Guidance 1.3 b10): a core member of the area's conference, the named owner of an intervention, the named
 * case manager, or the nominating agency. A system without a person has none, and a person nobody knows has none either.
 */
export const relationshipTo = (standing: Standing, subject: Subject | null, at: Date): Tie => {
  const person = standing.person
  if (subject === null || person === null) return { relationship: 'none', lapsesAt: null }
  let best: Tie = { relationship: 'none', lapsesAt: null }
  const consider = (relationship: Relationship, lapsesAt: Date | null): void => {
    if (relationships.indexOf(relationship) < relationships.indexOf(best.relationship)) best = { relationship, lapsesAt }
  }
  for (const tie of subject.relationships) {
    if (tie.agencyId !== standing.agency.id || !holdsAt(tie, at)) continue
    // Each intervention and each case has a named person; only a nomination is an agency's.
    if (tie.personSub === person.sub || (tie.kind === 'nominating-agency' && tie.personSub === null)) consider(tie.kind, tie.toAt)
  }
  for (const appointment of standing.appointments) {
    if (holdsAt(appointment, at)) consider(fromAppointment(appointment, standing, subject), appointment.toAt)
  }
  return best
}

/** The areas whose cases the person's appointments tie them to at this instant. */
export const areaTies = (standing: Standing, at: Date): readonly string[] => [
  ...new Set(
    standing.appointments
      .filter((one) => areaRoles[one.role] !== undefined && one.areaId !== null && holdsAt(one, at))
      .map((one) => one.areaId!),
  ),
]
