import type { AgencyKind } from '../vocabulary.ts'
import type { Exemption, FoiRules } from './foi-rules.ts'

export interface FoiAgency {
  readonly id: string
  readonly kind: AgencyKind
}

/** Is the agency a public authority, by its kind or because an order names it (FOIA s.3(1), s.5)? A private body is none. */
export const isPublicAuthority = (rules: FoiRules, { id, kind }: FoiAgency): boolean =>
  rules.authorities.kinds.some((one) => one.kind === kind) || rules.authorities.designated.some((one) => one.agencyId === id)

/** Has the agency the function that the exemption speaks of, such as the power to conduct proceedings (s.30(1)(b))? */
export const isOpenTo = (exemption: Exemption, kind: AgencyKind): boolean =>
  exemption.onlyFor === undefined || exemption.onlyFor.includes(kind)

/** The exemptions that are open to the authority for such a request; for anything in particular they may still not fit. */
export const offeredExemptions = (rules: FoiRules, authority: FoiAgency, request: { readonly ownData: boolean }): readonly Exemption[] =>
  isPublicAuthority(rules, authority)
    ? rules.exemptions.filter((one) => isOpenTo(one, authority.kind) && (one.ownData !== true || request.ownData))
    : []
