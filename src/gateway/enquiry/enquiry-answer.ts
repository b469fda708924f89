import type { Answer } from '../../core/answer.ts'
import { outboundTo } from '../../core/case/recipient-standing.ts'
import type { Reason } from '../../core/decision/decision.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { Ask } from '../../core/snapshot.ts'
import type { CategoryOutcome, RefusedItem } from './decide-enquiry.ts'
import type { Committed } from '../commit/logged-work.ts'
import { explained, ncnd, refusal } from '../commit/refusal.ts'

type RecordOutcome = Extract<CategoryOutcome, { kind: 'record' }>

export interface EnquiryAnswerParts {
  readonly ask: Ask
  readonly policies: Policies
  readonly policyHash: string
  readonly outcomes: readonly CategoryOutcome[]
  readonly preview: boolean
}

/** How an enquiry ends as a whole: something may leave, nothing may and the asker may know why, or nothing may be said at all. */
export type Verdict = 'answered' | 'refused' | 'incomplete' | 'shielded'

const SHIELD_STAGES = ['R5', 'R6']

export const verdictOf = (outcomes: readonly CategoryOutcome[]): Verdict => {
  const refusals = outcomes.filter((one) => one.kind === 'withheld')
  if (refusals.some((one) => SHIELD_STAGES.includes(one.reason.stage))) return 'shielded'
  if (outcomes.some((one) => one.kind !== 'withheld')) return 'answered'
  if (refusals.every((one) => one.reason.code === 'request-incomplete')) return 'incomplete'
  // A closed scheme asked by itself: neither confirmed nor denied.
  return refusals.every((one) => one.decision.effect === 'deny-ncnd') ? 'shielded' : 'refused'
}

/** The one function that builds a response with offender data, from a committed decision (invariant I4). */
export const enquiryAnswer = (parts: EnquiryAnswerParts, verdict: Verdict, committed: Committed): Answer => {
  const { outcomes, policies } = parts
  const withheld = outcomes.filter((one) => one.kind === 'withheld').map((one) => withheldEntry(policies, one))
  if (verdict === 'shielded') return ncnd(committed.entryId)
  if (verdict !== 'answered') {
    const first = toldFirst(outcomes)!
    return refusal(policies, first.reason, { status: verdict === 'incomplete' ? 422 : 403, entryId: committed.entryId, more: { withheld } })
  }
  return {
    status: 200,
    entryId: committed.entryId,
    body: {
      entryId: committed.entryId,
      receipt: committed.receipt,
      offenderId: parts.ask.offenderId,
      purpose: parts.ask.purpose,
      decidedAt: committed.at.toISOString(),
      policy: parts.policyHash,
      records: outcomes.filter((one) => one.kind === 'record').map((one) => recordEntry(parts, one)),
      withheld,
      unavailable: outcomes.filter((one) => one.kind === 'unavailable').map(unavailableEntry),
    },
  }
}

/** A scheme category asked by a non-member reads the same whether anything is held or not. */
const withheldEntry = (policies: Policies, outcome: Extract<CategoryOutcome, { kind: 'withheld' }>) => ({
  category: outcome.about.facts.category,
  supplierAgencyId: outcome.decision.effect === 'deny-ncnd' ? null : (outcome.about.supplier?.agencyId ?? null),
  ...explained(policies, outcome.decision.effect === 'deny-ncnd' ? { ...outcome.reason, code: 'ncnd' } : outcome.reason),
})

export const recordEntry = (parts: Pick<EnquiryAnswerParts, 'policies' | 'preview'>, outcome: RecordOutcome) => {
  const { about, definition, decision } = outcome
  const version = about.agreement.version
  return {
    category: about.facts.category,
    supplier: { agencyId: about.supplier!.agencyId },
    outbound: outboundTo(about.facts.recipientStanding),
    effect: decision.effect,
    marking: definition.marking,
    foi: definition.foi,
    agreement: version === null ? null : { reference: version.terms.reference, version: version.version, hash: version.hash },
    validUntil: decision.validUntil?.toISOString() ?? null,
    obligations: obligationsOf(outcome),
    ...(parts.preview ? { fieldsPermitted: decision.fields } : { items: outcome.items.map(itemEntry) }),
    withheldFields: outcome.withheldFields.map(({ field, reason }) => ({ field, ...explained(parts.policies, reason) })),
    withheldItems: counted(outcome.refusedItems).map(({ reason, count }) => ({ count, ...explained(parts.policies, reason) })),
  }
}

const counted = (refused: readonly RefusedItem[]): readonly { reason: Reason; count: number }[] => {
  const counts = new Map<string, { reason: Reason; count: number }>()
  for (const { reason } of refused) counts.set(reason.ruleId, { reason, count: (counts.get(reason.ruleId)?.count ?? 0) + 1 })
  return [...counts.values()]
}

export const obligationsOf = ({ decision, items }: RecordOutcome): readonly string[] =>
  items.every((one) => one.decision.obligations === decision.obligations)
    ? decision.obligations
    : [...new Set([...decision.obligations, ...items.flatMap((one) => one.decision.obligations)])]

/** DPA 2018 s.38(5)(b): what the recipient needs to judge accuracy, completeness and currency goes with the data. */
const itemEntry = ({ item, fields }: RecordOutcome['items'][number]) => ({
  fields,
  provenance: {
    originator: item.originator,
    recordedOn: item.recordedOn,
    nature: item.nature,
    subjectType: item.subjectType,
    marking: item.marking,
    ...(item.grade === null ? {} : { grade: item.grade }),
    ...(item.conditions.length === 0 ? {} : { conditions: item.conditions }),
  },
})

const unavailableSays: Record<string, readonly [string, string]> = {
  'not-held': [
    'No partner who may give you this category holds it for this person.',
    'Nothing to do; ask again if you learn of a new provider.',
  ],
  'not-asked': ['What you may receive changed while this was being answered, so the agency was not asked.', 'Ask again.'],
  timeout: ['The agency’s system did not answer in time.', 'Ask again in a minute, or telephone the agency.'],
  'breaker-open': ['The agency’s system has been failing and is being given a rest.', 'Ask again in a minute, or telephone the agency.'],
  busy: ['The agency’s system is answering as many requests as it can.', 'Ask again in a few seconds.'],
}

export const unavailableEntry = (outcome: Extract<CategoryOutcome, { kind: 'unavailable' }>) => {
  const [says, nextStep] = unavailableSays[outcome.because] ?? [
    'The agency’s system gave no usable answer.',
    'Ask again later, or telephone the agency; the fault has been recorded.',
  ]
  return {
    category: outcome.about.facts.category,
    supplierAgencyId: outcome.about.supplier?.agencyId ?? null,
    because: outcome.because,
    says,
    nextStep,
  }
}

/** The refusal that is told first: what may not be spoken of gives way to what may. */
const toldFirst = (outcomes: readonly CategoryOutcome[]) => {
  const withheld = outcomes.filter((one) => one.kind === 'withheld')
  return withheld.find((one) => one.decision.effect !== 'deny-ncnd') ?? withheld[0]
}

/** The reason that the entry and the problem put first. */
export const firstReason = (outcomes: readonly CategoryOutcome[]): Reason | null => toldFirst(outcomes)?.reason ?? null
