import { capacityBases, categories, type CapacityBasis, purposes } from '../../../../../core/vocabulary.ts'
import type { Answered } from '../../../act/make-act.ts'
import { type Field, options } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import { words } from '../../../view/words.ts'

export const kinds = [
  { value: 'given', text: 'They agree' },
  { value: 'refused', text: 'They refuse' },
  { value: 'withdrawn', text: 'They take back what they agreed to' },
  { value: 'sought', text: 'They were asked and have not answered' },
  { value: 'no-capacity', text: 'They cannot decide: they lack the capacity (Mental Capacity Act 2005)' },
] as const

const basisWords: Readonly<Record<CapacityBasis, string>> = {
  'adult-presumed': 'An adult, whose capacity is presumed',
  'young-16-17': '16 or 17, whose capacity is presumed',
  gillick: 'Under 16 and Gillick competent',
  parental: 'Somebody with parental responsibility answered for a child under 16',
  'mca-assessed-lacks': 'Assessed as lacking the capacity',
}

const all = 'Leave all empty where they spoke of everything.'
const hidden = (name: string): Field => ({ name, label: name, kind: 'hidden' })

const scopeFields = (agencies: ReadonlyMap<string, string>): readonly Field[] => [
  {
    ...{ name: 'categories', label: 'About which information?', hint: all, kind: 'checkboxes', optional: true, columns: true },
    ...{ pointer: '/scope/categories', options: options(categories, words) },
  },
  {
    ...{ name: 'recipients', label: 'About sharing with whom?', hint: all, kind: 'checkboxes', optional: true, columns: true },
    ...{ pointer: '/scope/recipients', options: [...agencies].map(([value, text]) => ({ value, text })) },
  },
  {
    ...{ name: 'purposes', label: 'About sharing for what?', hint: all, kind: 'checkboxes', optional: true, columns: true },
    ...{ pointer: '/scope/purposes', options: options(purposes, words) },
  },
]

/** All that is recorded of what somebody said, and, unseen, whom it is about and why the person was looked up. */
export const consentFields = (agencies: ReadonlyMap<string, string>): readonly Field[] => [
  ...[hidden('offenderId'), hidden('purpose'), hidden('legalGateway'), hidden('bestInterestsNote'), hidden('openedAt')],
  { name: 'kind', label: 'What do they say?', kind: 'radios', options: kinds },
  ...scopeFields(agencies),
  {
    ...{ name: 'capacityBasis', label: 'Who answered, and could they?', kind: 'radios', optional: true },
    ...{ hint: 'Needed where they agree.', options: options(capacityBases, (basis) => basisWords[basis as CapacityBasis]) },
  },
  {
    ...{ name: 'evidence', label: 'Where are their own words or signature kept?', kind: 'long', optional: true },
    hint: 'Needed where they agree: consent has to be shown (DPA 2018 s.40A).',
  },
  { name: 'happenedOn', label: 'On which day did they say it?', hint: 'For example, 27 3 2026', kind: 'day', pointer: '/happenedAt' },
  {
    ...{ name: 'happenedTime', label: 'At what time, if you know it?', kind: 'text', optional: true, pointer: '/happenedAt' },
    hint: 'For example, 14:30. Of two answers the later one counts.',
  },
  {
    ...{ name: 'expiresOn', label: 'Where they agree: until which day?', kind: 'day', optional: true, pointer: '/expiresAt' },
    hint: 'The last day on which it holds. Left empty, it holds until they say otherwise.',
  },
  { name: 'justification', label: 'Why do you record it?', hint: 'In your own words. It is kept in the access log.', kind: 'long' },
]

const saysOf = (field: Field, form: Form): string => {
  const chosen = form.all(field.name)
  if (chosen.length === 0) return 'Everything'
  return chosen.map((value) => field.options?.find((option) => option.value === value)?.text ?? value).join(', ')
}

/** Of what was left open it is read back that it means everything. */
export const readBack = (fields: readonly Field[], form: Form, typed: readonly Answered[]): readonly Answered[] => {
  const scope = new Map(fields.filter(({ pointer }) => String(pointer).startsWith('/scope/')).map((field) => [field.label, field]))
  return typed.map((one) => {
    const field = scope.get(one.label)
    return field === undefined ? one : { label: one.label, text: saysOf(field, form) }
  })
}
