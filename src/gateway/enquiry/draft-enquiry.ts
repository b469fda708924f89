import { earliest } from '../../core/earliest.ts'
import { type FactName, factNames, type Facts } from '../../core/facts.ts'
import type { Ask, CategoryAsk, Standing, Supplier } from '../../core/snapshot.ts'
import { itemFactNames } from '../../core/case/derive-item-facts.ts'
import { outboundTo } from '../../core/case/recipient-standing.ts'
import { factReaders } from '../../core/decision/fact-readers.ts'
import { restsOnConsent } from '../../core/decision/rests-on-consent.ts'
import { type CategoryOutcome, type EnquiryOutcome, isBeforeThePerson, type RefusedItem } from './decide-enquiry.ts'
import { enquiryAnswer, firstReason, obligationsOf, type Verdict, verdictOf } from './enquiry-answer.ts'
import type { Draft, EntryDraft, Reading } from '../commit/logged-work.ts'
import type { OutboundType } from '../../core/decision-vocabulary.ts'

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
    refusesWhoever: verdict === 'shielded' || outcomes.every((one) => one.kind === 'withheld' && isBeforeThePerson(one.reason.stage)),
    validUntil: answered ? earliest(records.map((one) => one.decision.validUntil)) : null,
    answer: (committed) => enquiryAnswer(parts, verdict, committed),
  }
}

const effects: Record<Exclude<Verdict, 'answered'>, string> = { refused: 'deny', incomplete: 'deny', shielded: 'deny-ncnd' }

const entryOf = ({ reading, outcome, ask, preview }: DecidedEnquiry, verdict: Verdict): EntryDraft => {
  const released = outcome.categories.some((one) => one.kind === 'record')
  return {
    event: verdict === 'answered' ? (preview || !released ? 'consultation' : 'disclosure') : 'access-denied',
    // An answer in which everything is unavailable refused nothing.
    effect: verdict === 'answered' ? 'permit' : effects[verdict],
    reason: firstReason(outcome.categories)?.code ?? null,
    offenderId: ask.offenderId,
    purpose: ask.purpose,
    content: {
      legalGateway: ask.legalGateway,
      justification: ask.justification,
      shielded: verdict === 'shielded',
      subjectVersion: reading.subject === null ? 'absent' : 'present',
      ...factsAndLines(outcome.categories, ask),
    },
  }
}

type RecordOutcome = Extract<CategoryOutcome, { kind: 'record' }>

/** Facts that the first category (and the first item) has, then of each only what differs: an entry is read more rarely than written. */
interface Common {
  readonly facts: Facts
  readonly itemFacts: Facts | null
}

const factsAndLines = (outcomes: readonly CategoryOutcome[], ask: Ask): Record<string, unknown> => {
  const common: Common = {
    facts: outcomes[0]!.about.facts,
    itemFacts: firstItemFacts(outcomes),
  }
  return {
    facts: differing(common.facts, nothing),
    itemFacts: common.itemFacts === null ? {} : differing(common.itemFacts, common.facts, itemOnly),
    categories: outcomes.map((one) => categoryLine(one, common, ask)),
  }
}

const firstItemFacts = (outcomes: readonly CategoryOutcome[]): Facts | null => {
  for (const one of outcomes) {
    if (one.kind === 'record' && one.items.length > 0) return one.items[0]!.decision.facts
    if (one.kind !== 'unavailable' && one.refusedItems.length > 0) return one.refusedItems[0]!.facts
  }
  return null
}

/** What the log keeps of one category: every reason, the facts that differ from the enquiry's own, the versions relied on. */
const categoryLine = (one: CategoryOutcome, common: Common, ask: Ask): Record<string, unknown> => {
  const { about, decision } = one
  const asked = ask.categories.find((category) => category.id === about.facts.category && namesSupplier(category, about.supplier))
  const version = about.agreement.version
  return {
    agreement: version === null ? null : { agreementId: version.agreementId, hash: version.hash, version: version.version },
    category: about.facts.category,
    consentEventId: about.consentEventId,
    effect: one.kind === 'withheld' && one.refusedItems.length > 0 ? 'deny' : decision.effect,
    facts: differing(about.facts, common.facts),
    outcome: one.kind,
    supplier: about.supplier?.agencyId ?? null,
    validUntil: decision.validUntil?.toISOString() ?? null,
    via: about.supplier?.via ?? null,
    ...(asked?.fields === undefined ? {} : { fieldsAsked: asked.fields }),
    ...(about.agreementFields === null ? {} : { agreementFields: about.agreementFields }),
    ...(one.kind !== 'unavailable' && one.refusedItems.length > 0
      ? { withheldItems: refusedItemsOf(one.refusedItems, common.itemFacts ?? about.facts) }
      : {}),
    ...(decision.reasons.length === 0
      ? { permittedBy: decision.permittedBy }
      : { reasons: decision.reasons.map((reason) => ({ code: reason.code, ruleId: reason.ruleId, stage: reason.stage })) }),
    ...(one.kind === 'unavailable' ? { because: one.because } : {}),
    ...(one.kind === 'record' ? releasedLine(one, common) : {}),
  }
}

/** Of several suppliers of a category each may be asked for other fields. */
const namesSupplier = ({ supplierAgencyId }: CategoryAsk, supplier: Supplier | null): boolean =>
  supplierAgencyId === undefined || supplierAgencyId === supplier?.agencyId

const releasedLine = (one: RecordOutcome, common: Common): Record<string, unknown> => ({
  fields: fieldsReleased(one),
  itemFacts: itemFactsOf(one, common),
  items: one.items.length,
  marking: one.definition.marking,
  obligations: obligationsOf(one),
  outbound: outboundOf(one),
  withheldFields: one.withheldFields.map(({ field, reason }) => ({ code: reason.code, field, ruleId: reason.ruleId })),
})

/** Item by item what differs from the category's facts and the first item's; items with the same facts are counted together. */
const itemFactsOf = (one: RecordOutcome, common: Common): readonly Record<string, unknown>[] => {
  const known = common.itemFacts ?? one.about.facts
  return countedAlike(one.items.map((item) => ({ facts: differing(item.decision.facts, known, itemOnly) })))
}

const refusedItemsOf = (refused: readonly RefusedItem[], known: Facts): readonly Record<string, unknown>[] =>
  countedAlike(
    refused.map(({ reason, facts }) => ({
      code: reason.code,
      facts: differing(facts, known, itemOnly),
      ruleId: reason.ruleId,
      stage: reason.stage,
    })),
  )

const countedAlike = (values: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] => {
  const counts = new Map<string, Record<string, unknown> & { count: number }>()
  for (const value of values) {
    const key = JSON.stringify(value)
    counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, ...value })
  }
  return [...counts.values()]
}

const inOrder = (names: readonly FactName[]) => [...names].sort().map((name) => ({ name, read: factReaders[name] }))

/** In the order in which canonical JSON writes them. */
const all = inOrder(factNames)
/** An item has its category's facts and these of its own. */
const itemOnly = inOrder(itemFactNames)
const nothing = {} as Facts

const differing = (facts: Facts, base: Facts, among = all): Record<string, unknown> => {
  const difference: Record<string, unknown> = {}
  if (facts === base) return difference
  for (const { name, read } of among) {
    const value = read(facts)
    if (value !== read(base)) difference[name] = value
  }
  return difference
}

export const fieldsReleased = ({ items }: Pick<RecordOutcome, 'items'>): readonly string[] =>
  items.length === 1 ? Object.keys(items[0]!.fields) : [...new Set(items.flatMap((item) => Object.keys(item.fields)))]

const outboundOf = (one: CategoryOutcome): OutboundType => outboundTo(one.about.facts.recipientStanding)

const receiptLine = (one: CategoryOutcome): Record<string, unknown> => ({
  category: one.about.facts.category,
  outcome: one.kind,
  // As in the answer: who holds what may not be spoken of is not told by its receipt.
  supplier: one.decision.effect === 'deny-ncnd' ? null : (one.about.supplier?.agencyId ?? null),
  agreement: one.decision.effect === 'deny-ncnd' ? null : (one.about.agreement.version?.hash ?? null),
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
    // What a meeting said of nobody comes from nobody: it stands in the entry and not in a register of releases about people.
    .filter((one) => one.items.length > 0 && one.about.supplier !== null)
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
      consentEventId: consentBehind(reading.policies, one),
    }))

/** What a withdrawal would have to ask back: only what would not have left without that consent (R45). */
const consentBehind = (policies: Reading['policies'], one: RecordOutcome): string | null =>
  one.about.consentEventId !== null && one.items.some((item) => restsOnConsent(policies, item.decision.facts, Object.keys(item.fields)))
    ? one.about.consentEventId
    : null
