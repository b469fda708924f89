import { errorsIn, type Field } from '../../act/fields.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { logReaders } from '../log/explore/explore.ts'
import { emptyReading, readingFields, readingIn, whyForm } from '../log/reading.ts'
import { given } from '../../act/fields.ts'

const fields: readonly Field[] = [
  {
    ...{ name: 'state', label: 'Which?', kind: 'radios' },
    options: [
      { value: 'open', text: 'Nobody has looked at them yet' },
      { value: 'query', text: 'Somebody has a question' },
      { value: 'justified', text: 'Decided: justified' },
      { value: 'breach', text: 'Decided: a breach' },
      { value: '', text: 'All' },
    ],
  },
]
const why = {
  says: 'What the rules, and chance, put before a reviewer. A flag is a question, not a finding.',
  button: 'Show the flags',
  fields,
}

/** What is worth a second look, the highest rank first. */
export const flags: Page = {
  path: '/console/log/flags',
  title: 'Flags and random sample',
  section: 'log',
  roles: logReaders,
  offers: 'What is worth a second look: why, on which entries, and what reviewers decided.',
  open: () => Promise.resolve(whyForm(why, { state: 'open' }, [])),
  submit: async ({ form, ask }) => {
    const { state, cursor } = { state: form.text('state'), cursor: form.text('cursor') }
    const told = await ask('searchFlags', { body: { ...readingIn(form), ...given({ state, cursor }), limit: 25 } })
    const empty = emptyReading(told, form)
    const errors = empty.length > 0 ? empty : errorsIn(told, [...readingFields, ...fields])
    if (errors.length > 0) return whyForm(why, form.values, errors)
    if (told.status !== 200) return refused(told)
    return {
      view: 'review/flags.njk',
      data: { found: told.body, reading: readingIn(form), state, entryId: told.entryId, marking: 'official-sensitive' },
    }
  },
}
