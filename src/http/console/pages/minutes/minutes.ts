import { markings } from '../../../../core/vocabulary.ts'
import { paperForms } from '../../../../core/case-vocabulary.ts'
import { errorsIn, type Field, type FormError, given, options } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { Page, PageAnswer, PageRequest, Told } from '../../page.ts'
import { refused } from '../../refused.ts'
import { words } from '../../view/words.ts'
import { asksForPaper, mannerField } from './manner.ts'
import { childField, emptyReasons, reasonFields } from '../people/reasons-asked.ts'

const fields: readonly Field[] = [
  { name: 'form', label: 'Which papers?', kind: 'radios', options: options(paperForms, words) },
  ...reasonFields,
  childField,
  mannerField,
]

/** The papers of one meeting, paragraph by paragraph, each reading decided and logged as over the interface. */
export const minutes: Page = {
  path: '/console/conferences/:conferenceId/minutes',
  title: 'Read the minutes',
  section: 'conferences',
  roles: [],
  open: (request) => Promise.resolve(readingForm(request, { form: 'minutes', manner: 'view' }, [])),
  submit: async (request) => {
    const { form, ask } = request
    const body = given(Object.fromEntries(fields.map(({ name }) => [name, form.text(name)])))
    const told = await ask('readMinutes', { params: conferenceOf(request), body })
    const errors = told.body['code'] === 'request-incomplete' ? emptyReasons(form.text) : errorsIn(told, fields)
    if (errors.length > 0) return readingForm(request, form.values, errors)
    return told.status === 200 ? minutesView(request, told) : refused(told)
  },
}

const conferenceOf = ({ params }: PageRequest) => ({ conferenceId: params['conferenceId'] ?? '' })

const readingForm = (request: PageRequest, values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'minutes/reading-form.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { ...conferenceOf(request), fields, values, errors },
})

const rank = (marking: string): number => markings.findIndex((one) => one === marking)

const minutesView = (request: PageRequest & { readonly form: Form }, told: Told): PageAnswer => {
  const paragraphs = told.body['paragraphs'] as readonly { readonly marking: string; readonly obligations: readonly string[] }[]
  const common = (paragraphs[0]?.obligations ?? []).filter((duty) => paragraphs.every(({ obligations }) => obligations.includes(duty)))
  const highest = paragraphs.reduce((high, { marking }) => (rank(marking) > rank(high) ? marking : high), 'official-sensitive')
  return {
    view: 'minutes/minutes.njk',
    title: words(request.form.text('form')),
    data: {
      ...{ ...conferenceOf(request), papers: told.body, entryId: told.entryId, marking: highest },
      // What is asked with every paragraph is said once.
      ...{ common, paragraphs: paragraphs.map((one) => ({ ...one, own: one.obligations.filter((duty) => !common.includes(duty)) })) },
      onPaper: asksForPaper(request.form),
    },
  }
}
