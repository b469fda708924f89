import type { Form } from '../../doors/read-form.ts'
import { errorsIn, type Field, type FormError, given } from '../../act/fields.ts'
import type { Page, PageAnswer, PageRequest, Told } from '../../page.ts'
import { refused } from '../../refused.ts'
import { words } from '../../view/words.ts'
import { childField, emptyReasons, reasonFields } from './reasons-asked.ts'
import { recordView } from './record-view.ts'

interface AccessRow {
  readonly category: string
  readonly purpose: string
  readonly may: boolean
}

/** A person's record: what is asked, then what was released and what was not, with its reasons. Opened by a form, so that no address names anybody. */
export const record: Page = {
  path: '/console/people/record',
  title: 'What do you need to know?',
  section: 'people',
  roles: [],
  open: () => Promise.resolve({ to: '/console/people' }),
  submit: async (request) => {
    const { form, ask } = request
    if (form.text('_step') !== 'ask') return chooseView(request, [])
    const told = await ask('enquire', { body: enquiryBody(form) })
    const errors = errorsOf(told, form)
    if (errors.length > 0) return chooseView(request, errors)
    return told.status === 200 ? withConsentForm(recordView(told), form) : refused(told)
  },
}

/** From what was found out about somebody to what they say of it being shared. */
const withConsentForm = (view: PageAnswer, form: Form): PageAnswer => {
  const names = ['offenderId', 'bestInterestsNote', ...reasonFields.map(({ name }) => name)]
  const carried = Object.fromEntries(names.map((name) => [name, form.text(name)]))
  return 'data' in view ? { ...view, data: { ...view.data, carried } } : view
}

const errorsOf = (told: Told, form: Form): readonly FormError[] =>
  told.body['code'] === 'request-incomplete' ? emptyReasons(form.text) : errorsIn(told, [categoriesField([]), ...reasonFields, childField])

const enquiryBody = (form: Form): object => {
  const bestInterestsNote = form.text('bestInterestsNote')
  return {
    offenderId: form.text('offenderId'),
    categories: [...new Set(form.all('categories'))].map((id) => given({ id, bestInterestsNote })),
    ...given(Object.fromEntries(reasonFields.map(({ name }) => [name, form.text(name)]))),
  }
}

const categoriesField = (categories: readonly string[]): Field => ({
  name: 'categories',
  label: 'What do you need?',
  hint: 'Ask only for what you need. These are what your agency’s agreements can cover; the person, the case and their consent are weighed when you ask.',
  kind: 'checkboxes',
  options: categories.map((value) => ({ value, text: words(value) })),
})

/** What the agreements cover for the purpose, where one is given already; else for any. */
const chooseView = async ({ form, ask }: PageRequest & { readonly form: Form }, errors: readonly FormError[]): Promise<PageAnswer> => {
  const told = await ask('myAccess')
  if (told.status !== 200) return refused(told)
  const purpose = form.text('purpose')
  const rows = (told.body['categories'] as readonly AccessRow[]).filter((row) => row.may && (purpose === '' || row.purpose === purpose))
  const categories = [...new Set(rows.map((row) => row.category))]
  const fields = [categoriesField(categories), ...reasonFields, childField]
  return {
    view: 'people/choose.njk',
    status: errors.length > 0 ? 422 : 200,
    data: { fields, none: categories.length === 0, values: form.values, offenderId: form.text('offenderId'), errors },
  }
}
