import type { Field } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'

/** On which papers are read: what is meant for paper is asked for as such, and decided and accounted for as such (R21). */
export const mannerField: Field = {
  name: 'manner',
  label: 'How will you read them?',
  hint: 'Minutes are not photocopied without the agreement of the chair. Every print is accounted for.',
  kind: 'radios',
  options: [
    { value: 'view', text: 'On the screen' },
    { value: 'print', text: 'On paper' },
  ],
}

/** What was not asked for on paper stays off it: the page that is printed says only that. */
export const asksForPaper = (form: Form): boolean => form.text('manner') === 'print'
