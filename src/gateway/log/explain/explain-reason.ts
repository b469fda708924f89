import type { PolicyBundle } from '../../../core/decision/bundle.ts'
import type { StoredReason } from '../search/entry-view.ts'

/** Adds to a stored reason its stage, paragraph and words, as the bundle has them under which it was decided. */
export const explainWith = (bundle: PolicyBundle) => {
  const rules = new Map(
    bundle.stages.flatMap(({ stage, rules: own }) => own.map((rule) => [rule.id, { stage, cites: rule.cites }] as const)),
  )
  const words = bundle.reasons as Readonly<Record<string, { readonly says: string; readonly nextStep: string } | undefined>>
  return <Reason extends StoredReason>(reason: Reason) => {
    const rule = rules.get(reason.ruleId)
    const stage = reason.stage ?? rule?.stage ?? 'R26'
    const said = words[reason.code]
    return { ...reason, stage, cites: rule?.cites ?? stage, says: said?.says ?? reason.code, nextStep: said?.nextStep ?? '' }
  }
}

export type ExplainReason = ReturnType<typeof explainWith>
