import type { Field } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import { words } from '../../../view/words.ts'
import { blocksPart, type RequestRead } from '../request-words.ts'

/** Which fields of the person's record, where any were asked for: each with what no permission would cure. */
export const recordFields = ({ records, blocks }: RequestRead, names: ReadonlyMap<string, string>): readonly Field[] =>
  records.length === 0
    ? []
    : [
        {
          name: 'records',
          label: 'If a part: which fields of the record?',
          kind: 'checkboxes',
          optional: true,
          options: records.flatMap(({ category, supplierAgencyId, fields }) =>
            fields.map((field) => {
              const part = { category, supplierAgencyId }
              const block = blocks.find((one) => blocksPart(one, part) && (one.field === undefined || one.field === field))
              const text = `${words(category)}: ${words(field).toLowerCase()}, from ${names.get(supplierAgencyId) ?? supplierAgencyId}`
              const value = `${category} ${supplierAgencyId} ${field}`
              return { value, text, ...(block === undefined ? {} : { hint: `No permission makes this leave: ${block.says}` }) }
            }),
          ),
        },
      ]

/** What was ticked, as the decision names it; null: nothing. */
export const recordsIn = (form: Form): readonly object[] | null => {
  const parts = new Map<string, { readonly category: string; readonly supplierAgencyId: string; readonly fields: string[] }>()
  for (const value of form.all('records')) {
    const [category = '', supplierAgencyId = '', field = ''] = value.split(' ')
    const key = `${category} ${supplierAgencyId}`
    const part = parts.get(key) ?? { category, supplierAgencyId, fields: [] }
    part.fields.push(field)
    parts.set(key, part)
  }
  return parts.size === 0 ? null : [...parts.values()]
}
