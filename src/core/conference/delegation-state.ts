import { holdsAt } from '../case/relationship.ts'
import type { Delegation } from './acting-chair.ts'

export type DelegationState = 'offered' | 'accepted' | 'in-force' | 'over'

/** How a delegation stands at an instant by its own words; whether the chair still chairs is weighed when it is used. */
export const delegationState = (delegation: Delegation, at: Date): DelegationState => {
  const { acceptedAt, endedAt, toAt } = delegation
  if ((endedAt !== null && at >= endedAt) || (toAt !== null && at >= toAt)) return 'over'
  if (acceptedAt === null || at < acceptedAt) return 'offered'
  return holdsAt(delegation, at) ? 'in-force' : 'accepted'
}
