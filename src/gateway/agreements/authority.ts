import type { Role } from '../../core/vocabulary.ts'
import { holdsAt } from '../../core/case/relationship.ts'
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

/** Is the acting person appointed to the role now? An appointment is by their own agency, and a system holds none. */
export const holdsRole = ({ standing, at }: ChangeContext, role: Role): boolean =>
  standing.person !== null && standing.appointments.some((appointment) => appointment.role === role && holdsAt(appointment, at))

/** The registrar of the partnership keeps the registry for all, without being a party. */
export const isPartnershipRegistrar = (context: ChangeContext): boolean =>
  context.standing.agency.kind === 'governance-body' && holdsRole(context, 'isa-registrar')

export const isParty = ({ standing }: ChangeContext, parties: readonly string[]): boolean => parties.includes(standing.agency.id)

/** A draft binds nobody, so a party's registrar or signatory may make one, and so may the registrar of the partnership. */
export const mayDraft = (context: ChangeContext, parties: readonly string[]): boolean =>
  isPartnershipRegistrar(context) ||
  (isParty(context, parties) && (holdsRole(context, 'isa-registrar') || holdsRole(context, 'isa-signatory')))

/** Stopping is for any party alone: sharing rests on the agreement of all. */
export const mayStop = (context: ChangeContext, parties: readonly string[]): boolean =>
  isPartnershipRegistrar(context) || (isParty(context, parties) && holdsRole(context, 'isa-signatory'))

export const agencyLocks = (agencies: readonly string[]): readonly LockKey[] =>
  [...new Set(agencies)].sort().map((id) => ({ class: 'agency', id }))
