import { holdsAt } from '../../core/case/relationship.ts'
import type { Reason } from '../../core/decision/decision.ts'
import { type EmergencyAccess, findReviewingChairs } from '../../db/emergency/emergency-accesses.ts'
import type { ChangeContext } from '../commit/change.ts'
import { isPartnershipOfficer } from '../roles.ts'

export type Reviewer = 'chair' | 'ig-officer'
type Standing = 'user' | Reviewer | 'nobody'

/**
 * As whom somebody comes to an emergency access: who opened it, who may review it, or nobody. The officers are the partnership's, and
 * so never of the user's own team (R40); a chair of another conference only where the area has none but the user (R41).
 */
export const standingTo = async (context: ChangeContext, access: EmergencyAccess & { readonly areaId: string }): Promise<Standing> => {
  const { standing, caller, at, tx } = context
  if (access.agencyId === caller.agencyId && access.personSub === caller.personSub) return 'user'
  if (isPartnershipOfficer(standing, ['ig-officer'], at)) return 'ig-officer'
  const chairs = standing.appointments.some((one) => (one.role === 'chair' || one.role === 'deputy-chair') && holdsAt(one, at))
  if (!chairs) return 'nobody'
  const reviewing = await findReviewingChairs(tx, access.areaId, access)
  return reviewing.some((one) => one.agencyId === caller.agencyId && one.personSub === caller.personSub) ? 'chair' : 'nobody'
}

export const notOwn: Reason = {
  code: 'separation-of-duties',
  stage: 'R40',
  ruleId: 'r40-neither-the-user',
  cites: 'R40 and R42: reviewed by a chair and an information-governance officer, neither of them who opened it',
}
