import type { AgencyKind, Strand } from '../../vocabulary.ts'
import type { CaseState } from './case-state.ts'
import { leadFactsOf } from './case-state.ts'
import type { LeadRole, LeadTable, ProviderRole } from './change-rules.ts'
import { isNamedProvider, kindsFor, leadAgency } from './lead-agency.ts'
import { refuse, type Refused } from './verdict.ts'

/** A provider that a move names, and what makes it one: signed into the partnership, delivering interventions of the plan. */
export interface NamedProvider {
  readonly id: string
  readonly kind: AgencyKind
  readonly signed: boolean
  readonly delivers: boolean
}

export interface DestinationQuestion {
  readonly state: CaseState
  readonly toStrand: Strand
  readonly provider: NamedProvider | null
  /** Where several agencies of the kind serve the area: which of them. */
  readonly namedLeadId: string | null
  /** Active agencies that serve the case's area. */
  readonly agencies: readonly { readonly id: string; readonly kind: AgencyKind }[]
  readonly table: LeadTable
  readonly at: Date
}

export interface Destination {
  readonly allowed: true
  readonly row: string
  readonly leadAgencyId: string
  readonly cites: string
  /** The table's own lead stepped back for a provider, which a conference has to have recorded. */
  readonly override: boolean
  /** The agency that supervises is another than the row expects: at 18, youth offending keeps the case until it is transferred. */
  readonly supervisorDiffers: boolean
}

/** Which agency would lead if the case were in that strand; a refusal where the table or the registry names nobody. */
export const destinationOf = (question: DestinationQuestion): Destination | Refused => {
  const { state, toStrand, table, at, provider } = question
  const answer = leadAgency(leadFactsOf(state, toStrand, at), table)
  if (!answer.found) return refuse(answer.code, { ruleId: answer.ruleId, stage: 'R30', cites: answer.cites })
  const { row, cites } = answer
  const found = (leadAgencyId: string, more: Partial<Destination> = {}): Destination => ({
    ...{ allowed: true, row, leadAgencyId, cites, override: false, supervisorDiffers: false },
    ...more,
  })
  if (answer.group === table.supervisors.group) {
    const { supervisorAgencyId, supervisorKind } = state
    const supervises = supervisorKind !== null && table.supervisors.kinds.includes(supervisorKind)
    if (!supervises || supervisorAgencyId === null) return nobody(row, table.supervisors.cites)
    return found(supervisorAgencyId, { supervisorDiffers: supervisorKind !== answer.lead })
  }
  const role = isNamedProvider(answer.lead) ? answer.lead : provider === null ? null : answer.override
  if (role !== null) {
    const refused = unfitProvider(role, { provider, table, cites })
    return refused ?? found(provider!.id, { override: answer.override !== null })
  }
  const leadAgencyId = theOne(answer.lead, question)
  return leadAgencyId === null ? nobody(row, cites) : found(leadAgencyId)
}

const nobody = (row: string, cites: string): Refused =>
  refuse('default', { ruleId: `lead-agency-${row.toLowerCase()}`, stage: 'R29', cites })

/** "Never blank": a provider that is not named, not signed or delivers nothing cannot lead (A2 conflict 7). */
const unfitProvider = (
  role: ProviderRole,
  about: { readonly provider: NamedProvider | null; readonly table: LeadTable; readonly cites: string },
): Refused | null => {
  const { provider, table, cites } = about
  const fits = provider !== null && table.namedProviders[role].includes(provider.kind) && provider.signed && provider.delivers
  return fits ? null : refuse('provider-unnamed', { ruleId: 'lead-named-provider', stage: 'R29', cites: `${cites}; R29` })
}

const theOne = (lead: Exclude<LeadRole, 'none'>, { agencies, namedLeadId, state, table }: DestinationQuestion): string | null => {
  if (lead === 'prison') return state.custodyAgencyId
  const ids = agencies.filter(({ kind }) => kindsFor(lead, table).includes(kind)).map(({ id }) => id)
  const named = ids.find((id) => id === namedLeadId) ?? ids.find((id) => id === state.leadAgencyId)
  return named ?? (ids.length === 1 ? ids[0]! : null)
}
