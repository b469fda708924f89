import type { Field, FormError } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import { dayWords, words } from '../../../view/words.ts'

/** A paragraph that the officer has read as it stands now. */
interface ReadParagraph {
  readonly conferenceId: string
  readonly paragraphId: string
  readonly number: number
  readonly form: string
  readonly kind: string
  readonly areaId: string
  readonly heldOn: string
}

export interface Decidable {
  readonly paragraphs?: readonly ReadParagraph[]
  readonly decisions?: readonly { readonly paragraphId: string | null; readonly outcome: string }[]
}

const whole = 'whole'

/** What is decided on: the answer as a whole, or one of the paragraphs that this officer may decide on, each with what it was decided on. */
export const paragraphField = ({ paragraphs = [], decisions = [] }: Decidable): Field => ({
  name: 'paragraph',
  label: 'Of what do you decide?',
  hint: 'A paragraph stands here once you have read it, as it stands now, at the record of its meeting.',
  kind: 'select',
  pointer: '/paragraph',
  options: [
    { value: whole, text: 'The answer as a whole' },
    ...paragraphs.map((one) => {
      const decided = decisions.find(({ paragraphId }) => paragraphId === one.paragraphId)
      const meeting = `${words(one.areaId)} ${words(one.kind).toLowerCase()} of ${dayWords(one.heldOn)}`
      return {
        value: `${one.conferenceId} ${one.paragraphId}`,
        text: `Paragraph ${one.number} of the ${words(one.form).toLowerCase()}, ${meeting}${decided === undefined ? '' : `: ${words(decided.outcome).toLowerCase()}`}`,
      }
    }),
  ],
})

/** One that is not offered would look as if nothing had been chosen, which is not the answer as a whole. */
export const notOffered = (form: Form, { options = [], name, label }: Field): readonly FormError[] =>
  options.some(({ value }) => value === form.text(name)) ? [] : [{ name, href: `#${name}`, text: `Choose an answer: ${label}` }]

export const paragraphIn = (form: Form): object | null => {
  const [conferenceId = '', paragraphId = ''] = form.text('paragraph').split(' ')
  return conferenceId === '' || conferenceId === whole ? null : { conferenceId, paragraphId }
}
