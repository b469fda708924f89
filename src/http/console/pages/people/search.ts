import { identifierKinds } from '../../../../core/vocabulary.ts'
import { dayIn, errorsIn, type Field, type FormError, given, options } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { Page, PageAnswer } from '../../page.ts'
import { refused } from '../../refused.ts'
import { words } from '../../view/words.ts'
import { childField, emptyReasons, reasonFields } from './reasons-asked.ts'

const byFields: readonly Field[] = [
  {
    name: 'by',
    label: 'How do you look for the person?',
    kind: 'radios',
    pointer: '',
    options: [
      { value: 'name', text: 'By name' },
      { value: 'identifier', text: 'By a number' },
      { value: 'own-area', text: 'In the cohort of my area' },
      { value: 'admitted', text: 'Among those admitted to my establishment' },
    ],
  },
]
const nameFields: readonly Field[] = [
  { name: 'givenName', label: 'First name', kind: 'text', pointer: '/name/givenName' },
  { name: 'familyName', label: 'Last name', kind: 'text', pointer: '/name/familyName' },
  { name: 'bornOn', label: 'Date of birth', kind: 'day', optional: true, pointer: '/name/bornOn', hint: 'For example, 27 3 1989' },
]
const numberFields: readonly Field[] = [
  { name: 'kind', label: 'Which number?', kind: 'select', options: options(identifierKinds, words), pointer: '/identifier/kind' },
  { name: 'value', label: 'The number', kind: 'text', pointer: '/identifier/value' },
]
const fields = { reasons: [...reasonFields, childField], by: byFields, name: nameFields, number: numberFields }
const all = [...fields.reasons, ...byFields, ...nameFields, ...numberFields]

/** First why, then who: a search is decided and logged like any other, one line for each person it returns. */
export const search: Page = {
  path: '/console/people',
  title: 'Find a person',
  section: 'people',
  roles: [],
  offers: 'Find somebody your agency works with, and ask what partners hold about them.',
  open: () => Promise.resolve(searchForm({}, [])),
  submit: async ({ form, ask }) => {
    const told = await ask('search', { body: searchBody(form) })
    const errors = told.body['code'] === 'request-incomplete' ? emptyReasons(form.text) : errorsIn(told, all)
    if (errors.length > 0) return searchForm(form.values, errors)
    if (told.status !== 200) return refused(told)
    const { purpose, legalGateway, justification, bestInterestsNote } = form.values
    const carried = { purpose, legalGateway, justification, bestInterestsNote }
    return {
      view: 'people/found.njk',
      title: 'People found',
      data: { found: told.body, entryId: told.entryId, carried, marking: 'official-sensitive' },
    }
  },
}

const searchForm = (values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'people/search.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { fields, values, errors },
})

const searchBody = (form: Form): object => {
  const by = form.text('by')
  const reasons = Object.fromEntries(fields.reasons.map(({ name }) => [name, form.text(name)]))
  const where = {
    name: { name: given({ givenName: form.text('givenName'), familyName: form.text('familyName'), bornOn: dayIn(form, 'bornOn') }) },
    identifier: { identifier: given({ kind: form.text('kind'), value: form.text('value') }) },
    'own-area': { list: 'own-area' },
    admitted: { list: 'admitted' },
  }
  return { ...given(reasons), ...(Object.hasOwn(where, by) ? where[by as keyof typeof where] : {}) }
}
