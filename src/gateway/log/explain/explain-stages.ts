import type { PolicyBundle, PolicyRule, PolicyStage } from '../../../core/decision/bundle.ts'
import type { Content } from '../search/entry-view.ts'
import { reasonsIn } from '../search/entry-view.ts'

/** One stage of a decision as it went: which of its rules decided, and the facts that its rules read. */
export interface ExplainedStage {
  readonly stage: string
  readonly title: string
  readonly outcome: 'refused' | 'refused-in-part' | 'permitted' | 'passed'
  /** Rules that refused or permitted; of a stage that was passed, those that had to be passed. */
  readonly rules: readonly { readonly ruleId: string; readonly cites: string }[]
  readonly facts: Readonly<Record<string, string | null>>
}

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value)

const bearsOn = (rule: PolicyRule, category: unknown): boolean => {
  const subjects = listOf(rule.subject)
  const decides = listOf(rule.action).some((action) => action === 'fetch' || action === 'release')
  return decides && (subjects.includes('all') || (typeof category === 'string' && subjects.includes(category)))
}

/**
 * Every stage that bears on a line's category, in the order of the bundle under which it was decided, with the facts it read: those that
 * the conditions of its rules name, as the entry holds them. A fact that the entry does not hold is null.
 */
export const explainStages = (bundle: PolicyBundle, line: Content, facts: Content): readonly ExplainedStage[] =>
  bundle.stages.flatMap((stage) => {
    const rules = stage.rules.filter((rule) => bearsOn(rule, line.category))
    return rules.length === 0 ? [] : [explainStage(stage, rules, { line, facts })]
  })

interface Decided {
  readonly line: Content
  readonly facts: Content
}

const explainStage = (stage: PolicyStage, rules: readonly PolicyRule[], { line, facts }: Decided): ExplainedStage => {
  const whole = idsOf(line.reasons)
  const refusing = new Set(reasonsIn(line).map(({ ruleId }) => ruleId))
  const permitting = new Set(Array.isArray(line.permittedBy) ? line.permittedBy.map(String) : [])
  const refused = rules.filter(({ id }) => refusing.has(id))
  const permitted = rules.filter(({ id }) => permitting.has(id))
  const outcome =
    refused.length > 0
      ? refused.some(({ id }) => whole.has(id))
        ? 'refused'
        : 'refused-in-part'
      : permitted.length > 0
        ? 'permitted'
        : 'passed'
  const decisive = refused.length > 0 ? refused : permitted.length > 0 ? permitted : rules.filter((rule) => rule.inverted === true)
  return {
    stage: stage.stage,
    title: stage.title,
    outcome,
    rules: decisive.map(({ id, cites }) => ({ ruleId: id, cites })),
    facts: factsRead(outcome === 'passed' ? rules : decisive, facts),
  }
}

const idsOf = (reasons: unknown): ReadonlySet<string> =>
  new Set(Array.isArray(reasons) ? (reasons as { ruleId: string }[]).map(({ ruleId }) => ruleId) : [])

const factsRead = (rules: readonly PolicyRule[], facts: Content): Readonly<Record<string, string | null>> => {
  const names = new Set(rules.flatMap((rule) => Object.keys(rule.conditions ?? {})))
  return Object.fromEntries([...names].sort().map((name) => [name, typeof facts[name] === 'string' ? facts[name] : null]))
}
