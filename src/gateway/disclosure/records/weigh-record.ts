import { permittedRecordFacts } from '../../../core/disclosure/permission-facts.ts'
import { decide } from '../../../core/decision/decide.ts'
import type { Reason } from '../../../core/decision/decision.ts'
import type { Policies } from '../../../core/decision/policy.ts'
import type { CategoryAsk } from '../../../core/snapshot.ts'
import type { NamedRecord } from '../../../db/disclosure/records.ts'
import { type CategoryOutcome, isRefusal, releaseItems } from '../../enquiry/decide-enquiry.ts'
import type { Weighing } from '../weigh-permission.ts'
import { wordsMarking } from '../words-marking.ts'
import type { GatheredRecord } from './gather-records.ts'

export interface WeighedRecord {
  readonly record: NamedRecord
  readonly outcome: CategoryOutcome
  readonly released: boolean
  /** Null where it may leave, or cannot be had just now. */
  readonly reason: Reason | null
  readonly shielded: boolean
}

export const categoryAskOf = (record: NamedRecord, bestInterestsNote: string | null): CategoryAsk => ({
  ...{ id: record.category, supplierAgencyId: record.supplierAgencyId, fields: record.fields },
  ...(bestInterestsNote === null ? {} : { bestInterestsNote }),
})

/**
 * One part of the record, decided as an enquiry by its recipient would be, but for what the permission stands in for; then item by item
 * what is held, down to the fields that were permitted.
 */
export const weighRecord = (weighing: Weighing, policies: Policies, { record, supplier, held }: GatheredRecord): WeighedRecord => {
  const definition = policies.category(record.category)!
  const category = categoryAskOf(record, weighing.bestInterestsNote)
  const about = permittedRecordFacts({
    ...{ standing: weighing.recipient, subject: weighing.subject, ask: weighing.ask, at: weighing.at },
    ...{ category, definition, originator: supplier, scheme: weighing.scheme },
    ...{ permission: weighing.permission, discloser: weighing.discloser, expiresAt: weighing.expiresAt },
  })
  const { agreementFields, lapses } = about
  const first = decide(policies, 'fetch', about.facts, { fields: category.fields, agreementFields, lapses })
  const outcome = ((): CategoryOutcome => {
    if (isRefusal(first)) return { kind: 'withheld', about, decision: first, reason: first.reasons[0]!, refusedItems: [] }
    if (held === 'not-asked-yet') {
      return { kind: 'record', about, definition, decision: first, items: [], withheldFields: first.withheldFields, refusedItems: [] }
    }
    if ('because' in held) return { kind: 'unavailable', about, decision: first, because: held.because }
    const items = held.items.map((item) => ({ ...item, marking: wordsMarking(weighing.words, item.marking) }))
    return releaseItems({ reading: { policies }, category, definition }, about, first, items)
  })()
  const reason = outcome.kind === 'withheld' ? outcome.reason : null
  return { record, outcome, released: outcome.kind === 'record', reason, shielded: outcome.decision.effect === 'deny-ncnd' }
}

/** How an answer names a part of the record. */
export const namedIn = ({ record: { category, supplierAgencyId } }: Pick<WeighedRecord, 'record'>) => ({ category, supplierAgencyId })

/** Everything that a permission would not cure of one part, as a whole and field by field. */
export const reasonsOf = ({ outcome, reason }: WeighedRecord): readonly { readonly reason: Reason; readonly field: string | null }[] => {
  if (reason !== null) return [{ reason, field: null }]
  const shut = outcome.kind === 'record' ? outcome.withheldFields : outcome.decision.withheldFields
  return shut.map(({ field, reason: why }) => ({ reason: why, field }))
}
