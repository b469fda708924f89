import { holdsRole, isPartnershipOfficer } from '../roles.ts'
import type { ChangeContext, ChangeOutcome, LockKey } from '../commit/change.ts'

export type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const isaActivation = 'MPA report 2011, para 43; R42: activation needs every party’s own signatory'

export const notAuthorised = (ruleId: string): Refusal => ({
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R42', ruleId, cites: isaActivation },
})

export const dutiesNotSeparate = (ruleId: string): Refusal => ({
  allowed: false,
  status: 403,
  reason: { code: 'separation-of-duties', stage: 'R42', ruleId, cites: 'R42: the drafter is not the sole signatory for two parties' },
})

export const alreadyTerminated: Refusal = {
  allowed: false,
  status: 409,
  reason: { code: 'isa-terminated', stage: 'R10', ruleId: 'registry-terminated', cites: 'MPA report 2011, para 43; R10' },
}

/** The registrar of the partnership keeps the registry for all, without being a party. */
export const isPartnershipRegistrar = (context: ChangeContext): boolean =>
  isPartnershipOfficer(context.standing, ['isa-registrar'], context.at)

export const isParty = ({ standing }: ChangeContext, parties: readonly string[]): boolean => parties.includes(standing.agency.id)

/**
 * A draft binds nobody (R42 keeps apart who drafts and who signs), so a party's registrar, signatory or single point of contact may make
 * one, and so may the registrar and the single point of contact of the partnership.
 */
export const mayDraft = (context: ChangeContext, parties: readonly string[]): boolean =>
  isPartnershipOfficer(context.standing, ['isa-registrar', 'spoc'], context.at) ||
  (isParty(context, parties) && holdsRole(context.standing, ['isa-registrar', 'isa-signatory', 'spoc'], context.at))

/** Stopping is for any party alone: sharing rests on the agreement of all. */
export const mayStop = (context: ChangeContext, parties: readonly string[]): boolean =>
  isPartnershipRegistrar(context) || (isParty(context, parties) && holdsRole(context.standing, ['isa-signatory'], context.at))

export const agencyLocks = (agencies: readonly string[]): readonly LockKey[] =>
  [...new Set(agencies)].sort().map((id) => ({ class: 'agency', id }))
