import { errorsIn, type Field, type FormError, given } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { Page, PageAnswer } from '../../page.ts'
import { refused } from '../../refused.ts'
import { drawHistory, type History } from './draw-history.ts'

const fields: readonly Field[] = [
  { name: 'offenderId', label: 'The person’s id', hint: 'As it stands in an entry of the access log', kind: 'text' },
  {
    ...{ name: 'purpose', label: 'What is it for?', kind: 'radios' },
    options: [
      { value: 'audit-ig', text: 'Judging whether what was shared was lawful at the time' },
      { value: 'rights-request', text: 'Answering what the person asks' },
    ],
  },
  { name: 'justification', label: 'Why do you need it?', hint: 'In your own words. It is kept in the access log.', kind: 'long' },
]

/** What a person said about sharing, and how strand and lead moved, as a strip and as tables. */
export const history: Page = {
  path: '/console/log/history',
  title: 'Consent and strand over time',
  section: 'log',
  roles: ['ig-officer', 'dpo'],
  offers: 'What a person said about sharing, when, and how strand and lead agency moved.',
  open: () => Promise.resolve(historyForm({}, [])),
  submit: async ({ form, ask }) => {
    if (form.text('_step') !== 'read') return historyForm(form.values, [])
    const told = await ask('readHistory', {
      params: { offenderId: form.text('offenderId') },
      body: given({ purpose: form.text('purpose'), justification: form.text('justification') }),
    })
    const empty = told.body['code'] === 'request-incomplete' ? emptyIn(form) : []
    const errors = empty.length > 0 ? empty : errorsIn(told, fields)
    if (errors.length > 0) return historyForm(form.values, errors)
    if (told.status !== 200) return refused(told)
    const read = told.body as unknown as History
    return {
      view: 'people/history.njk',
      data: { read, picture: drawHistory(read), entryId: told.entryId, marking: 'official-sensitive' },
    }
  },
}

const emptyIn = (form: Form): readonly FormError[] =>
  fields
    .filter(({ name }) => form.text(name) === '')
    .map(({ name, label, kind }) => ({ name, href: `#${name}`, text: `${kind === 'radios' ? 'Choose' : 'Enter'} an answer: ${label}` }))

const historyForm = (values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'people/history-form.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { fields, values, errors },
})
