import type { Subject, Supplier } from '../core/snapshot.ts'
import type { Category } from '../core/vocabulary.ts'
import type { Source } from './source.ts'

/** Categories that the partnership's own register answers, in the name of the person's lead agency. */
export const registerCategories: readonly Category[] = ['identity', 'cohort-status', 'consent-record']

export interface SupplierUses {
  readonly sources: readonly Source[]
  /** What an agency is; undefined for one that is not registered, which then supplies nothing. */
  readonly agencyOf: (agencyId: string) => Pick<Supplier, 'kind' | 'regime'> | undefined
  /** The partnership, which answers from the register for a person without a lead agency. */
  readonly partnershipId: string
}

const order: readonly Supplier['via'][] = ['http', 'hosted', 'register']

/**
 * Which agencies hold a category about a person and where each is asked; empty when none does. Sorted by agency, an
 * agency's own system before what it keeps here. A source is asked only about someone it knows by a number of its own.
 */
export function suppliersOf(subject: Subject, category: Category, uses: SupplierUses): readonly Supplier[] {
  const via = (agencyIds: readonly string[], way: Supplier['via']): Supplier[] =>
    [...new Set(agencyIds)].flatMap((agencyId) => {
      const agency = uses.agencyOf(agencyId)
      return agency ? [{ agencyId, kind: agency.kind, regime: agency.regime, via: way }] : []
    })
  if (registerCategories.includes(category)) return via([subject.leadAgencyId ?? uses.partnershipId], 'register')
  const sources = uses.sources.filter((source) => source.categories.includes(category) && identifiersFor(subject, source).length > 0)
  const hosted = subject.hosted.filter((record) => record.category === category)
  return [
    ...via(
      sources.map((source) => source.agencyId),
      'http',
    ),
    ...via(
      hosted.map((record) => record.agencyId),
      'hosted',
    ),
  ].sort((a, b) => compare(a.agencyId, b.agencyId) || order.indexOf(a.via) - order.indexOf(b.via))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The numbers by which a source's agency itself knows a person, sorted; empty when it knows none. Normally one; where two
 * of the agency's files turned out to be one person, each is asked about, or half the person would be missing unseen.
 */
export function identifiersFor(subject: Subject, source: Pick<Source, 'agencyId' | 'identifierKind'>): readonly string[] {
  const own = subject.identifiers.filter(({ kind, agencyId }) => kind === source.identifierKind && agencyId === source.agencyId)
  return [...new Set(own.map(({ value }) => value))].sort(compare)
}
