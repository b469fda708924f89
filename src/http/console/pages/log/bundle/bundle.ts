import type { Field, FormError } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { Page, PageAnswer } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { logReaders } from '../explore/explore.ts'
import { filterFields } from '../explore/filter-fields.ts'
import { findSubject, wrongIn } from '../explore/find-subject.ts'
import { filterIn } from '../explore/log-question.ts'
import { readingFields, readingIn } from '../reading.ts'
import { asking, bundleOf, exportParts } from './make-bundle.ts'

const leaveOutField: Field = {
  name: 'leaveOut',
  label: 'What is left out of the copy?',
  hint: 'The proof holds all the same.',
  kind: 'checkboxes',
  optional: true,
  options: [
    { value: 'justification', text: 'Reasons in people’s own words' },
    { value: 'staff', text: 'Who asked, by name' },
    { value: 'person', text: 'Whom it was about' },
  ],
}

/**
 * What the Commissioner, a court or a person's own file is given of the log: which days, about whom, what is left out and why it is
 * needed, all on one page; then one file with the entries, what they are, and what proves them.
 */
export const logBundle: Page = {
  path: '/console/log/bundle',
  title: 'Entries of the log for somebody outside',
  section: 'log',
  roles: logReaders,
  offers: 'For the Commissioner, a court or a request: entries with their manifest and their proof, in one file.',
  open: () => Promise.resolve(bundleForm({ period: 'month' }, [])),
  submit: async (request) => {
    const { form, ask, session } = request
    const who = await findSubject(request)
    if ('errors' in who) return bundleForm(form.values, who.errors)
    if ('refusal' in who) return who.refusal
    const filter = { ...filterIn(form, session.at), ...(who.subject === '' ? {} : { subject: who.subject }) }
    const exported = await exportParts(asking(ask, { ...readingIn(form), filter, leaveOut: form.all('leaveOut') }))
    if ('refusal' in exported) {
      const errors = wrongIn(exported.refusal, form)
      return errors.length > 0 ? bundleForm(form.values, errors) : refused(exported.refusal)
    }
    if (exported.entries === 0) return bundleForm(form.values, [nothingFound])
    const name = `access-log-${exported.entryIds[0]!}${exported.more ? '-part' : ''}.zip`
    return { file: { name, mediaType: 'application/zip', content: await bundleOf(exported) } }
  },
}

const nothingFound: FormError = {
  name: 'period',
  href: '#period',
  text: 'No entry that you may see fits. Choose other days, or wait a moment for what was just written.',
}

const bundleForm = (values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'log/bundle/bundle.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { reading: readingFields, whom: filterFields.whom, when: filterFields.when, leaveOut: leaveOutField, values, errors },
})
