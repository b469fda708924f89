import type { Policies } from '../../../core/decision/policy.ts'
import type { Category } from '../../../core/vocabulary.ts'
import type { Tx } from '../../../db/db.ts'
import type { NamedRecord } from '../../../db/disclosure/records.ts'
import { findAgencyFile } from '../../../db/facts.ts'

/** What was said at a meeting is asked for paragraph by paragraph, and never as a record. */
const spoken: readonly Category[] = ['conf-minutes', 'conf-papers', 'mash-form-of-words']

/** Where this supplier's part of a category is named first. */
export const placeOf = (records: readonly NamedRecord[], { category, supplierAgencyId }: NamedRecord): number =>
  records.findIndex((one) => one.category === category && one.supplierAgencyId === supplierAgencyId)

/**
 * The first part of a record that nobody could be asked for; null: there is none. Whether anything is held is not looked at: to refuse
 * what is not held would say what is.
 */
export const recordProblem = async (
  tx: Tx,
  policies: Policies,
  records: readonly NamedRecord[],
): Promise<{ readonly path: string; readonly message: string } | null> => {
  for (const [place, { category, supplierAgencyId, fields }] of records.entries()) {
    const path = `/records/${place}`
    const definition = policies.category(category)
    if (definition === null || definition === undefined || spoken.includes(category)) {
      return { path: `${path}/category`, message: 'is no category of the record; what was said at a meeting is named by paragraphIds' }
    }
    // Logged and shown supplier by supplier: which fields of a category has to be one answer.
    if (placeOf(records, records[place]!) !== place) return { path, message: 'names a category of one supplier twice' }
    if ((await findAgencyFile(tx, supplierAgencyId)) === null) return { path: `${path}/supplierAgencyId`, message: 'is no agency' }
    const strange = fields.findIndex((field) => !Object.hasOwn(definition.fields, field))
    if (strange >= 0) return { path: `${path}/fields/${strange}`, message: 'is no field of the category' }
  }
  return null
}
