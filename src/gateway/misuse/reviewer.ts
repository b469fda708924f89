import type { Caller } from '../../core/caller.ts'
import type { Reviewer } from '../../db/misuse/review.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { holdsRole, isPartnershipOfficer, notAppointed } from '../roles.ts'

/** "for one or more of the following purposes": the only uses of a log (DPA 2018 s.62(4)). */
const logPurposes = ['lawfulness', 'self-monitoring', 'integrity', 'criminal-proceedings']

/** What every reading of flags and samples says first; both are the schema's to leave out, and the rule's to refuse. */
export interface LogUse {
  readonly purpose?: string | null
  readonly justification?: string | null
}

export const logUseDetail = ({ purpose, justification }: LogUse) => ({ logPurpose: purpose ?? null, justification: justification ?? null })

type Refused = Extract<ChangeOutcome<never>, { allowed: false }>

/**
 * Who may review, or why not: the partnership's information-governance officers everything, an agency's officers their own people, and
 * only for what a log may be used for. How much somebody works is not among it.
 */
export const reviewerOf = (
  { standing, at }: Pick<ChangeContext, 'standing' | 'at'>,
  caller: Caller,
  use: LogUse,
): { readonly reviewer: Reviewer; readonly refused: null } | { readonly reviewer: null; readonly refused: Refused } => {
  const partnership = isPartnershipOfficer(standing, ['ig-officer'], at)
  if (!partnership && !holdsRole(standing, ['ig-officer', 'dpo'], at))
    return { reviewer: null, refused: { allowed: false, reason: notAppointed } }
  if (!logPurposes.includes(use.purpose ?? '')) return { reviewer: null, refused: { allowed: false, reason: notForThis } }
  if ((use.justification ?? '').trim() === '') return { reviewer: null, refused: { allowed: false, status: 422, reason: incomplete } }
  return { reviewer: { agencyId: caller.agencyId, personSub: caller.personSub!, partnership }, refused: null }
}

const notForThis = { code: 'log-purpose', stage: 'R42', ruleId: 'log-purpose-s62-4', cites: 'DPA 2018 s.62(4); R42' } as const
const incomplete = { code: 'request-incomplete', stage: 'R4', ruleId: 'log-use-justified', cites: 'DPA 2018 s.34(3); R4' } as const

/** One that is not there, one of another agency and one about oneself are the same answer. */
export const notYours: Refused = {
  allowed: false,
  status: 404,
  reason: { code: 'log-purpose', stage: 'R42', ruleId: 'flag-own-agency-never-self', cites: 'DPA 2018 s.62(4); R42' },
}
