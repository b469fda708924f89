import type { Failing } from '../../../core/casework/conference-views.ts'
import { holdsAt } from '../../../core/case/relationship.ts'
import type { Reason } from '../../../core/decision/decision.ts'
import { londonDay } from '../../../core/london.ts'
import type { Standing } from '../../../core/snapshot.ts'
import type { Tx } from '../../../db/db.ts'
import { findConference } from '../../../db/casework/conferences.ts'
import { findAreaOfficers } from '../../../db/cohort/nominations.ts'
import type { ChangeOutcome } from '../../commit/change.ts'

/** Who writes down what an area's conference decided: the chair, the deputy, and the administrator (Guidance 2009, 1.1-1.3 b9). */
const officers = ['chair', 'deputy-chair', 'spoc'] as const

export const isOfficerOf = (standing: Standing, areaId: string, at: Date): boolean =>
  standing.appointments.some((one) => (officers as readonly string[]).includes(one.role) && one.areaId === areaId && holdsAt(one, at))

/** The agencies that an area's conference is made of: each has a view, none a greater one. */
export const conferenceAgencies = async (tx: Tx, areaId: string): Promise<readonly string[]> => {
  const members = await findAreaOfficers(tx, areaId, ['core-member', 'chair', 'deputy-chair'])
  return [...new Set(members.map(({ agencyId }) => agencyId))]
}

type Refused = Extract<ChangeOutcome<never>, { allowed: false }>

const conferenceRef: Reason = {
  code: 'conference-ref',
  stage: 'R33',
  ruleId: 'r33-conference-record',
  cites: 'Scrutiny Board 2009, 1.26-1.27; Case Conferencing Guidance 2009, 1.1; R33',
}

export const failed = ({ reason, errors }: Failing): Refused => ({ allowed: false, status: 422, reason, errors })

/** A case conference of the area that has been held; null when the one named is it. */
export const conferenceRefusal = async (
  tx: Tx,
  asked: { readonly conferenceId: string; readonly areaId: string; readonly at: Date },
): Promise<Refused | null> => {
  const conference = await findConference(tx, asked.conferenceId)
  const fits =
    conference !== null &&
    (conference.kind === 'case-conference' || conference.kind === 'dyo-conference') &&
    conference.areaId === asked.areaId &&
    conference.heldOn <= londonDay(asked.at)
  if (fits) return null
  return failed({ reason: conferenceRef, errors: [{ path: '/conferenceId', message: 'is no case conference that the area has held' }] })
}

/** The administrator of an area's conference; the chair where there is none, and the partnership's officers where there is neither. */
export const administratorOf = async (
  tx: Tx,
  areaId: string,
  partnershipId: string,
): Promise<{ readonly agencyId: string; readonly role: string }> => {
  const found = await findAreaOfficers(tx, areaId, ['spoc', 'chair'])
  return found.find(({ role }) => role === 'spoc') ?? found[0] ?? { agencyId: partnershipId, role: 'ig-officer' }
}
