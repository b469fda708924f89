import type { Caller } from '../../core/caller.ts'
import type { Reviewer } from '../../db/misuse/review.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { type ReadingReasons, refusedReading } from '../log/search/reading-reasons.ts'
import { holdsRole, isPartnershipOfficer, notAppointed } from '../roles.ts'

export const logUseDetail = ({ purpose, justification }: ReadingReasons) => ({
  logPurpose: purpose ?? null,
  justification: justification ?? null,
})

type Refused = Extract<ChangeOutcome<never>, { allowed: false }>

/**
 * Who may review, or why not: the partnership's information-governance officers everything, an agency's officers their own people, and
 * only for what a log may be used for. How much somebody works is not among it.
 */
export const reviewerOf = (
  { standing, at }: Pick<ChangeContext, 'standing' | 'at'>,
  caller: Caller,
  use: ReadingReasons,
): { readonly reviewer: Reviewer; readonly refused: null } | { readonly reviewer: null; readonly refused: Refused } => {
  const partnership = isPartnershipOfficer(standing, ['ig-officer'], at)
  if (!partnership && !holdsRole(standing, ['ig-officer', 'dpo'], at))
    return { reviewer: null, refused: { allowed: false, reason: notAppointed } }
  const refused = refusedReading(use)
  if (refused !== null) return { reviewer: null, refused }
  return { reviewer: { agencyId: caller.agencyId, personSub: caller.personSub!, partnership }, refused: null }
}

/** One that is not there, one of another agency and one about oneself are the same answer. */
export const notYours: Refused = {
  allowed: false,
  status: 404,
  reason: { code: 'log-purpose', stage: 'R42', ruleId: 'flag-own-agency-never-self', cites: 'DPA 2018 s.62(4); R42' },
}
