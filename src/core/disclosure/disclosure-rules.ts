import type { PolicyBundle, PolicyStage } from '../decision/bundle.ts'
import { type AgencyKind, agencyKinds } from '../vocabulary.ts'
import { type RecallRules, recallRuleProblems } from './copy-recall.ts'

/** What the partners agreed about disclosure under a chair's permission (policies/change/disclosure.yaml). */
export interface DisclosureRules {
  readonly title: string
  readonly cites: string
  /** The longest that a permission lasts where the chair names no day, in days. */
  readonly days: number
  readonly bypasses: { readonly stages: readonly string[]; readonly rules: readonly string[] }
  /** Sealed packages for people outside any agency. Absent from older bundles: then none is made under them. */
  readonly packages?: PackageRules
  /** Absent from older bundles: then copies are wanted back at once, and nobody looks up who holds them. */
  readonly recall?: RecallRules
}

export interface PackageRules {
  /** Kinds of body that are outside whatever system they have: what they are to get is never retrieved over the interface. */
  readonly outside: readonly AgencyKind[]
  /** The longest that a package stays open, in hours. */
  readonly hours: number
}

/** "A permission never cures" these (R23), nor identification, restricted processing, the rules for children, copies or what is permitted. */
const uncured = [
  'R2',
  'R3',
  'R4',
  'R6',
  'R7',
  'R9',
  'R10',
  'R11',
  'R12',
  'R14',
  'R16',
  'R17',
  'R18',
  'R19',
  'R21',
  'R22',
  'R26',
  'permit',
  'oblige',
]

type Json = Readonly<Record<string, unknown>>
const sectionOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** Everything wrong with the rules; empty when permissions may be given under them. */
export const disclosureRuleProblems = (
  given: unknown,
  { stages }: Pick<PolicyBundle, 'stages'>,
): readonly { readonly path: readonly string[]; readonly message: string }[] => {
  const rules = sectionOf(given)
  const days = rules['days']
  const bypasses = sectionOf(rules['bypasses'])
  return [
    ...(Number.isInteger(days) && Number(days) >= 1 ? [] : [{ path: ['days'], message: 'days must be a whole number from 1' }]),
    ...listIn(bypasses['stages']).flatMap((name) => stageProblems(String(name), stages)),
    ...listIn(bypasses['rules']).flatMap((id) => ruleProblems(String(id), stages)),
    ...(rules['packages'] === undefined ? [] : packageProblems(sectionOf(rules['packages']))),
    ...recallRuleProblems(rules['recall']).map(({ path, message }) => ({ path: ['recall', ...path], message })),
  ]
}

const packageProblems = (packages: Json) => {
  const hours = packages['hours']
  const kinds: readonly string[] = agencyKinds
  const strange = listIn(packages['outside']).filter((kind) => !kinds.includes(String(kind)))
  return [
    ...(Number.isInteger(hours) && Number(hours) >= 1
      ? []
      : [{ path: ['packages', 'hours'], message: 'hours must be a whole number from 1' }]),
    ...strange.map((kind) => ({ path: ['packages', 'outside'], message: `there is no kind of agency ${String(kind)}` })),
  ]
}

/** What gives way must be there to give way. */
const stageProblems = (name: string, stages: readonly PolicyStage[]) => {
  const path = ['bypasses', 'stages']
  if (uncured.includes(name)) return [{ path, message: `${name} never gives way to a permission (R23)` }]
  return stages.some(({ stage }) => stage === name) ? [] : [{ path, message: `there is no stage ${name}` }]
}

const ruleProblems = (id: string, stages: readonly PolicyStage[]) => {
  const path = ['bypasses', 'rules']
  const stage = stages.find(({ rules }) => listIn(rules).some((rule) => sectionOf(rule)['id'] === id))
  if (stage === undefined) return [{ path, message: `there is no rule ${id}` }]
  return uncured.includes(stage.stage) ? [{ path, message: `${id} never gives way to a permission (R23)` }] : []
}
