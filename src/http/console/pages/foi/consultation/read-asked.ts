import { randomUUID } from 'node:crypto'
import { errorsIn, type Field, type FormError, given } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { childField, emptyReasons, reasonFields } from '../../people/reasons-asked.ts'
import { answerFields } from './answer-fields.ts'

export interface Consultation {
  readonly paragraphId: string
  readonly form: string
  /** Null: a meeting that the person may not know of. */
  readonly conferenceId: string | null
  readonly view: string | null
}

const fields: readonly Field[] = [...reasonFields, childField]

/**
 * The paragraph that an agency is asked about, read like any paper: decided for this person, watermarked and logged. That the agency was
 * asked opens nothing.
 */
export const readAsked = async (
  { form, ask }: PageRequest & { readonly form: Form },
  { paragraphId, form: paper, conferenceId }: Consultation,
): Promise<PageAnswer> => {
  if (conferenceId === null || form.text('_step') === 'why') return whyForm(paragraphId, form, [])
  const reasons = given(Object.fromEntries(fields.map(({ name }) => [name, form.text(name)])))
  const told = await ask('readMinutes', {
    params: { conferenceId },
    body: { form: paper, paragraphIds: [paragraphId], manner: 'view', ...reasons },
  })
  const errors = told.body['code'] === 'request-incomplete' ? emptyReasons(form.text) : errorsIn(told, fields)
  if (errors.length > 0) return whyForm(paragraphId, form, errors)
  if (told.status !== 200) return refused(told)
  const [paragraph = null] = told.body['paragraphs'] as readonly { readonly marking: string }[]
  return {
    view: 'foi/consultation/paragraph.njk',
    title: 'The paragraph that is asked for',
    data: {
      ...{ papers: told.body, paragraph, marking: paragraph?.marking ?? 'official-sensitive', entryId: told.entryId },
      ...{ fields: answerFields, values: { paragraphId }, key: randomUUID() },
    },
  }
}

const whyForm = (paragraphId: string, { values }: Form, errors: readonly FormError[]): PageAnswer => ({
  view: 'foi/consultation/why.njk',
  title: 'Read the paragraph that is asked for',
  status: errors.length > 0 ? 422 : 200,
  data: { fields, values, errors, paragraphId },
})
