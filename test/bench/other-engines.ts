import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { Condition, PolicyBundle, PolicyRule } from '../../src/core/decision/bundle.ts'
import type { Facts } from '../../src/core/facts.ts'

/** A yes or no on facts, as the other engines can give it; ours gives fields, reasons and obligations besides. */
export type Verdict = (facts: Facts) => boolean

const releasing = (bundle: PolicyBundle): readonly PolicyRule[] =>
  bundle.stages.flatMap((stage) => stage.rules).filter((rule) => [rule.action].flat().includes('release'))

const subjectsOf = (rule: PolicyRule): readonly string[] | null => {
  const subjects = [rule.subject].flat()
  return subjects.includes('all') ? null : subjects
}

/** A whole-category forbid, or a permit; what narrows single fields has no counterpart in a yes or no. */
const counted = (rule: PolicyRule): boolean => !(rule.inverted === true && rule.fields !== undefined)

/** The same rules in Cedar, parsed once and kept by the engine under a name. */
export const cedarVerdict = (bundle: PolicyBundle): { readonly verdict: Verdict; readonly rules: number } => {
  const rules = releasing(bundle).filter(counted)
  const text = rules.map((rule, index) => cedarRule(rule, index)).join('\n')
  const parsed = preparsePolicySet('shipped', { staticPolicies: text })
  if (parsed.type !== 'success') throw new Error(`Cedar does not take the rules: ${JSON.stringify(parsed.errors).slice(0, 400)}`)
  const verdict: Verdict = (facts) => {
    const answer = statefulIsAuthorized({
      principal: { type: 'Caller', id: 'c' },
      action: { type: 'Action', id: 'release' },
      resource: { type: 'Category', id: facts.category },
      context: facts as unknown as Record<string, string>,
      preparsedPolicySetId: 'shipped',
      entities: [],
    })
    if (answer.type !== 'success') throw new Error('Cedar failed')
    return answer.response.decision === 'allow'
  }
  return { verdict, rules: rules.length }
}

const cedarRule = (rule: PolicyRule, index: number): string => {
  const subjects = subjectsOf(rule)
  const scope = subjects === null ? [] : [`[${subjects.map((one) => JSON.stringify(one)).join(', ')}].contains(context.category)`]
  const tests = Object.entries(rule.conditions ?? {}).flatMap(([fact, condition]) => cedarTests(fact, condition))
  const when = [...scope, ...tests]
  const effect = rule.inverted === true ? 'forbid' : 'permit'
  return `@id("${rule.id}-${index}") ${effect}(principal, action, resource)${when.length === 0 ? '' : ` when { ${when.join(' && ')} }`};`
}

const cedarTests = (fact: string, condition: Condition): readonly string[] =>
  listsOf(condition).map(({ negated, values }) => {
    const test = `[${values.map((value) => JSON.stringify(value)).join(', ')}].contains(context.${fact})`
    return negated ? `!${test}` : test
  })

const listsOf = (condition: Condition): readonly { negated: boolean; values: readonly string[] }[] =>
  typeof condition === 'string'
    ? [{ negated: false, values: [condition] }]
    : Object.entries(condition).map(([operator, operand]) => ({
        negated: operator === '$ne' || operator === '$nin',
        values: [operand as string | readonly string[]].flat(),
      }))

/** The same rules as the ifs that a programmer would write, one after another, grouped by category. */
export const handWritten = (bundle: PolicyBundle): Verdict => {
  const rules = releasing(bundle).filter(counted)
  const cases = bundle.categories.map(({ id }) => {
    const own = rules.filter((rule) => subjectsOf(rule)?.includes(id) ?? true)
    const forbids = own.filter((rule) => rule.inverted === true).map((rule) => `if (${test(rule)}) return false`)
    const permits = own
      .filter((rule) => rule.inverted !== true && rule.fields !== undefined)
      .map((rule) => `if (${test(rule)}) return true`)
    return `case ${JSON.stringify(id)}: ${[...forbids, ...permits].join('\n')}\nreturn false`
  })
  return new Function('f', `switch (f.category) {\n${cases.join('\n')}\ndefault: return false }`) as Verdict
}

const test = (rule: PolicyRule): string => {
  const tests = Object.entries(rule.conditions ?? {}).flatMap(([fact, condition]) =>
    listsOf(condition).map(({ negated, values }) => {
      const any = values.map((value) => `f.${fact} === ${JSON.stringify(value)}`).join(' || ')
      return negated ? `!(${any})` : `(${any})`
    }),
  )
  return tests.length === 0 ? 'true' : tests.join(' && ')
}

/** What a decision says, written out by hand: every failing reason, the fields, the obligations. */
export type WholeDecision = (facts: Facts) => {
  readonly reasons: readonly string[]
  readonly fields: readonly string[]
  readonly obligations: readonly string[]
}

/** The same rules as ifs again, this time giving all that ours gives but the texts. */
export const handWrittenWhole = (bundle: PolicyBundle): WholeDecision => {
  const rules = bundle.stages.flatMap((stage) => stage.rules)
  const applies = (rule: PolicyRule, action: string): boolean => [rule.action].flat().includes(action as 'release')
  const cases = bundle.categories.map(({ id }) => {
    const own = rules.filter((rule) => subjectsOf(rule)?.includes(id) ?? true)
    const releasing = own.filter((rule) => applies(rule, 'release'))
    const lines = [
      ...releasing
        .filter((rule) => rule.inverted === true && rule.fields === undefined)
        .map((rule) => `if (${test(rule)}) reasons.push(${JSON.stringify(rule.id)})`),
      'if (reasons.length > 0) return { reasons, fields, obligations }',
      ...releasing
        .filter((rule) => rule.inverted !== true && rule.fields !== undefined)
        .map((rule) => `if (${test(rule)}) fields.push(${rule.fields!.map((field) => JSON.stringify(field)).join(', ')})`),
      ...releasing
        .filter((rule) => rule.inverted === true && rule.fields !== undefined)
        .map((rule) => `if (${test(rule)}) fields = fields.filter((one) => !${JSON.stringify(rule.fields)}.includes(one))`),
      ...own.filter((rule) => applies(rule, 'oblige')).map((rule) => `if (${test(rule)}) obligations.push(${JSON.stringify(rule.reason)})`),
    ]
    return `case ${JSON.stringify(id)}: ${lines.join('\n')}\nreturn { reasons, fields, obligations }`
  })
  const code = `let fields = []; const reasons = [], obligations = []\nswitch (f.category) {\n${cases.join('\n')}\n}\nreturn { reasons, fields, obligations }`
  return new Function('f', code) as WholeDecision
}
