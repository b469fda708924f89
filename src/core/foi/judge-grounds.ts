import { isDay } from '../london.ts'
import type { FoiLabel } from '../vocabulary.ts'
import { type FoiAgency, isOpenTo } from './authority.ts'
import { latestEstimateOn } from './foi-clock.ts'
import type { Exemption, ExemptionTest, FoiRules, PersonalDataCondition } from './foi-rules.ts'

export const foiOutcomes = ['consider', 'withhold', 'disclose', 'neither-confirm-nor-deny', 'not-held', 'confirm-held'] as const
export type FoiOutcome = (typeof foiOutcomes)[number]

/** How the public interest was weighed (FOIA s.2(1)(b), (2)(b)). Where it favours disclosure the outcome is `disclose`. */
export interface PublicInterest {
  readonly decision: 'maintained' | 'undecided'
  readonly maintaining: readonly string[]
  readonly disclosing: readonly string[]
  /** By when the authority expects to have decided; of what is undecided only. */
  readonly estimateOn?: string
}

/** One exemption that is relied on, with what it asks to be said. */
export interface Ground {
  readonly exemption: FoiLabel
  readonly condition?: PersonalDataCondition
  readonly principle?: string
  /** How sure the harm is, where harm has to be shown. */
  readonly likelihood?: 'would' | 'would-be-likely'
  readonly publicInterest?: PublicInterest
  /** That the defence of public interest to a breach of confidence was weighed. */
  readonly defenceWeighed?: boolean
  /** To say why would itself reveal what is exempt (s.17(4)): the notice leaves it out. */
  readonly whyWouldReveal?: boolean
}

export interface GroundsQuestion {
  readonly rules: FoiRules
  readonly authority: FoiAgency
  readonly request: { readonly ownData: boolean; readonly dueOn: string }
  readonly outcome: FoiOutcome
  /** Null: the answer as a whole. */
  readonly paragraph: { readonly source: 'own' | 'another-person'; readonly originatorAgencyId: string } | null
  readonly today: string
}

export interface Misfit {
  readonly ruleId: string
  readonly cites: string
  readonly path: string
  readonly message: string
}

/** Is the public interest to be weighed for this ground? */
export const testOf = (exemption: Exemption, ground: Ground, outcome: FoiOutcome): ExemptionTest => {
  if (outcome === 'neither-confirm-nor-deny') return exemption.confirmOrDeny.test
  return exemption.conditions?.find(({ id }) => id === ground.condition)?.test ?? exemption.test
}

const reliesOnGrounds = (outcome: FoiOutcome): boolean => outcome === 'withhold' || outcome === 'neither-confirm-nor-deny'

/** The first thing that keeps the grounds from bearing the outcome; null when they do. */
export const judgeGrounds = (question: GroundsQuestion, grounds: readonly Ground[]): Misfit | null => {
  const { rules, outcome } = question
  const whole = (message: string): Misfit => ({ ruleId: 'foi-grounds', cites: 'FOIA 2000 s.17(1)(b)', path: '/grounds', message })
  if (!reliesOnGrounds(outcome)) return grounds.length === 0 ? null : whole('are of what is withheld only')
  if (grounds.length === 0) return whole('names no exemption')
  for (const [at, ground] of grounds.entries()) {
    const exemption = rules.exemptions.find(({ id }) => id === ground.exemption)
    const before = grounds.slice(0, at).map((one) => one.exemption)
    const misfit = exemption === undefined ? whole('names no exemption') : misfitOf(question, { exemption, ground, before })
    if (misfit !== null) return { ...misfit, path: misfit.path === '/grounds' ? misfit.path : `/grounds/${at}${misfit.path}` }
  }
  return null
}

interface Weighed {
  readonly exemption: Exemption
  readonly ground: Ground
  readonly before: readonly FoiLabel[]
}

const misfitOf = (question: GroundsQuestion, weighed: Weighed): Misfit | null =>
  unfitFor(question, weighed) ?? (question.outcome === 'withhold' ? unsaid(question, weighed) : null) ?? unweighed(question, weighed)

/** Does the exemption fit the authority, the information and its neighbours? */
const unfitFor = ({ authority, request, paragraph, outcome }: GroundsQuestion, { exemption, before }: Weighed): Misfit | null => {
  const at = { cites: exemption.cites, path: '/exemption' }
  if (!isOpenTo(exemption, authority.kind)) return { ...at, ruleId: 'foi-open-to-authority', message: 'is not open to this authority' }
  if (exemption.ownData === true && !request.ownData) return { ...at, ruleId: 'foi-own-data', message: 'is for the requester’s own data' }
  if (outcome === 'withhold' && exemption.fromAnotherPerson === true && !isFromAnother(paragraph, authority)) {
    return { ...at, ruleId: 'foi-from-another-person', message: 'is for what was obtained from another person' }
  }
  if (before.includes(exemption.id)) return { ...at, ruleId: 'foi-once', message: 'is named twice' }
  const other = before.find((id) => exemption.excludes?.includes(id))
  return other === undefined ? null : { ...at, ruleId: 'foi-exclusive', message: `cannot be relied on together with ${other}` }
}

/** Its own words no authority had from another person, whoever else was in the room. */
const isFromAnother = (paragraph: GroundsQuestion['paragraph'], authority: FoiAgency): boolean =>
  paragraph !== null && paragraph.source === 'another-person' && paragraph.originatorAgencyId !== authority.id

/** Is everything said that the exemption asks for? */
const unsaid = ({ rules }: GroundsQuestion, { exemption, ground }: Weighed): Misfit | null => {
  const say = (path: string, message: string): Misfit => ({ ruleId: 'foi-says-why', cites: exemption.cites, path, message })
  if (exemption.basis === 'prejudice' && ground.likelihood === undefined) return say('/likelihood', 'says nothing of how sure the harm is')
  if (exemption.defence === true && ground.defenceWeighed !== true)
    return say('/defenceWeighed', 'the defence of public interest was not weighed')
  if (exemption.conditions === undefined) {
    return ground.condition === undefined && ground.principle === undefined ? null : say('/condition', 'is of personal data only')
  }
  const condition = exemption.conditions.find(({ id }) => id === ground.condition)
  if (condition === undefined) return say('/condition', 'names no condition')
  const named = rules.principles.some(({ id }) => id === ground.principle)
  if (condition.principle && !named) return say('/principle', 'names no data protection principle')
  return !condition.principle && ground.principle !== undefined ? say('/principle', 'belongs to the first condition') : null
}

/** Was the public interest weighed where the exemption is qualified, and only there? */
const unweighed = (question: GroundsQuestion, { exemption, ground }: Weighed): Misfit | null => {
  const weigh = (path: string, message: string): Misfit => ({
    ...{ ruleId: 'foi-public-interest', cites: 'FOIA 2000 s.2(1)(b) and (2)(b); s.17(2) and (3)' },
    ...{ path: `/publicInterest${path}`, message },
  })
  const given = ground.publicInterest
  if (testOf(exemption, ground, question.outcome) === 'absolute')
    return given === undefined ? null : weigh('', 'is not weighed: the exemption is absolute')
  if (given === undefined) return weigh('', 'was not weighed')
  for (const side of ['maintaining', 'disclosing'] as const) {
    const known = question.rules.factors[side].map(({ id }) => id)
    const strange = given[side].findIndex((id) => !known.includes(id))
    if (strange >= 0) return weigh(`/${side}/${strange}`, 'is no factor')
    if (given.decision === 'maintained' && given[side].length === 0) return weigh(`/${side}`, 'names no factor')
  }
  return misestimated(question, given, weigh)
}

const misestimated = (
  { rules, request, today }: GroundsQuestion,
  { decision, estimateOn }: PublicInterest,
  weigh: (path: string, message: string) => Misfit,
): Misfit | null => {
  if (decision === 'maintained') return estimateOn === undefined ? null : weigh('/estimateOn', 'is of what is undecided only')
  if (estimateOn === undefined || !isDay(estimateOn)) return weigh('/estimateOn', 'gives no day')
  const latest = latestEstimateOn(rules.clock, request.dueOn)
  return estimateOn > today && estimateOn <= latest ? null : weigh('/estimateOn', `is no day after today and until ${latest}`)
}
