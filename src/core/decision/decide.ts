import { earliest } from '../earliest.ts'
import type { Decision, Reason } from './decision.ts'
import type { Facts } from '../facts.ts'
import { matching, type CompiledRule, type Policies, type Program, type RuleIndex } from './policy.ts'
import type { Effect, Obligation } from '../decision-vocabulary.ts'

export interface DecisionAsk {
  /** The fields asked for; absent asks for all of the category. */
  readonly fields?: readonly string[]
  /** The fields that the agreement lets go; null or absent: the agreement does not narrow the category. */
  readonly agreementFields?: readonly string[] | null
  /** When the facts used lapse by themselves: agreement, consent, appointment, an 18th birthday. */
  readonly lapses: readonly Date[]
}

/** No rule permits this: the answer where nothing was agreed at all. */
const noPermit: Reason = {
  code: 'default',
  stage: 'permit',
  ruleId: 'no-permit',
  cites: 'Decision order: no explicit permit is a refusal; DPA 2018 s.35(2)',
}
const notAgreed: Reason = {
  code: 'field-not-in-agreement',
  stage: 'R10',
  ruleId: 'r10-agreement-fields',
  cites: 'DPA 2018 s.37; ICO Data Sharing Code: the agreement names the data shared',
}

interface FieldOutcome {
  readonly fields: readonly string[]
  readonly withheld: Decision['withheldFields']
  readonly permittedBy: readonly string[]
  readonly obligations: readonly Obligation[]
}

const empty: readonly never[] = Object.freeze([])

const denied = (facts: Facts, because: { reasons: readonly Reason[]; shield: boolean; lapses: readonly Date[] }): Decision => ({
  effect: because.shield ? 'deny-ncnd' : 'deny',
  fields: empty,
  withheldFields: empty,
  obligations: empty,
  permittedBy: empty,
  reasons: because.reasons,
  facts,
  validUntil: earliest(because.lapses),
})

const sortFields = (
  program: Program,
  rules: { permits: readonly CompiledRule[]; narrows: readonly CompiledRule[] },
): Omit<FieldOutcome, 'obligations'> => {
  const fields: string[] = []
  const withheld: { field: string; reason: Reason }[] = []
  for (const field of Object.keys(program.category.fields)) {
    // A forbid beats a permit, and the first in stage order is the one that is told.
    const forbidden = rules.narrows.find((rule) => rule.fields!.includes(field))?.reason
    if (forbidden) withheld.push({ field, reason: forbidden })
    else if (rules.permits.some((rule) => rule.fields!.includes(field))) fields.push(field)
    else withheld.push({ field, reason: noPermit })
  }
  return {
    fields: Object.freeze(fields),
    withheld: Object.freeze(withheld),
    permittedBy: Object.freeze(rules.permits.map((rule) => rule.id)),
  }
}

const obligationsOf = (rules: readonly CompiledRule[]): readonly Obligation[] =>
  Object.freeze([...new Set(rules.map((rule) => rule.obligation!))])

const keyOf = (rules: readonly CompiledRule[], index: RuleIndex): string => {
  if (rules === index.always) return '-'
  let key = ''
  for (const rule of rules) key += `${rule.order} `
  return `${key};`
}

/** Which rules apply, not who asks, settles fields and obligations, and only a few combinations ever occur. */
const settled = new WeakMap<Program, Map<string, FieldOutcome>>()
const mostRemembered = 256

const settle = (program: Program, facts: Facts): FieldOutcome => {
  const permits = matching(program.permits, facts)
  const narrows = matching(program.narrows, facts)
  const obliges = matching(program.obliges, facts)
  const key = keyOf(permits, program.permits) + keyOf(narrows, program.narrows) + keyOf(obliges, program.obliges)
  let outcomes = settled.get(program)
  if (outcomes === undefined) settled.set(program, (outcomes = new Map<string, FieldOutcome>()))
  let outcome = outcomes.get(key)
  if (outcome === undefined) {
    outcome = { ...sortFields(program, { permits, narrows }), obligations: obligationsOf(obliges) }
    if (outcomes.size < mostRemembered) outcomes.set(key, outcome)
  }
  return outcome
}

/** Leaves only what was asked and what the agreement names; a field that nobody knows is withheld like one that nobody permits. */
const narrowed = (outcome: FieldOutcome, ask: DecisionAsk): FieldOutcome => {
  const agreed = ask.agreementFields ?? null
  if (ask.fields === undefined && agreed === null) return outcome
  const fields: string[] = []
  const withheld: { field: string; reason: Reason }[] = []
  for (const field of ask.fields === undefined
    ? [...outcome.fields, ...outcome.withheld.map((entry) => entry.field)]
    : new Set(ask.fields)) {
    if (outcome.fields.includes(field)) {
      if (agreed === null || agreed.includes(field)) fields.push(field)
      else withheld.push({ field, reason: notAgreed })
    } else withheld.push({ field, reason: outcome.withheld.find((entry) => entry.field === field)?.reason ?? noPermit })
  }
  return { ...outcome, fields, withheld }
}

const distinct = (withheld: Decision['withheldFields']): readonly Reason[] => [...new Set(withheld.map((entry) => entry.reason))]

/**
 * Decides one category on one set of facts: `fetch` before a source is asked, `release` when an item is about to leave. Every stage is
 * weighed; the first that fails is the one that is told, all are recorded. No permit is a refusal, and a forbid beats a permit.
 */
export const decide = (policies: Policies, action: 'fetch' | 'release', facts: Facts, ask: DecisionAsk): Decision => {
  const { lapses } = ask
  const program = policies.program(action, facts.category)
  if (program === undefined) return denied(facts, { reasons: [noPermit], shield: false, lapses })
  const failing = matching(program.forbids, facts)
  if (failing.length > 0) return denied(facts, { reasons: failing.map((rule) => rule.reason!), shield: failing[0]!.shield, lapses })
  const outcome = narrowed(settle(program, facts), ask)
  if (outcome.permittedBy.length === 0) return denied(facts, { reasons: [noPermit], shield: false, lapses })
  if (outcome.fields.length === 0) {
    const reasons = outcome.withheld.length === 0 ? [noPermit] : distinct(outcome.withheld)
    return { ...denied(facts, { reasons, shield: false, lapses }), withheldFields: outcome.withheld }
  }
  const effect: Effect = outcome.withheld.length > 0 ? 'permit-redacted' : outcome.obligations.length > 0 ? 'permit-obligations' : 'permit'
  return {
    effect,
    fields: outcome.fields,
    withheldFields: outcome.withheld,
    obligations: outcome.obligations,
    permittedBy: outcome.permittedBy,
    reasons: empty,
    facts,
    validUntil: earliest(lapses),
  }
}
