import type { PolicyStage } from '../decision/bundle.ts'
import type { CategoryDefinition } from '../decision/category.ts'
import { isDay } from '../london.ts'
import { sensitiveConditions, type Category, type SensitiveCondition } from '../vocabulary.ts'

/** A stage that emergency access adds, and the ordinary stage before which it stands; after all others where none is named. */
export interface EmergencyStage extends PolicyStage {
  readonly before?: string
}

/** What the partners agreed about emergency access (policies/change/emergency.yaml). */
export interface EmergencyRules {
  readonly title: string
  readonly cites: string
  readonly hours: number
  readonly triageWorkingDays: number
  readonly decisionWorkingDays: number
  readonly breachHours: number
  readonly conditions: readonly SensitiveCondition[]
  /** The appropriate policy document (DPA 2018 s.42) of this processing. */
  readonly policyDocument: { readonly reference: string; readonly liveFrom: string; readonly liveTo: string | null }
  readonly bypasses: { readonly stages: readonly string[]; readonly rules: readonly string[] }
  readonly categories: readonly { readonly id: Category; readonly fields: readonly string[] }[]
  readonly stages: readonly EmergencyStage[]
}

/** Never open to an emergency: identification, the excluded, closed schemes, sensitive data, sources, markings, the look at the item. */
const standing = ['R2', 'R3', 'R4', 'R6', 'R7', 'R9', 'R12', 'R14', 'R16', 'R17', 'R18', 'R19', 'R21', 'R22', 'R26', 'permit', 'oblige']

interface Known {
  readonly stages: readonly PolicyStage[]
  readonly categories: readonly CategoryDefinition[]
}
type Problems = readonly { readonly path: readonly (string | number)[]; readonly message: string }[]
type Json = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** Everything wrong with the rules for emergencies, apart from the rules of their own stages; empty when they may be used. */
export const emergencyRuleProblems = (rules: unknown, known: Known): Problems => {
  if (!isRecord(rules)) return [{ path: [], message: 'emergency rules are not a mapping' }]
  const numbers = ['hours', 'triageWorkingDays', 'decisionWorkingDays', 'breachHours'] as const
  const wrong = numbers.filter((name) => !Number.isInteger(rules[name]) || Number(rules[name]) < 1)
  return [
    ...wrong.map((name) => ({ path: [name], message: `${name} must be a whole number from 1` })),
    ...documentProblems(rules['policyDocument']),
    ...bypassProblems(rules['bypasses'], known),
    ...categoryProblems(listIn(rules['categories']), known),
    ...listIn(rules['conditions'])
      .filter((one) => !(sensitiveConditions as readonly unknown[]).includes(one))
      .map((one) => ({ path: ['conditions'], message: `there is no condition ${String(one)}` })),
    ...(listIn(rules['stages']).length === 0 ? [{ path: ['stages'], message: 'nobody is told who may open it' }] : []),
  ]
}

const documentProblems = (document: unknown): Problems => {
  const { reference, liveFrom, liveTo } = isRecord(document) ? document : {}
  const dated = typeof liveFrom === 'string' && isDay(liveFrom) && (liveTo === null || (typeof liveTo === 'string' && isDay(liveTo)))
  return typeof reference === 'string' && dated
    ? []
    : [{ path: ['policyDocument'], message: 'the policy document needs reference, liveFrom, liveTo' }]
}

/** What gives way must be there to give way: a misspelt bypass would refuse in an emergency, a bold one would let everything go. */
const bypassProblems = (bypasses: unknown, { stages }: Known): Problems => {
  const [names, ids] = isRecord(bypasses) ? [listIn(bypasses['stages']), listIn(bypasses['rules'])] : [[], []]
  const rules = stages.flatMap((stage) => listIn(stage.rules).map((rule) => (rule as { id: string }).id))
  const unknownStages = names.filter((name) => !stages.some(({ stage }) => stage === name))
  const bold = names.filter((name) => standing.includes(String(name)))
  return [
    ...unknownStages.map((name) => ({ path: ['bypasses', 'stages'], message: `there is no stage ${String(name)}` })),
    ...bold.map((name) => ({ path: ['bypasses', 'stages'], message: `${String(name)} never gives way (R38)` })),
    ...ids
      .filter((id) => !rules.includes(String(id)))
      .map((id) => ({ path: ['bypasses', 'rules'], message: `there is no rule ${String(id)}` })),
  ]
}

const categoryProblems = (asked: readonly unknown[], { categories }: Known): Problems => {
  const none = asked.length === 0 ? [{ path: ['categories'], message: 'names no category' }] : []
  return asked.reduce<Problems>((found, one, index) => {
    const { id, fields } = isRecord(one) ? one : {}
    const definition = categories.find((category) => category.id === id)
    if (definition === undefined) return [...found, { path: ['categories', index], message: `there is no category ${String(id)}` }]
    const missing = listIn(fields).filter((field) => !Object.hasOwn(definition.fields, String(field)))
    const empty = listIn(fields).length === 0 ? [{ path: ['categories', index], message: `${String(id)} names no field` }] : []
    return [
      ...found,
      ...empty,
      ...missing.map((field) => ({ path: ['categories', index], message: `${String(id)} has no field ${String(field)}` })),
    ]
  }, none)
}
