import type { Facts } from '../../core/facts.ts'
import type { Ask, Standing } from '../../core/snapshot.ts'
import type { CategoryOutcome, EnquiryOutcome } from './decide-enquiry.ts'
import { enquiryAnswer, firstReason, obligationsOf, type Verdict, verdictOf } from './enquiry-answer.ts'
import type { Draft, EntryDraft, Reading } from '../commit/logged-work.ts'

export interface DecidedEnquiry {
  readonly reading: Reading & { readonly standing: Standing }
  readonly outcome: EnquiryOutcome
  readonly ask: Ask
  readonly preview: boolean
}

/** One decided enquiry as its log entry, its lines in the disclosure register, its receipt and its answer. */
export const draftEnquiry = (decided: DecidedEnquiry): Draft => {
  const { reading, outcome, ask, preview } = decided
  const outcomes = outcome.categories
  const verdict = verdictOf(outcomes)
  const records = outcomes.filter((one) => one.kind === 'record')
  const answered = verdict === 'answered'
  const parts = { ask, policies: reading.policies, policyHash: reading.policyHash, outcomes, preview }
  return {
    entry: entryOf(decided, verdict),
    receipt: {
      offenderId: ask.offenderId,
      purpose: ask.purpose,
      recipient: reading.standing.agency.id,
      categories: answered ? outcomes.map(receiptLine) : [],
    },
    disclosures: answered && !preview ? disclosuresOf(decided, records) : [],
    validUntil: answered ? earliest(records.map((one) => one.decision.validUntil)) : null,
    answer: (committed) => enquiryAnswer(parts, verdict, committed),
  }
}

const effects: Record<Exclude<Verdict, 'answered'>, string> = { refused: 'deny', incomplete: 'deny', shielded: 'deny-ncnd' }

const entryOf = ({ reading, outcome, ask, preview }: DecidedEnquiry, verdict: Verdict): EntryDraft => {
  const released = outcome.categories.some((one) => one.kind === 'record')
  return {
    event: verdict === 'answered' ? (preview || !released ? 'consultation' : 'disclosure') : 'access-denied',
    effect: verdict === 'answered' ? (released ? 'permit' : 'deny') : effects[verdict],
    reason: firstReason(outcome.categories)?.code ?? null,
    offenderId: ask.offenderId,
    purpose: ask.purpose,
    content: {
      legalGateway: ask.legalGateway,
      justification: ask.justification,
      shielded: verdict === 'shielded',
      subjectVersion: reading.subject === null ? 'absent' : 'present',
      facts: outcome.caseFacts.base,
      categories: outcome.categories.map((one) => categoryLine(one, outcome.caseFacts.base, ask)),
    },
  }
}

/** What the log keeps of one category: every reason, the facts that differ from the enquiry's own, the versions relied on. */
const categoryLine = (one: CategoryOutcome, base: object, ask: Ask): Record<string, unknown> => {
  const { about, decision } = one
  const asked = ask.categories.find((category) => category.id === about.facts.category)
  return {
    category: about.facts.category,
    outcome: one.kind,
    supplier: about.supplier?.agencyId ?? null,
    via: about.supplier?.via ?? null,
    effect: decision.effect,
    facts: differing(about.facts, base),
    fieldsAsked: asked?.fields ?? null,
    agreementFields: about.agreementFields,
    reasons: decision.reasons.map((reason) => ({ code: reason.code, stage: reason.stage, ruleId: reason.ruleId })),
    permittedBy: decision.permittedBy,
    agreement:
      about.agreement.version === null
        ? null
        : {
            agreementId: about.agreement.version.agreementId,
            version: about.agreement.version.version,
            hash: about.agreement.version.hash,
          },
    consentEventId: about.consentEventId,
    validUntil: decision.validUntil?.toISOString() ?? null,
    ...(one.kind === 'unavailable' ? { because: one.because } : {}),
    ...(one.kind === 'record' ? releasedLine(one, about.facts) : {}),
  }
}

const releasedLine = (one: Extract<CategoryOutcome, { kind: 'record' }>, facts: Facts): Record<string, unknown> => ({
  fields: fieldsReleased(one),
  items: one.items.length,
  itemFacts: one.items.map((item) => differing(item.decision.facts, facts)),
  withheldFields: one.withheldFields.map(({ field, reason }) => ({ field, code: reason.code, ruleId: reason.ruleId })),
  withheldItems: one.withheldItems.map(({ reason, count }) => ({ code: reason.code, ruleId: reason.ruleId, count })),
  obligations: obligationsOf(one),
  marking: one.definition.marking,
  outbound: outboundOf(one),
})

const differing = (facts: object, base: object): Record<string, unknown> => {
  const known = base as Record<string, unknown>
  const difference: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(facts)) if (known[name] !== value) difference[name] = value
  return difference
}

const fieldsReleased = (one: Extract<CategoryOutcome, { kind: 'record' }>): readonly string[] => [
  ...new Set(one.items.flatMap((item) => Object.keys(item.fields))),
]

const outboundOf = (one: CategoryOutcome): 'share' | 'disclose' => (one.about.facts.recipientStanding === 'outside' ? 'disclose' : 'share')

const receiptLine = (one: CategoryOutcome): Record<string, unknown> => ({
  category: one.about.facts.category,
  outcome: one.kind,
  supplier: one.about.supplier?.agencyId ?? null,
  agreement: one.about.agreement.version?.hash ?? null,
  ...(one.kind === 'record'
    ? { fields: fieldsReleased(one), items: one.items.length, marking: one.definition.marking, obligations: obligationsOf(one) }
    : {}),
  ...(one.kind === 'withheld' ? { reason: one.decision.effect === 'deny-ncnd' ? 'ncnd' : one.reason.code } : {}),
})

/** R28: a release stands in the disclosure register as well as in the access log. An empty answer released nothing. */
const disclosuresOf = (
  { reading, ask }: DecidedEnquiry,
  records: readonly Extract<CategoryOutcome, { kind: 'record' }>[],
): Draft['disclosures'] =>
  records
    .filter((one) => one.items.length > 0)
    .map((one, position) => ({
      position,
      offenderId: ask.offenderId,
      category: one.about.facts.category,
      fields: fieldsReleased(one),
      items: one.items.length,
      supplierAgencyId: one.about.supplier!.agencyId,
      recipientAgencyId: reading.standing.agency.id,
      recipientPersonSub: reading.standing.person?.sub ?? '',
      purpose: ask.purpose ?? '',
      outbound: outboundOf(one),
      agreementId: one.about.agreement.version?.agreementId ?? null,
      agreementVersion: one.about.agreement.version?.version ?? null,
    }))

const earliest = (instants: readonly (Date | null)[]): Date | null =>
  instants.reduce((first, next) => (first === null || (next !== null && next < first) ? next : first), null)
