import type { AgreementTerms, Grant } from '../../../../../core/snapshot.ts'
import { ageBands, categories, cohorts, legalGateways, purposes, sensitiveConditions } from '../../../../../core/vocabulary.ts'
import { dayIn, type Field, options } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import { agencyOptions } from '../../../view/agency-options.ts'
import { words } from '../../../view/words.ts'

const dayHint = 'For example, 27 3 2027'
const at = (name: string) => ({ name, pointer: `/terms/${name}` })

export const dayFields: readonly Field[] = [
  { ...at('inForceFrom'), label: 'In force from', hint: dayHint, kind: 'day' },
  {
    ...at('inForceTo'),
    label: 'Last day in force',
    hint: `Left empty, it ends when it is terminated. ${dayHint}`,
    kind: 'day',
    optional: true,
  },
  { ...at('reviewOn'), label: 'Review due on', hint: dayHint, kind: 'day' },
]

export const termsFields = (names: ReadonlyMap<string, string>): readonly Field[] => [
  { ...at('title'), label: 'Title', kind: 'text' },
  { ...at('parties'), label: 'Parties', kind: 'checkboxes', columns: true, options: agencyOptions(names) },
  ...dayFields,
  {
    ...at('reviewGraceDays'),
    label: 'Days after the review date on which it still counts',
    hint: 'Left empty: as many as the policy in force gives.',
    kind: 'text',
    optional: true,
  },
]

/** The boxes of a day that stands. */
const boxes = (name: string, day: string | null): Form['values'] => {
  const [year = '', month = '', date = ''] = day?.split('-') ?? []
  return { [`${name}-year`]: year, [`${name}-month`]: month.replace(/^0/, ''), [`${name}-day`]: date.replace(/^0/, '') }
}

export const dayValues = (terms: Pick<AgreementTerms, 'inForceFrom' | 'inForceTo' | 'reviewOn'>): Form['values'] => ({
  ...boxes('inForceFrom', terms.inForceFrom),
  ...boxes('inForceTo', terms.inForceTo),
  ...boxes('reviewOn', terms.reviewOn),
})

export const termsValues = (terms: AgreementTerms): Form['values'] => ({
  ...dayValues(terms),
  ...{ title: terms.title, parties: terms.parties },
  reviewGraceDays: terms.reviewGraceDays === null ? '' : String(terms.reviewGraceDays),
})

export const daysTyped = (form: Form) => ({
  inForceFrom: dayIn(form, 'inForceFrom') ?? '',
  inForceTo: dayIn(form, 'inForceTo'),
  reviewOn: dayIn(form, 'reviewOn') ?? '',
})

const numberTyped = (text: string): unknown => (text === '' ? null : /^\d{1,4}$/.test(text) ? Number(text) : text)

export const termsTyped = (form: Form, standing: AgreementTerms): unknown => ({
  ...standing,
  ...{ title: form.text('title'), parties: form.all('parties') },
  ...daysTyped(form),
  reviewGraceDays: numberTyped(form.text('reviewGraceDays')),
})

/** The questions about one grant, at its place among the others. */
export const grantFields = (place: number, parties: ReadonlyMap<string, string>): readonly Field[] => {
  const pointer = (name: string) => ({ name, pointer: `/terms/grants/${place}/${name}` })
  const many = (name: string, label: string, values: readonly string[]): Field => ({
    ...pointer(name),
    ...{ label, kind: 'checkboxes', columns: true, options: options(values, words) },
  })
  return [
    { ...pointer('id'), label: 'Name', hint: 'Lower-case words joined by hyphens, for example work-and-tenancy', kind: 'text' },
    { ...pointer('providers'), label: 'From', kind: 'checkboxes', columns: true, options: agencyOptions(parties) },
    { ...pointer('recipients'), label: 'To', kind: 'checkboxes', columns: true, options: agencyOptions(parties) },
    many('categories', 'What', categories),
    many('purposes', 'For', purposes),
    many('cohorts', 'About people of', cohorts),
    many('ageBands', 'Of age', ageBands),
    many('legalGateways', 'Under', legalGateways),
    {
      ...pointer('authorisingLaw'),
      label: 'The law that authorises it',
      hint: 'Where it rests on DPA 2018 s.36(4)',
      kind: 'text',
      optional: true,
    },
    { ...many('sensitiveConditions', 'Conditions for sensitive information', sensitiveConditions), optional: true },
    {
      ...pointer('onward'),
      ...{ label: 'Passing on', kind: 'radios' },
      options: [
        { value: 'none', text: 'Not at all' },
        { value: 'with-chair-permission', text: 'Only with the chair’s permission' },
      ],
    },
  ]
}

export const grantValues = (grant: Grant): Form['values'] => ({
  ...{ id: grant.id, providers: grant.providers, recipients: grant.recipients, categories: grant.categories.map(({ id }) => id) },
  ...{ purposes: grant.purposes, cohorts: grant.cohorts, ageBands: grant.ageBands, legalGateways: grant.legalGateways },
  ...{ authorisingLaw: grant.authorisingLaw ?? '', sensitiveConditions: grant.sensitiveConditions, onward: grant.onward },
})

/** The grant as typed; a category that stays keeps the fields to which it was narrowed. */
export const grantTyped = (form: Form, standing: Grant | null): unknown => {
  const law = form.text('authorisingLaw')
  return {
    id: form.text('id'),
    ...{ providers: form.all('providers'), recipients: form.all('recipients') },
    categories: form.all('categories').map((id) => standing?.categories.find((one) => one.id === id) ?? { id }),
    ...{ purposes: form.all('purposes'), cohorts: form.all('cohorts'), ageBands: form.all('ageBands') },
    legalGateways: form.all('legalGateways'),
    ...(law === '' ? {} : { authorisingLaw: law }),
    ...{ sensitiveConditions: form.all('sensitiveConditions'), onward: form.text('onward') },
  }
}
