import { errorsIn, type FormError } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { PageAnswer, PageRequest, Told } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { emptyReading, readingFields, readingIn } from '../reading.ts'
import { allFilterFields } from './filter-fields.ts'
import { describedIn } from './log-question.ts'

/** What is wrong with a question that was put to the log, at the fields it was wrong in. */
export const wrongIn = (told: Told, form: Form): readonly FormError[] => {
  const empty = emptyReading(told, form)
  return empty.length > 0 ? empty : errorsIn(told, [...readingFields, ...allFilterFields])
}

export type FoundSubject = { readonly subject: string } | { readonly errors: readonly FormError[] } | { readonly refusal: PageAnswer }

/** The person described, by id; what is wrong with the description; or the refusal. Empty where nobody was described. */
export const findSubject = async ({ form, ask }: PageRequest & { readonly form: Form }): Promise<FoundSubject> => {
  const described = describedIn(form)
  if (described === null) return { subject: form.text('subject') }
  const told = await ask('findLogSubjects', { body: { ...readingIn(form), ...described } })
  const errors = wrongIn(told, form)
  if (errors.length > 0) return { errors }
  if (told.status !== 200) return { refusal: refused(told) }
  const subjects = told.body['subjects'] as readonly string[]
  if (subjects.length === 1) return { subject: subjects[0]! }
  const name = 'name' in described ? 'familyName' : 'value'
  const text =
    subjects.length === 0
      ? 'Nobody of exactly this description is known to you. Check the spelling, the number and the date.'
      : 'More than one person is described like this. Give a number.'
  return { errors: [{ name, href: `#${name}`, text }] }
}
