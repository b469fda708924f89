import { given } from '../../../act/fields.ts'
import { makeAct, type Prepared } from '../../../act/make-act.ts'
import type { PageRequest } from '../../../page.ts'
import { words } from '../../../view/words.ts'
import { readingIn } from '../../log/reading.ts'
import { publishers } from '../policies.ts'
import { expectedField, expectedIn, nameField } from './expected.ts'
import { backToTests } from './tests.ts'

const carried = ['readEntryId', 'category', 'supplierAgencyId', 'purpose', 'justification', 'inForce', 'proposed'] as const

const prepare = async ({ form, agencyNames }: PageRequest): Promise<Prepared> => {
  const said = (name: string): string => form?.text(name) ?? ''
  const supplier = (await agencyNames()).get(said('supplierAgencyId'))
  return {
    fields: [
      nameField,
      expectedField([said('proposed'), said('inForce')]),
      ...carried.map((name) => ({ name, label: '', kind: 'hidden' as const })),
    ],
    data: { about: `${words(said('category'))}${supplier === undefined ? '' : `, ${supplier}`}`, marking: 'official-sensitive' },
  }
}

/** One line of an entry that was tried, kept with what should be decided of it. */
export const saveFromEntry = makeAct({
  path: '/console/policies/tests/from-entry',
  title: 'Save what was tried as a test',
  section: 'policies',
  roles: publishers,
  openedFrom: backToTests.href,
  operationId: 'savePolicyTest',
  says: 'Rules that are proposed will be held to this case before they are published. Of the entry nothing is kept but its id, and your reading of it is written to the log again.',
  fields: prepare,
  view: 'policies/tests/from-entry.njk',
  button: 'Save the test',
  binds: false,
  request: (form) => ({
    body: {
      ...given({ ...readingIn(form), name: form.text('name'), category: form.text('category') }),
      ...given({ readEntryId: form.text('readEntryId'), supplierAgencyId: form.text('supplierAgencyId') }),
      expects: expectedIn(form),
    },
  }),
  done: (_told, form) => `The test “${form.text('name')}” is saved.`,
  back: backToTests,
})
