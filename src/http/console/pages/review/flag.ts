import { errorsIn } from '../../act/fields.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { logReaders } from '../log/explore/explore.ts'
import { emptyReading, readingFields, readingIn, whyForm } from '../log/reading.ts'

const why = { says: 'One flag: why it was raised, what was looked at, and what reviewers said.', button: 'Show the flag' }

/** One flag, with the entries it rests on and what was decided so far. */
export const flag: Page = {
  path: '/console/log/flags/:flagId',
  title: 'A flag',
  section: 'log',
  roles: logReaders,
  open: () => Promise.resolve(whyForm(why, {}, [])),
  submit: async ({ form, ask, params }) => {
    const told = await ask('readFlag', { params: { flagId: params['flagId'] ?? '' }, body: readingIn(form) })
    const empty = emptyReading(told, form)
    const errors = empty.length > 0 ? empty : errorsIn(told, readingFields)
    if (errors.length > 0) return whyForm(why, form.values, errors)
    if (told.status !== 200) return refused(told)
    return {
      view: 'review/flag.njk',
      data: { read: told.body, reading: readingIn(form), entryId: told.entryId, marking: 'official-sensitive' },
    }
  },
}
