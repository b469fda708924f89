import { errorsIn, type Field, type FormError, given } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { Page, PageAnswer } from '../../page.ts'
import { refused } from '../../refused.ts'

/** DPA 2018 s.62(4): "The logs ... may be used only for one or more of the following purposes". */
const fields: readonly Field[] = [
  { name: 'entryId', label: 'Which entry?', hint: 'Its id stands on every page and in every answer.', kind: 'text' },
  {
    name: 'purpose',
    label: 'What is the reading for?',
    kind: 'radios',
    options: [
      { value: 'self-monitoring', text: 'My agency monitors its own work' },
      { value: 'lawfulness', text: 'Verifying that the processing was lawful' },
      { value: 'integrity', text: 'Ensuring the integrity and security of the data' },
      { value: 'criminal-proceedings', text: 'Criminal proceedings' },
    ],
  },
  { name: 'justification', label: 'Why do you read it?', kind: 'long' },
]

/** One entry of the access log, explained stage by stage, with the proof that it stands there. The reading is an entry of its own. */
export const logEntry: Page = {
  path: '/console/log',
  title: 'Read an entry of the access log',
  section: 'log',
  roles: [],
  offers: 'Why something was released or refused, stage by stage, and the proof that the entry is in the log.',
  open: () => Promise.resolve(entryForm({}, [])),
  submit: async ({ form, ask }) => {
    if (form.text('_step') !== 'read') return entryForm(form.values, [])
    const params = { entryId: form.text('entryId') }
    const told = await ask('readEntry', {
      params,
      body: given({ purpose: form.text('purpose'), justification: form.text('justification') }),
    })
    const errors = errorsIn(told, fields)
    if (errors.length > 0) return entryForm(form.values, errors)
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

const entryForm = (values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'log/entry-form.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { fields, values, errors },
})
