import { type Field, type FormError, given } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { PageAnswer, Told } from '../../page.ts'

/** DPA 2018 s.62(4): "The logs ... may be used only for one or more of the following purposes". */
export const readingFields: readonly Field[] = [
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
  { name: 'justification', label: 'Why do you read it?', hint: 'In your own words. It is kept in the access log.', kind: 'long' },
]

/** What every reading of the log says of itself, as it was typed. */
export const readingIn = (form: Form) => given({ purpose: form.text('purpose'), justification: form.text('justification') })

/** Refused for want of a purpose or a reason: the answers that were left empty are where it was wrong. */
export const emptyReading = (told: Told, form: Form): readonly FormError[] =>
  told.status !== 422 || told.body['code'] !== 'log-purpose'
    ? []
    : readingFields
        .filter(({ name }) => form.text(name) === '')
        .map(({ name, label, kind }) => ({ name, href: `#${name}`, text: `${kind === 'radios' ? 'Choose' : 'Enter'} an answer: ${label}` }))

export interface Why {
  /** What the page will show, said before it is asked for. */
  readonly says: string
  readonly button: string
  readonly fields?: readonly Field[]
}

/** The form that asks why before anything of the log is shown. */
export const whyForm = ({ says, button, fields = [] }: Why, values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'log/why.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { says, button, reading: readingFields, fields, values, errors },
})
