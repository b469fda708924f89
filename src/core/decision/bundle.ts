import { consentDependencies, dataRegimes, fieldLabels, fieldTypes, schemes, sensitivities, type CategoryDefinition } from './category.ts'
import { emergencyRuleProblems } from '../casework/emergency-rules.ts'
import { disclosureRuleProblems } from '../disclosure/disclosure-rules.ts'
import { changeRuleProblems } from '../casework/lead/check-change-rules.ts'
import type { ChangeRules } from '../casework/lead/change-rules.ts'
import { misuseRuleProblems, type MisuseRules } from '../misuse/misuse-rules.ts'
import { factNames, factVocabulary } from '../facts.ts'
import { agencyKinds, categories, foiLabels, markings } from '../vocabulary.ts'
import { obligations, reasonCodes, type ReasonCode } from '../decision-vocabulary.ts'

export const policyActions = ['fetch', 'release', 'oblige'] as const
export type PolicyAction = (typeof policyActions)[number]
export const operators = ['$eq', '$ne', '$in', '$nin'] as const

/** One test of a fact: a value it must have, or one of the four operators. */
export type Condition = string | { readonly [Operator in (typeof operators)[number]]?: string | readonly string[] }

/** A CASL raw rule with an id and the paragraph it cites. */
export interface PolicyRule {
  readonly id: string
  readonly cites: string
  readonly action: PolicyAction | readonly PolicyAction[]
  readonly subject: string | readonly string[]
  readonly inverted?: boolean
  readonly fields?: readonly string[]
  readonly conditions?: Readonly<Record<string, Condition>>
  /** A reason code for a rule that forbids, an obligation for one that obliges; a permit has none. */
  readonly reason?: string
}

export interface PolicyStage {
  readonly stage: string
  readonly title: string
  /** A refusal by this stage looks like the answer for a person who does not exist. */
  readonly shield?: boolean
  readonly rules: readonly PolicyRule[]
}

/** Everything the partners agreed about release, as plain JSON: stored by the hash of its content. */
export interface PolicyBundle {
  readonly stages: readonly PolicyStage[]
  readonly categories: readonly CategoryDefinition[]
  readonly reasons: Readonly<Record<ReasonCode, { readonly says: string; readonly nextStep: string }>>
  /** What the partners agreed about changing a case. Absent from older bundles: then nothing about a case changes under them. */
  readonly change?: ChangeRules
  /** What a release under a chair's permission is decided by besides. Absent from older bundles: then there is no such release. */
  readonly disclose?: readonly PolicyStage[]
  /** What in the log is worth a second look. Absent from older bundles: then nothing is evaluated under them. */
  readonly misuse?: MisuseRules
}

/** Something wrong in a bundle, and the JSON path to it. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

type Json = Readonly<Record<string, unknown>>
type Report = (path: Problem['path'], message: string) => void
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value])
const isWord = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

const distance = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[right.length]!
}

/** The name somebody most likely meant; empty when none is near. */
export const nearest = (name: string, names: readonly string[]): string => {
  const best = names.map((known) => ({ known, far: distance(name, known) })).sort((a, b) => a.far - b.far)[0]
  return best !== undefined && best.far <= Math.max(2, name.length / 2) ? `; the nearest is ${best.known}` : ''
}

const expectOneOf = (report: Report, path: Problem['path'], check: { what: string; value: unknown; of: readonly string[] }): void => {
  const { what, value, of } = check
  if (typeof value !== 'string') report(path, `${what} must be text, found ${JSON.stringify(value) ?? 'undefined'}`)
  else if (!of.includes(value)) report(path, `there is no ${what} ${value}${nearest(value, of)}`)
}

const expectKeys = (report: Report, path: Problem['path'], check: { value: Json; of: readonly string[] }): void => {
  for (const key of Object.keys(check.value)) expectOneOf(report, [...path, key], { what: 'key', value: key, of: check.of })
}

const checkCondition = (report: Report, path: Problem['path'], entry: { fact: string; condition: unknown }): void => {
  const { fact, condition } = entry
  if (!(factNames as string[]).includes(fact)) {
    report(path, `there is no fact ${fact}${nearest(fact, factNames)}`)
    return
  }
  const of: readonly string[] = factVocabulary[fact as keyof typeof factVocabulary]
  const tests = isRecord(condition) ? Object.entries(condition) : [['$eq', condition] as const]
  if (tests.length === 0) report(path, `${fact} is not compared with anything`)
  for (const [operator, value] of tests) {
    expectOneOf(report, path, { what: 'operator', value: operator, of: operators })
    const many = operator === '$in' || operator === '$nin'
    if (many !== Array.isArray(value)) report(path, `${operator} on ${fact} needs ${many ? 'a list' : 'one value'}`)
    const values = listOf(value)
    if (values.length === 0) report(path, `${operator} on ${fact} has no values`)
    for (const one of values) expectOneOf(report, path, { what: `value of ${fact}`, value: one, of })
  }
}

const subjectsOf = (rule: Json): readonly unknown[] => (rule.subject === 'all' ? categories : listOf(rule.subject))

const checkFields = (report: Report, path: Problem['path'], rule: Json, definitions: ReadonlyMap<string, Json>): void => {
  if (!Array.isArray(rule.fields) || rule.fields.length === 0) {
    report(path, 'fields must be a list that is not empty: CASL reads an empty one as every field')
    return
  }
  for (const category of subjectsOf(rule)) {
    const known = isRecord(definitions.get(String(category))?.fields) ? (definitions.get(String(category))!.fields as Json) : {}
    for (const field of rule.fields as unknown[]) {
      expectOneOf(report, path, { what: `field of ${String(category)}`, value: field, of: Object.keys(known) })
      const label = isRecord(known[String(field)]) ? (known[String(field)] as Json).label : undefined
      // DPA 2018 s.37 and s.38(3): a permit cannot give away a source or somebody else, whoever writes it.
      const barred = label === 'source-identity' || label === 'third-party' || (label === 'victim' && category !== 'victim-witness')
      if (rule.inverted !== true && barred) report(path, `${String(field)} of ${String(category)} is labelled ${label} and never permitted`)
    }
  }
}

type RuleKind = 'permit' | 'oblige' | 'forbid'
const ruleKeys = ['id', 'cites', 'action', 'subject', 'inverted', 'fields', 'conditions', 'reason']

const checkPurport = (report: Report, path: Problem['path'], rule: Json, kind: RuleKind): void => {
  const actions = listOf(rule.action)
  if (actions.length === 0) report(path, 'names no action')
  for (const action of actions) expectOneOf(report, path, { what: 'action', value: action, of: policyActions })
  if (actions.some((action) => (action === 'oblige') !== (kind === 'oblige')))
    report(path, `has the wrong action for a rule that is to ${kind}`)
  if ((rule.inverted === true) !== (kind === 'forbid'))
    report(path, `inverted must ${kind === 'forbid' ? 'be true' : 'be absent'} in this stage`)
  if (kind === 'forbid') expectOneOf(report, path, { what: 'reason', value: rule.reason, of: reasonCodes })
  if (kind === 'oblige') expectOneOf(report, path, { what: 'obligation', value: rule.reason, of: obligations })
  if (kind === 'permit' && rule.reason !== undefined) report(path, 'a permit has no reason')
  if (kind === 'permit' && rule.subject === 'all') report(path, 'a permit names its categories')
  if (kind === 'oblige' && rule.fields !== undefined) report(path, 'an obligation has no fields')
}

const checkRule = (
  report: Report,
  path: Problem['path'],
  rule: unknown,
  known: { kind: RuleKind; definitions: ReadonlyMap<string, Json> },
): void => {
  if (!isRecord(rule)) {
    report(path, 'is not a rule')
    return
  }
  const tell: Report = (at, message) => report(at, `${isWord(rule.id) ? rule.id : 'a rule without an id'}: ${message}`)
  if (!isWord(rule.id) || !/^[a-z0-9-]+$/.test(rule.id)) tell(path, 'the id must be kebab-case')
  if (!isWord(rule.cites)) tell(path, 'cites nothing')
  expectKeys(tell, path, { value: rule, of: ruleKeys })
  checkPurport(tell, path, rule, known.kind)
  if (subjectsOf(rule).length === 0) tell(path, 'names no category')
  for (const subject of subjectsOf(rule)) expectOneOf(tell, path, { what: 'category', value: subject, of: categories })
  if (known.kind === 'permit' || rule.fields !== undefined) checkFields(tell, path, rule, known.definitions)
  if ('conditions' in rule) {
    if (!isRecord(rule.conditions) || Object.keys(rule.conditions).length === 0) tell(path, 'conditions are empty: leave them out')
    else
      for (const [fact, condition] of Object.entries(rule.conditions))
        checkCondition(tell, [...path, 'conditions', fact], { fact, condition })
  }
}

const checkCategory = (report: Report, path: Problem['path'], category: Json): void => {
  const one = (key: string, of: readonly string[]): void => expectOneOf(report, [...path, key], { what: key, value: category[key], of })
  one('id', categories)
  one('marking', markings)
  one('dataRegime', dataRegimes)
  one('consent', consentDependencies)
  one('sensitivity', sensitivities)
  one('scheme', schemes)
  if (!isWord(category.title)) report(path, 'has no title')
  if (typeof category.graded !== 'boolean') report([...path, 'graded'], 'graded must be true or false')
  for (const label of listOf(category.foi)) expectOneOf(report, [...path, 'foi'], { what: 'FOI label', value: label, of: foiLabels })
  if (category.owner !== 'lead') {
    for (const kind of listOf(category.owner))
      expectOneOf(report, [...path, 'owner'], { what: 'agency kind', value: kind, of: agencyKinds })
  }
  const fields = isRecord(category.fields) ? category.fields : {}
  if (Object.keys(fields).length === 0) report(path, 'has no fields')
  for (const [name, field] of Object.entries(fields)) {
    const at = [...path, 'fields', name]
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) report(at, `${name} is not a camelCase name`)
    const read: Json = isRecord(field) ? field : {}
    if (!isWord(read.title)) report(at, `${name} has no title`)
    expectOneOf(report, at, { what: 'label', value: read.label, of: fieldLabels })
    expectOneOf(report, at, { what: 'type', value: read.type, of: fieldTypes })
    if (read.consent !== undefined) expectOneOf(report, at, { what: 'consent', value: read.consent, of: consentDependencies })
  }
}

const checkOnce = (report: Report, entries: readonly { id: unknown; path: Problem['path'] }[]): void => {
  const seen = new Set<unknown>()
  for (const { id, path } of entries) {
    if (seen.has(id)) report(path, `${String(id)} is there twice`)
    seen.add(id)
  }
}

const checkStages = (report: Report, bundle: PolicyBundle, definitions: ReadonlyMap<string, Json>): void => {
  const ids: { id: unknown; path: Problem['path'] }[] = []
  bundle.stages.forEach((stage, index) => {
    const path = ['stages', index]
    if (!isWord(stage.stage) || !isWord(stage.title)) report(path, 'a stage needs a name and a title')
    if (!Array.isArray(stage.rules) || stage.rules.length === 0) {
      report(path, `stage ${stage.stage} has no rules`)
      return
    }
    const kind: RuleKind = stage.stage === 'permit' || stage.stage === 'oblige' ? stage.stage : 'forbid'
    stage.rules.forEach((rule, number) => {
      checkRule(report, [...path, 'rules', number], rule, { kind, definitions })
      ids.push({ id: isRecord(rule) ? rule.id : undefined, path: [...path, 'rules', number] })
    })
  })
  checkOnce(report, ids)
}

/** Everything wrong with a bundle, in the order in which it is read; empty when it may be compiled. */
export const bundleProblems = (bundle: PolicyBundle): readonly Problem[] => {
  const problems: Problem[] = []
  const report: Report = (path, message) => problems.push({ path, message })
  const definitions = new Map<string, Json>(
    bundle.categories.map((category) => [String(category.id as unknown), category as unknown as Json]),
  )
  bundle.categories.forEach((category, index) => checkCategory(report, ['categories', index], category as unknown as Json))
  checkOnce(
    report,
    bundle.categories.map((category, index) => ({ id: category.id, path: ['categories', index] })),
  )
  for (const id of categories) if (!definitions.has(id)) report(['categories'], `category ${id} is missing`)
  checkStages(report, bundle, definitions)
  for (const code of reasonCodes) {
    const reason: unknown = bundle.reasons[code]
    if (!isRecord(reason) || !isWord(reason.says) || !isWord(reason.nextStep))
      report(['reasons', code], `reason ${code} needs says and nextStep`)
  }
  expectKeys(report, ['reasons'], { value: bundle.reasons, of: reasonCodes })
  if (bundle.change !== undefined) problems.push(...changeRuleProblems(bundle.change))
  if (bundle.misuse !== undefined)
    problems.push(...misuseRuleProblems(bundle.misuse).map(({ path, message }) => ({ path: ['misuse', ...path], message })))
  if (bundle.disclose !== undefined) {
    const tell: Report = ([, ...path], message) => report(['disclose', ...path], message)
    checkStages(tell, { ...bundle, stages: bundle.disclose }, definitions)
  }
  const disclosure = bundle.change?.disclosure
  if (disclosure !== undefined) {
    for (const { path, message } of disclosureRuleProblems(disclosure, bundle)) report(['change', 'disclosure', ...path], message)
  }
  const emergency = bundle.change?.emergency
  if (emergency !== undefined) {
    const tell: Report = (path, message) => report(['change', 'emergency', ...path], message)
    for (const { path, message } of emergencyRuleProblems(emergency, bundle)) tell(path, message)
    if (Array.isArray(emergency.stages)) checkStages(tell, { ...bundle, stages: emergency.stages }, definitions)
  }
  return problems
}
