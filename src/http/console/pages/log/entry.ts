import { errorsIn, type Field, type FormError } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { Page, PageAnswer, PageRequest } from '../../page.ts'
import { refused } from '../../refused.ts'
import { readingFields, readingIn } from './reading.ts'

const fields: readonly Field[] = [
  { name: 'entryId', label: 'Which entry?', hint: 'Its id stands on every page and in every answer.', kind: 'text' },
  ...readingFields,
]

/** One entry of the access log, explained stage by stage, with the proof that it stands there. The reading is an entry of its own. */
export const logEntry: Page = {
  path: '/console/log',
  title: 'Read an entry of the access log',
  section: 'log',
  roles: [],
  offers: 'Why something was released or refused, stage by stage, and the proof that the entry is in the log.',
  open: ({ offers }) => Promise.resolve(entryForm({}, [], offers)),
  submit: async ({ form, ask, offers }) => {
    if (form.text('_step') !== 'read') return entryForm(form.values, [], offers)
    const params = { entryId: form.text('entryId') }
    const told = await ask('readEntry', {
      params,
      body: readingIn(form),
    })
    const errors = errorsIn(told, fields)
    if (errors.length > 0) return entryForm(form.values, errors, offers)
    if (told.status !== 200) return refused(told)
    const proof = await ask('proveEntry', { params, body: {} })
    return {
      view: 'log/entry.njk',
      title: 'An entry of the access log',
      data: {
        entry: told.body['entry'],
        entryId: told.entryId,
        proof: proof.status === 200 ? proof.body : null,
        marking: 'official-sensitive',
      },
    }
  },
}

const entryForm = (values: Form['values'], errors: readonly FormError[], offers: PageRequest['offers']): PageAnswer => ({
  view: 'log/entry-form.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { fields, values, errors, offers: offers.filter(({ path }) => path.startsWith('/console/log/')) },
})
