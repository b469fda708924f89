import { decide } from '../../core/decision/decide.ts'
import type { Decision, Reason } from '../../core/decision/decision.ts'
import type { Facts } from '../../core/facts.ts'
import { caseFactsOf, type CaseFacts, categoryFactsOf, type CategoryFacts } from '../../core/case/derive-facts.ts'
import { itemFactsOf } from '../../core/case/derive-item-facts.ts'
import type { CategoryDefinition } from '../../core/decision/category.ts'
import { emergencyPolicies } from '../../core/decision/emergency.ts'
import { redact } from '../../core/decision/redact.ts'
import type { Ask, CategoryAsk, HostedRecord, Item, Standing, Subject, Supplier } from '../../core/snapshot.ts'
import { registerItems } from '../../sources/register.ts'
import type { Source, SourceReply } from '../../sources/source.ts'
import { suppliersOf } from '../../sources/suppliers.ts'
import type { Reading } from '../commit/logged-work.ts'
import type { AgencyDirectory } from '../standings.ts'

/** What an enquiry is decided with besides the facts: who can be asked, and what those who were asked replied. */
export interface EnquiryMaterial {
  readonly sources: readonly Source[]
  readonly directory: AgencyDirectory
  /** In whose name the register answers for a person without a lead agency. */
  readonly partnershipId: string
  readonly openHosted: (record: HostedRecord, definition: CategoryDefinition) => SourceReply
  /** Replies of agencies' own systems, by `replyKey`. */
  readonly replies: ReadonlyMap<string, SourceReply>
}

export const replyKey = (agencyId: string, category: string): string => `${agencyId} ${category}`

export interface ReleasedItem {
  readonly item: Item
  readonly fields: Readonly<Record<string, unknown>>
  readonly decision: Decision
}

/** An item that was held and may not leave, with the facts that it was refused on. */
export interface RefusedItem {
  readonly reason: Reason
  readonly facts: Facts
}

/** What became of one category from one supplier. */
export type CategoryOutcome =
  | {
      readonly kind: 'record'
      readonly about: CategoryFacts
      readonly definition: CategoryDefinition
      readonly decision: Decision
      readonly items: readonly ReleasedItem[]
      readonly withheldFields: Decision['withheldFields']
      readonly refusedItems: readonly RefusedItem[]
    }
  | {
      readonly kind: 'withheld'
      readonly about: CategoryFacts
      readonly decision: Decision
      readonly reason: Reason
      /** The items that were each refused, where it was not the category as a whole. */
      readonly refusedItems: readonly RefusedItem[]
    }
  | { readonly kind: 'unavailable'; readonly about: CategoryFacts; readonly decision: Decision; readonly because: string }

export interface EnquiryOutcome {
  readonly caseFacts: CaseFacts
  readonly categories: readonly CategoryOutcome[]
}

/**
 * Weighs every category asked, from every supplier that holds it. `fetch` says what may be asked for at all; `release`
 * decides again on what was given and redacts it.
 */
export const decideEnquiry = (
  action: 'fetch' | 'release',
  given: Reading & { readonly standing: Standing },
  ask: Ask,
  material: EnquiryMaterial,
): EnquiryOutcome => {
  // Without rules for emergencies the ordinary ones decide, which refuse what has no agreement.
  const policies = (ask.emergency === undefined ? null : emergencyPolicies(given.policies)) ?? given.policies
  const reading = { ...given, policies }
  const caseFacts = caseFactsOf({ standing: reading.standing, subject: reading.subject, ask, at: reading.at })
  const categories = ask.categories.flatMap((category) => {
    const definition = reading.policies.category(category.id)!
    const suppliers = reading.subject === null ? [] : suppliersOf(reading.subject, category.id, supplierUses(material))
    const weigh = (supplier: Supplier | null): CategoryOutcome =>
      weighCategory({ action, reading, caseFacts, category, definition, supplier, material })
    const weighed = suppliers.map(weigh)
    if (weighed.length > 0 && !weighed.some(needsNoSupplier)) return weighed
    // Told once and without a supplier: to name or to count them would say that there is such a person, or that something is held.
    const general = weigh(null)
    return weighed.length === 0 || needsNoSupplier(general) ? [general] : weighed
  })
  return { caseFacts, categories }
}

const supplierUses = ({ sources, directory, partnershipId }: EnquiryMaterial) => ({
  sources,
  partnershipId,
  agencyOf: (agencyId: string) => directory.get(agencyId),
})

/** Stages that read nothing about the person (decision order, R1-R4 and the general limbs): the same for a real and an invented one. */
export const isBeforeThePerson = (stage: string): boolean => ['R2', 'R3', 'R4', 'R12a', 'R10a', 'R22', 'R38', 'R40'].includes(stage)

/** Stages that weigh the person and the asker, never the supplier: to name one in such a refusal would only tell what is held. */
const apartFromSuppliers = ['R13', 'R14', 'R15', 'R16', 'R20', 'R21']

const needsNoSupplier = (general: CategoryOutcome): boolean =>
  general.kind === 'withheld' &&
  (isBeforeThePerson(general.reason.stage) || general.decision.effect === 'deny-ncnd' || apartFromSuppliers.includes(general.reason.stage))

interface Weighing {
  readonly action: 'fetch' | 'release'
  readonly reading: Reading & { readonly standing: Standing }
  readonly caseFacts: CaseFacts
  readonly category: CategoryAsk
  readonly definition: CategoryDefinition
  readonly supplier: Supplier | null
  readonly material: EnquiryMaterial
}

const weighCategory = (weighing: Weighing): CategoryOutcome => {
  const { action, reading, caseFacts, category, definition, supplier } = weighing
  const agency = reading.standing.agency
  const about = categoryFactsOf(caseFacts, category, {
    definition,
    supplier,
    // Any partner may lead a case, so what the lead keeps may be anybody's own.
    ownSupplies: definition.owner === 'lead' || definition.owner.includes(agency.kind),
  })
  const decision = decide(reading.policies, 'fetch', about.facts, {
    fields: category.fields,
    agreementFields: about.agreementFields,
    lapses: about.lapses,
  })
  if (isRefusal(decision)) return { kind: 'withheld', about, decision, reason: decision.reasons[0]!, refusedItems: [] }
  if (supplier === null) return { kind: 'unavailable', about, decision, because: 'not-held' }
  if (action === 'fetch') {
    return { kind: 'record', about, definition, decision, items: [], withheldFields: decision.withheldFields, refusedItems: [] }
  }
  const given = itemsFrom(weighing, supplier)
  if ('because' in given) return { kind: 'unavailable', about, decision, because: given.because }
  return releaseItems(weighing, about, decision, given.items)
}

export const isRefusal = (decision: Decision): boolean =>
  decision.effect === 'deny' || decision.effect === 'deny-ncnd' || decision.effect === 'refer'

const itemsFrom = (weighing: Weighing, supplier: Supplier): { items: readonly Item[] } | { because: string } => {
  const { category, definition, material } = weighing
  const subject = weighing.reading.subject as Subject
  if (supplier.via === 'register') {
    return { items: registerItems(subject, category.id, { agencyId: supplier.agencyId, marking: definition.marking }) }
  }
  const reply = supplier.via === 'http' ? material.replies.get(replyKey(supplier.agencyId, category.id)) : hostedReply(weighing, supplier)
  // Permitted now and not at the first look: nobody was asked.
  if (reply === undefined) return { because: 'not-asked' }
  return reply.outcome === 'items' ? { items: reply.items } : { because: reply.because }
}

const hostedReply = ({ reading, category, definition, material }: Weighing, supplier: Supplier): SourceReply | undefined => {
  const record = reading.subject?.hosted.find((one) => one.category === category.id && one.agencyId === supplier.agencyId)
  return record === undefined ? undefined : material.openHosted(record, definition)
}

/** Decides each item by itself and keeps what may leave, in the order given; refused items too stand in that order. */
export const releaseItems = (
  weighing: Pick<Weighing, 'category' | 'definition'> & { readonly reading: Pick<Reading, 'policies'> },
  about: CategoryFacts,
  first: Decision,
  given: readonly Item[],
): CategoryOutcome => {
  const { reading, category, definition } = weighing
  const items: ReleasedItem[] = []
  const refusedItems: RefusedItem[] = []
  for (const item of given) {
    const decision = decide(reading.policies, 'release', itemFactsOf(about, item, definition), {
      fields: category.fields,
      agreementFields: about.agreementFields,
      lapses: about.lapses,
    })
    if (isRefusal(decision)) refusedItems.push({ reason: decision.reasons[0]!, facts: decision.facts })
    else items.push(releasable(item, decision, definition))
  }
  if (items.length === 0 && refusedItems.length > 0) {
    return { kind: 'withheld', about, decision: first, reason: refusedItems[0]!.reason, refusedItems }
  }
  return {
    kind: 'record',
    about,
    definition,
    items,
    decision: items[0]?.decision ?? first,
    withheldFields: uniqueBy(
      items.length === 0 ? first.withheldFields : items.flatMap((one) => one.decision.withheldFields),
      (one) => one.field,
    ),
    refusedItems,
  }
}

const releasable = (item: Item, decision: Decision, definition: CategoryDefinition): ReleasedItem => {
  const redacted = redact(item, decision, definition)
  return { item, fields: redacted.fields, decision: { ...decision, withheldFields: redacted.withheldFields } }
}

const uniqueBy = <T>(values: readonly T[], key: (value: T) => string): readonly T[] => [
  ...new Map(values.map((value) => [key(value), value])).values(),
]
