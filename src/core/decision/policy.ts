import { Ability, type ConditionsMatcher, type FieldMatcher, type RawRuleOf } from '@casl/ability'
import { bundleProblems, type Condition, type PolicyBundle, type PolicyRule } from './bundle.ts'
import type { CategoryDefinition } from './category.ts'
import type { Reason } from './decision.ts'
import { factReaders } from './fact-readers.ts'
import { factVocabulary, type FactName, type Facts } from '../facts.ts'
import { categories, type Category } from '../vocabulary.ts'
import { type Obligation, type ReasonCode } from '../decision-vocabulary.ts'

/** Stands in every log entry beside the bundle's hash, so that an old decision is made again by an engine that reads it the same way. */
export const engineVersion = 'casl-7.0.1/1'

type Conditions = Readonly<Record<string, Condition>>
export type Test = (value: string | undefined) => boolean
type RuleAbility = Ability<[string, string | Facts], Conditions>

/** Does a fact's value meet the condition? */
export const testOf = (condition: Condition): Test => {
  if (typeof condition === 'string') return (value) => value === condition
  const tests = Object.entries(condition).map(([operator, operand]): Test => {
    const values = new Set(typeof operand === 'string' ? [operand] : operand)
    return operator === '$ne' || operator === '$nin' ? (value) => !values.has(value!) : (value) => values.has(value!)
  })
  return tests.length === 1 ? tests[0]! : (value) => tests.every((test) => test(value))
}

/** CASL's own matcher walks a tree for each comparison; this one keeps the same meaning in closures over sets. */
const matchConditions = ((conditions: Conditions) => {
  const tests = Object.entries(conditions).map(([fact, condition]) => ({ fact, test: testOf(condition) }))
  return (facts: Readonly<Record<string, string>>) => {
    for (const { fact, test } of tests) if (!test(facts[fact])) return false
    return true
  }
}) as unknown as ConditionsMatcher<Conditions>

const matchField = ((fields: readonly string[]) => (field: string) => fields.includes(field)) as unknown as FieldMatcher

/** One rule as it applies to one action on one category. */
export interface CompiledRule {
  readonly id: string
  /** Place in the order of the stages. */
  readonly order: number
  readonly reason: Reason | null
  readonly obligation: Obligation | null
  /** Null: the rule is about the whole category. */
  readonly fields: readonly string[] | null
  readonly shield: boolean
  matches(facts: Facts): boolean
}

interface Probe {
  readonly read: (facts: Facts) => string
  /** Values for which no rule is asked, the commonest two of them: most facts of most requests are in order. */
  readonly quiet: string | undefined
  readonly alsoQuiet: string | undefined
  readonly byValue: ReadonlyMap<string, readonly CompiledRule[]>
  /** Asked when the fact has a value outside its vocabulary, which must not let a forbidding rule stay silent. */
  readonly all: readonly CompiledRule[]
}

/** Rules found by the fact that tells most about whether they apply, so that a decision asks only the few that might. */
export interface RuleIndex {
  readonly always: readonly CompiledRule[]
  readonly probes: readonly Probe[]
}

export interface Program {
  readonly category: CategoryDefinition
  readonly forbids: RuleIndex
  /** Forbids of single fields. */
  readonly narrows: RuleIndex
  readonly permits: RuleIndex
  readonly obliges: RuleIndex
  /** Those of all these rules that read the fact `consent`. */
  readonly onConsent: readonly CompiledRule[]
}
type RuleKind = Exclude<keyof Program, 'category' | 'onConsent'>

export interface Policies {
  readonly bundle: PolicyBundle
  readonly category: (id: Category) => CategoryDefinition | undefined
  /** Everything that bears on an action on a category; undefined when the bundle does not know it, which is a refusal. */
  readonly program: (action: 'fetch' | 'release', category: Category) => Program | undefined
  /** The abilities as CASL reads them, permits first and forbids last. */
  readonly ability: RuleAbility
}

interface Placed {
  readonly rule: PolicyRule
  readonly stage: string
  readonly shield: boolean
  readonly order: number
}

/** The condition that fewest values meet; the category is settled already, since a program is for one category. */
const tellingCondition = (conditions: Conditions): { fact: FactName; values: readonly string[] } | null => {
  const choices = Object.entries(conditions)
    .filter(([fact]) => fact !== 'category')
    .map(([name, condition]) => {
      const fact = name as FactName
      const test = testOf(condition)
      const values = factVocabulary[fact].filter((value) => test(value))
      return { fact, values, share: values.length / factVocabulary[fact].length }
    })
  return choices.sort((left, right) => left.share - right.share)[0] ?? null
}

interface Candidate {
  readonly compiled: CompiledRule
  readonly conditions: Conditions
}

const probeOf = (fact: FactName, found: Pick<Probe, 'all' | 'byValue'>): Probe => {
  const [quiet, alsoQuiet] = [...found.byValue].filter(([, rules]) => rules.length === 0).map(([value]) => value)
  return { read: factReaders[fact], quiet, alsoQuiet, ...found }
}

const indexOf = (candidates: readonly Candidate[]): RuleIndex => {
  const always: CompiledRule[] = []
  const byFact = new Map<FactName, { all: CompiledRule[]; byValue: Map<string, CompiledRule[]> }>()
  for (const { compiled, conditions } of candidates) {
    const telling = tellingCondition(conditions)
    if (telling === null) {
      always.push(compiled)
      continue
    }
    const empty = (): [string, CompiledRule[]][] => factVocabulary[telling.fact].map((value) => [value, []])
    const probe = byFact.get(telling.fact) ?? { all: [], byValue: new Map(empty()) }
    byFact.set(telling.fact, probe)
    probe.all.push(compiled)
    for (const value of telling.values) probe.byValue.get(value)?.push(compiled)
  }
  return { always, probes: [...byFact].map(([fact, probe]) => probeOf(fact, probe)) }
}

/** The rules that apply to these facts, in stage order; the very list `always` where no other does. */
export const matching = (index: RuleIndex, facts: Facts): readonly CompiledRule[] => {
  let found: CompiledRule[] | null = null
  for (const probe of index.probes) {
    const value = probe.read(facts)
    if (value === probe.quiet || value === probe.alsoQuiet) continue
    for (const rule of probe.byValue.get(value) ?? probe.all) if (rule.matches(facts)) (found ??= [...index.always]).push(rule)
  }
  return found === null ? index.always : found.sort((left, right) => left.order - right.order)
}

const kindOf = (rule: PolicyRule): RuleKind => {
  if (rule.inverted === true) return rule.fields === undefined ? 'forbids' : 'narrows'
  return rule.fields === undefined ? 'obliges' : 'permits'
}

type AbilityRule = ReturnType<RuleAbility['possibleRulesFor']>[number]

const compileRule = (rule: AbilityRule, { rule: raw, stage, shield, order }: Placed): CompiledRule => ({
  id: raw.id,
  order,
  reason: raw.inverted === true ? Object.freeze({ code: raw.reason as ReasonCode, stage, ruleId: raw.id, cites: raw.cites }) : null,
  obligation: kindOf(raw) === 'obliges' ? (raw.reason as Obligation) : null,
  fields: raw.fields ?? null,
  shield,
  matches: (facts) => rule.matchesConditions(facts),
})

const compileProgram = (
  ability: RuleAbility,
  places: ReadonlyMap<unknown, Placed>,
  about: { readonly action: 'fetch' | 'release'; readonly category: CategoryDefinition },
): Program => {
  const sorted: Record<RuleKind, Candidate[]> = { forbids: [], narrows: [], permits: [], obliges: [] }
  const rules = [...ability.possibleRulesFor(about.action, about.category.id), ...ability.possibleRulesFor('oblige', about.category.id)]
  const placed = rules.map((rule) => ({ rule, place: places.get(rule.origin)! }))
  for (const { rule, place } of placed.sort((left, right) => left.place.order - right.place.order)) {
    const conditions = place.rule.conditions ?? {}
    if (conditions.category !== undefined && !testOf(conditions.category)(about.category.id)) continue
    sorted[kindOf(place.rule)].push({ compiled: compileRule(rule, place), conditions })
  }
  return {
    category: about.category,
    forbids: indexOf(sorted.forbids),
    narrows: indexOf(sorted.narrows),
    permits: indexOf(sorted.permits),
    obliges: indexOf(sorted.obliges),
    onConsent: Object.values(sorted)
      .flat()
      .filter(({ conditions }) => conditions.consent !== undefined)
      .map(({ compiled }) => compiled),
  }
}

/** A bundle that may not be used: everything that is wrong with it at once. */
export class PolicyError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`the policies cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'PolicyError'
    this.problems = problems
  }
}

/** Compiles a bundle once, for every decision made under it; throws a PolicyError that lists every problem. */
export const compilePolicies = (bundle: PolicyBundle): Policies => {
  const problems = bundleProblems(bundle)
  if (problems.length > 0) throw new PolicyError(problems.map(({ path, message }) => `${path.join('/')}: ${message}`))
  const placed = bundle.stages
    .flatMap((stage) => stage.rules.map((rule) => ({ rule, stage: stage.stage, shield: stage.shield === true })))
    .map((place, order) => ({ ...place, order }))
  // CASL lets the later rule win, so what forbids is laid last.
  const laid = [...placed.filter(({ rule }) => rule.inverted !== true), ...placed.filter(({ rule }) => rule.inverted === true)]
  const ability: RuleAbility = new Ability(
    laid.map(({ rule }) => rule as unknown as RawRuleOf<RuleAbility>),
    // `subject()` would write on the facts, which are frozen.
    { conditionsMatcher: matchConditions, fieldMatcher: matchField, detectSubjectType: (facts) => facts.category },
  )
  const places = new Map<unknown, Placed>(laid.map((place) => [place.rule, place]))
  const known = new Map(bundle.categories.map((category) => [category.id, category]))
  const programs = { fetch: new Map<Category, Program>(), release: new Map<Category, Program>() }
  for (const action of ['fetch', 'release'] as const) {
    for (const id of categories) programs[action].set(id, compileProgram(ability, places, { action, category: known.get(id)! }))
  }
  return { bundle, ability, category: (id) => known.get(id), program: (action, category) => programs[action].get(category) }
}
