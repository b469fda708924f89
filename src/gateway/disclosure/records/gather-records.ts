import type { Item, Subject, Supplier } from '../../../core/snapshot.ts'
import type { NamedRecord } from '../../../db/disclosure/records.ts'
import { readFacts } from '../../../db/facts.ts'
import { registerItems } from '../../../sources/register.ts'
import type { SourceReply } from '../../../sources/source.ts'
import { suppliersOf } from '../../../sources/suppliers.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { replyKey } from '../../enquiry/decide-enquiry.ts'
import type { DisclosureUses, RecordUses } from '../known-request.ts'

/** What agencies' own systems replied, by `replyKey`. */
export type Replies = ReadonlyMap<string, SourceReply>

export type Held = { readonly items: readonly Item[] } | { readonly because: string } | 'not-asked-yet'

/** A part of a record with where it comes from, and what is held there. */
export interface GatheredRecord {
  readonly record: NamedRecord
  /** Null: an agency that is not known any more. */
  readonly supplier: Supplier | null
  readonly held: Held
}

interface Gathering {
  readonly file: { readonly offenderId: string }
  readonly records: readonly NamedRecord[]
  readonly replies: Replies | null
}

/** Behind the locks, as an enquiry reads it: once by each way in which the supplier holds it. */
export const gatherRecords = async (
  { records: uses }: Pick<DisclosureUses, 'records'>,
  { tx, policies }: ChangeContext,
  { file: { offenderId }, records, replies }: Gathering,
): Promise<readonly GatheredRecord[]> => {
  if (records.length === 0) return []
  const categories = records.map(({ category }) => category)
  const { subjects } = await readFacts(tx, { offenderIds: [offenderId], agencyIds: [], categories })
  const subject = subjects.get(offenderId) ?? null
  return records.flatMap((record): GatheredRecord[] => {
    const suppliers = subject === null ? [] : suppliersOf(subject, record.category, supplierUses(uses))
    const own = suppliers.filter(({ agencyId }) => agencyId === record.supplierAgencyId)
    const definition = policies.category(record.category)!
    if (subject === null || own.length === 0) return [{ record, supplier: notHolding(uses, record), held: { because: 'not-held' } }]
    return own.map((supplier) => ({ record, supplier, held: heldBy(supplier, { uses, subject, record, replies, definition }) }))
  })
}

const supplierUses = ({ sources, directory, partnershipId }: RecordUses) => ({
  ...{ sources, partnershipId },
  agencyOf: (agencyId: string) => directory.get(agencyId),
})

/** Decided as if it held something: a refusal then says nothing of what is held. */
const notHolding = ({ directory }: RecordUses, { supplierAgencyId }: NamedRecord): Supplier | null => {
  const agency = directory.get(supplierAgencyId)
  return agency === undefined ? null : { agencyId: supplierAgencyId, kind: agency.kind, regime: agency.regime, via: 'hosted' }
}

interface Holding {
  readonly uses: RecordUses
  readonly subject: Subject
  readonly record: NamedRecord
  readonly replies: Replies | null
  readonly definition: Parameters<RecordUses['openHosted']>[1]
}

const heldBy = ({ agencyId, via }: Supplier, { uses, subject, record, replies, definition }: Holding): Held => {
  const { category } = record
  if (via === 'register') return { items: registerItems(subject, category, { agencyId, marking: definition.marking }) }
  if (via === 'http' && replies === null) return 'not-asked-yet'
  const hosted = subject.hosted.find((one) => one.category === category && one.agencyId === agencyId)
  const reply =
    via === 'http' ? replies?.get(replyKey(agencyId, category)) : hosted === undefined ? undefined : uses.openHosted(hosted, definition)
  if (reply === undefined) return { because: 'not-asked' }
  return reply.outcome === 'items' ? { items: reply.items } : { because: reply.because }
}
