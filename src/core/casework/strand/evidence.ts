import type { AgencyKind } from '../../vocabulary.ts'
import type { EvidenceKind } from '../../case-vocabulary.ts'
import type { ChangeRules } from '../lead/change-rules.ts'
import { refuse, type Refused, saysSomething } from '../lead/verdict.ts'

export interface EvidenceQuestion {
  readonly caller: { readonly agencyId: string; readonly kind: AgencyKind }
  readonly leadAgencyId: string | null
  readonly kind: EvidenceKind
  readonly text: string | null
  /** Of this person; null where nothing is corrected. */
  readonly corrects: { readonly kind: EvidenceKind; readonly originatorAgencyId: string; readonly state: string } | 'nothing-there' | null
  readonly rules: ChangeRules['evidence']
}

/** `direct`: it counts when it is added; otherwise once the lead has accepted it. */
export type EvidenceVerdict = { readonly allowed: true; readonly direct: boolean } | Refused

/** R31: police add arrests and intelligence in every row; non-compliance and partner intelligence go through the lead. */
export const decideEvidence = (question: EvidenceQuestion): EvidenceVerdict => {
  const { caller, leadAgencyId, corrects, rules } = question
  const rule = rules.kinds.find(({ id }) => id === question.kind)
  const cites = rule?.cites ?? 'R31'
  if (rule === undefined || (rule.originators !== 'any-partner' && !rule.originators.includes(caller.kind))) {
    return refuse('originator', { ruleId: 'evidence-originator', stage: 'R31', cites, status: 403 })
  }
  if (!saysSomething(question.text)) return refuse('evidence', { ruleId: 'evidence-says', stage: 'R31', cites })
  if (corrects !== null) {
    const own = corrects !== 'nothing-there' && corrects.originatorAgencyId === caller.agencyId && corrects.kind === question.kind
    if (!own) return refuse('originator', { ruleId: 'evidence-corrects-own', stage: 'R31', cites, status: 403 })
    if (corrects.state !== 'accepted' && corrects.state !== 'submitted') {
      return refuse('evidence', { ruleId: 'evidence-corrects-standing', stage: 'R31', cites, status: 409 })
    }
  }
  return { allowed: true, direct: rule.entry === 'direct' || leadAgencyId === caller.agencyId }
}
