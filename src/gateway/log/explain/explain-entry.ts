import type { PolicyBundle } from '../../../core/decision/bundle.ts'
import { type Content, linesOf, type StoredReason } from '../search/entry-view.ts'
import { type ExplainReason, explainWith } from './explain-reason.ts'
import { explainStages } from './explain-stages.ts'

/** Every stage with its rule, its paragraph and the facts it read, as the decision was made; `shown` is what the officer may see of it. */
export const forOfficer = (bundle: PolicyBundle, shown: Content): Content => {
  const explain = explainWith(bundle)
  const common = (shown.facts ?? {}) as Content
  return {
    ...shown,
    categories: linesOf(shown).map((line) => ({
      ...line,
      ...explainedParts(line, explain),
      stages: explainStages(bundle, line, factsOf(line, common, shown)),
    })),
  }
}

/** The line's own facts over the entry's; facts of items are read by the stages that decide on items. */
const factsOf = (line: Content, common: Content, shown: Content): Content => ({
  ...common,
  ...(line.facts as Content | undefined),
  ...(shown.itemFacts as Content | undefined),
  ...(line.commonItemFacts as Content | undefined),
})

const partsOf = (line: Content, name: 'reasons' | 'withheldFields' | 'withheldItems'): readonly StoredReason[] =>
  (line[name] as StoredReason[] | undefined) ?? []

/** Whatever was withheld says why: the category, each field and each item. */
const explainedParts = (line: Content, explain: ExplainReason): Content => ({
  reasons: partsOf(line, 'reasons').map(explain),
  ...(line.outcome === 'record' ? { withheldFields: partsOf(line, 'withheldFields').map(explain) } : {}),
  ...(line.outcome === 'unavailable' ? {} : { withheldItems: partsOf(line, 'withheldItems').map(explain) }),
})

/** No more than the answer said: a shielded refusal stays one, whatever its true reason was. */
export const forAsker = (bundle: PolicyBundle, content: Content): Content => {
  const { entryId, at, operation, event, effect, purpose, policy, engine, justification, legalGateway } = content
  const common = {
    ...{ entryId, at, operation, purpose, policy, engine: engine ?? null },
    ...{ justification: justification ?? null, legalGateway: legalGateway ?? null },
  }
  if (content.shielded === true || effect === 'deny-ncnd')
    return { ...common, event: 'access-denied', effect: 'deny-ncnd', reason: 'ncnd', categories: [] }
  const explain = explainWith(bundle)
  // Under a permission the asker named no category: what may not be spoken of was left out of the answer, and is here.
  const lines = 'permissionId' in content ? linesOf(content).filter((line) => line.effect !== 'deny-ncnd') : linesOf(content)
  return { ...common, event, effect, reason: content.reason, categories: lines.map((line) => askerLine(line, explain)) }
}

const askerLine = (line: Content, explain: ExplainReason): Content => {
  const shielded = line.effect === 'deny-ncnd'
  // Where each item was refused, the category has no reason of its own.
  const first = partsOf(line, 'reasons')[0] ?? (line.outcome === 'withheld' ? partsOf(line, 'withheldItems')[0] : undefined)
  return {
    category: line.category,
    outcome: line.outcome,
    supplier: shielded ? null : line.supplier,
    effect: line.effect,
    agreement: shielded ? null : line.agreement,
    // When a refusal would lapse hangs on the person, and a refusal told of everybody alike must not.
    validUntil: line.outcome === 'withheld' ? null : line.validUntil,
    reasons: shielded ? [explain({ code: 'ncnd', stage: 'R7', ruleId: 'r7' })] : first === undefined ? [] : [explain(first)],
    ...(line.outcome === 'record'
      ? {
          fields: line.fields,
          items: line.items,
          withheldFields: partsOf(line, 'withheldFields').map(explain),
          withheldItems: partsOf(line, 'withheldItems').map(explain),
          obligations: line.obligations,
        }
      : {}),
    ...(line.outcome === 'unavailable' ? { because: line.because } : {}),
  }
}
