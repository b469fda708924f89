import { agencyKinds, type AgencyKind, foiLabels, type FoiLabel } from '../vocabulary.ts'

/** Whether the public interest is weighed for an exemption: "the exemption is absolute, or …" (FOIA s.2(1)-(2)). */
export type ExemptionTest = 'qualified' | 'absolute'
export const personalDataConditions = ['first', 'second', 'third'] as const
export type PersonalDataCondition = (typeof personalDataConditions)[number]

export interface ExemptionCondition {
  readonly id: PersonalDataCondition
  readonly clause: string
  readonly test: ExemptionTest
  /** Must a data protection principle be named that disclosure would contravene? */
  readonly principle: boolean
  readonly cites: string
}

export interface Exemption {
  readonly id: FoiLabel
  readonly clause: string
  readonly test: ExemptionTest
  /** Whether the kind of information suffices, or harm has to be shown. */
  readonly basis: 'class' | 'prejudice'
  /** Kinds of agency that have the function it speaks of; absent: any authority. */
  readonly onlyFor?: readonly AgencyKind[]
  /** Exemptions that the same information cannot be under as well. */
  readonly excludes?: readonly FoiLabel[]
  readonly fromAnotherPerson?: boolean
  readonly ownData?: boolean
  readonly defence?: boolean
  readonly conditions?: readonly ExemptionCondition[]
  readonly confirmOrDeny: { readonly clause: string; readonly test: ExemptionTest }
  /** Why it applies, in words that reveal nothing by themselves. */
  readonly why: string
  readonly cites: string
}

export interface Worded {
  readonly id: string
  readonly words: string
}

/** What the partners agreed about requests for information (policies/foi.yaml). */
export interface FoiRules {
  readonly title: string
  readonly cites: string
  readonly authorities: {
    readonly cites: string
    readonly kinds: readonly { readonly kind: AgencyKind; readonly cites: string }[]
    readonly designated: readonly { readonly agencyId: string; readonly cites: string }[]
  }
  readonly clock: { readonly workingDays: number; readonly extensionWorkingDays: number; readonly cites: string }
  readonly principles: readonly (Worded & { readonly cites: string })[]
  readonly factors: { readonly maintaining: readonly Worded[]; readonly disclosing: readonly Worded[] }
  readonly exemptions: readonly Exemption[]
  readonly neitherConfirmNorDeny: {
    readonly factors: { readonly maintaining: readonly string[]; readonly disclosing: readonly string[] }
    readonly words: string
    readonly cites: string
  }
  readonly notice: { readonly complaints: string; readonly commissioner: string; readonly ownData: string; readonly cites: string }
}

type Json = Readonly<Record<string, unknown>>
type Problems = readonly { readonly path: readonly (string | number)[]; readonly message: string }[]

const sectionOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
const isWord = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''
const isTest = (value: unknown): boolean => value === 'qualified' || value === 'absolute'

/** Everything wrong with the rules; empty when requests may be recorded under them. */
export const foiRuleProblems = (given: unknown): Problems => {
  const rules = sectionOf(given)
  const [authorities, clock, notice] = [rules['authorities'], rules['clock'], rules['notice']].map(sectionOf) as [Json, Json, Json]
  const days = ['workingDays', 'extensionWorkingDays'].filter((name) => !Number.isInteger(clock[name]) || Number(clock[name]) < 1)
  const words = ['complaints', 'commissioner', 'ownData', 'cites'].filter((name) => !isWord(notice[name]))
  const kinds = listIn(authorities['kinds']).map(sectionOf)
  return [
    ...days.map((name) => ({ path: ['clock', name], message: `${name} must be a whole number from 1` })),
    ...words.map((name) => ({ path: ['notice', name], message: `the notice has no ${name}` })),
    ...kinds.flatMap(({ kind, cites }, at) =>
      (agencyKinds as readonly unknown[]).includes(kind) && isWord(cites)
        ? []
        : [{ path: ['authorities', 'kinds', at], message: `${String(kind)} is no kind of agency, or cites nothing` }],
    ),
    ...listIn(authorities['designated'])
      .map(sectionOf)
      .flatMap(({ agencyId, cites }, at) =>
        isWord(agencyId) && isWord(cites)
          ? []
          : [{ path: ['authorities', 'designated', at], message: 'a designated body needs agencyId and the order that it cites' }],
      ),
    ...wordedProblems(rules),
    ...exemptionProblems(listIn(rules['exemptions']).map(sectionOf)),
  ]
}

const wordedProblems = (rules: Json): Problems => {
  const factors = sectionOf(rules['factors'])
  const fixed = sectionOf(rules['neitherConfirmNorDeny'])
  return (['maintaining', 'disclosing'] as const).flatMap((side) => {
    const known = listIn(factors[side]).map(sectionOf)
    const used = listIn(sectionOf(fixed['factors'])[side])
    const ids = known.map(({ id }) => id)
    return [
      ...(known.length > 0 && known.every(({ id, words }) => isWord(id) && isWord(words))
        ? []
        : [{ path: ['factors', side], message: `the factors for ${side} need ids and words` }]),
      ...(used.length > 0 && used.every((id) => ids.includes(id))
        ? []
        : [{ path: ['neitherConfirmNorDeny', 'factors', side], message: `names no factor for ${side}, or one that is not there` }]),
    ]
  })
}

const exemptionProblems = (exemptions: readonly Json[]): Problems => {
  const missing = foiLabels.filter((label) => exemptions.filter(({ id }) => id === label).length !== 1)
  return [
    ...missing.map((label) => ({ path: ['exemptions'], message: `${label} needs one rule` })),
    ...exemptions.flatMap((one, at) =>
      faultsOf(one).map((message) => ({ path: ['exemptions', at], message: `${String(one['id'])} ${message}` })),
    ),
  ]
}

const faultsOf = (one: Json): readonly string[] => {
  const confirm = sectionOf(one['confirmOrDeny'])
  const conditions = listIn(one['conditions']).map(sectionOf)
  const [kinds, others] = [listIn(one['onlyFor']), listIn(one['excludes'])]
  return [
    ...((foiLabels as readonly unknown[]).includes(one['id']) ? [] : ['is no exemption']),
    ...(isTest(one['test']) && isTest(confirm['test']) ? [] : ['is neither qualified nor absolute']),
    ...(one['basis'] === 'class' || one['basis'] === 'prejudice' ? [] : ['is based neither on class nor on prejudice']),
    ...([one['clause'], confirm['clause'], one['why'], one['cites']].every(isWord) ? [] : ['lacks clause, words or source']),
    ...('onlyFor' in one && kinds.length === 0 ? ['is open to nobody'] : []),
    ...kinds.filter((kind) => !(agencyKinds as readonly unknown[]).includes(kind)).map((kind) => `knows no agency kind ${String(kind)}`),
    ...others.filter((id) => !(foiLabels as readonly unknown[]).includes(id)).map((id) => `excludes ${String(id)}, which is none`),
    ...conditions
      .filter(({ id, test }) => !(personalDataConditions as readonly unknown[]).includes(id) || !isTest(test))
      .map(({ id }) => `has no such condition as ${String(id)}`),
  ]
}
