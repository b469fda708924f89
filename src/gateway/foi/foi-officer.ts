import { isPublicAuthority } from '../../core/foi/authority.ts'
import type { FoiRules } from '../../core/foi/foi-rules.ts'
import type { OperationRequest } from '../../core/answer.ts'
import { Fault } from '../../core/fault.ts'
import { findFoiRequest, type FoiRequest } from '../../db/foi/foi-requests.ts'
import type { MeetingUses } from '../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome, LockKey } from '../commit/change.ts'
import { holdsRole, notAppointed } from '../roles.ts'

export interface FoiUses extends MeetingUses {
  /** The governance body, which answers people about their own data. */
  readonly partnershipId: string
}

export type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const notPublic: Refusal = {
  allowed: false,
  reason: {
    code: 'foi-route',
    stage: 'R22',
    ruleId: 'foi-public-authority',
    cites: 'FOIA 2000 s.3(1) and Sch 1: a body that is not listed or designated answers no requests',
  },
}

/** Absence denies: under a bundle that says nothing of requests none is recorded. */
const noRules: Refusal = { allowed: false, reason: { ...notPublic.reason, code: 'foi-route', ruleId: 'foi-rules-published' } }

/** The rules, for the freedom of information officer of a public authority: each answers its own requests (FOIA s.1, s.3). */
export const officerRules = ({ policies, standing, at }: ChangeContext): FoiRules | Refusal => {
  const rules = policies.bundle.change?.foi
  if (rules === undefined) return noRules
  if (!isPublicAuthority(rules, standing.agency)) return notPublic
  return holdsRole(standing, ['foi-officer'], at) ? rules : { allowed: false, reason: notAppointed }
}

export const requestIdIn = ({ params }: OperationRequest): string => (params.requestId ?? '').toLowerCase()

/** What is decided about one request is decided one after the other. */
export const requestLock = (requestId: string): LockKey => ({ class: 'conference', id: `foi ${requestId}` })

/** Another authority's request and an invented one are the same answer. */
export const getFoiRequest = async ({ tx, caller }: ChangeContext, requestId: string): Promise<FoiRequest> => {
  const found = await findFoiRequest(tx, requestId, caller.agencyId)
  if (found === null) throw new Fault('not-found', 'Your authority has no such request.')
  return found
}
