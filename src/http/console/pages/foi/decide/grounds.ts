import { dayIn, type Field, given } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import { words } from '../../../view/words.ts'

interface Worded {
  readonly id: string
  readonly words: string
}

/** What an officer chooses from, as the rules in force have it. */
export interface Offered {
  readonly offered?: readonly { readonly id: string; readonly clause: string; readonly test: string; readonly basis: string }[]
  readonly principles?: readonly Worded[]
  readonly factors?: { readonly maintaining: readonly Worded[]; readonly disclosing: readonly Worded[] }
}

/** As many as a decision may rest on. */
const MOST_GROUNDS = 9

const asOptions = (given: readonly Worded[] = []) => given.map(({ id, words: text }) => ({ value: id, text }))

/** The first exemption's questions have plain names, so that the address of a form can fill them in. */
const nameAt = (name: string, place: number): string => (place === 0 ? name : `${name}-${place + 1}`)

const filledPlaces = (form: Form | null): readonly number[] =>
  form === null
    ? []
    : Array.from({ length: MOST_GROUNDS }, (_, place) => place).filter((place) => form.text(nameAt('exemption', place)) !== '')

/** As many exemptions as were chosen, one at least, and one more when another was asked for. */
const placesAsked = (form: Form | null): number => {
  const filled = filledPlaces(form)
  const more = form?.text('_step') === 'more' ? 1 : 0
  return Math.min(MOST_GROUNDS, Math.max(1, (filled.at(-1) ?? -1) + 1 + more))
}

/** The questions about one exemption. In the request those that were left empty have no place. */
const questions = (file: Offered, place: number, sent: number): readonly Field[] => {
  const many = place === 0 ? '' : `Exemption ${place + 1}: `
  const label = (text: string): string => (many === '' ? text : `${many}${text.charAt(0).toLowerCase()}${text.slice(1)}`)
  const at = (name: string, text: string, pointer: string): Omit<Field, 'kind'> => ({
    ...{ name: nameAt(name, place), label: label(text), optional: true },
    pointer: sent < 0 ? [] : `/grounds/${sent}/${pointer}`,
  })
  return [
    {
      ...at('exemption', 'On which exemption?', 'exemption'),
      ...{ kind: 'select', hint: 'Where something is withheld, or neither confirmed nor denied' },
      options: (file.offered ?? []).map(({ id, clause, test }) => ({ value: id, text: `${clause} (${test})` })),
      ...(place === 0 ? { pointer: ['/grounds', ...(sent < 0 ? [] : [`/grounds/${sent}/exemption`])] } : {}),
    },
    {
      ...at('condition', 'Of personal data (s.40(2)): which condition?', 'condition'),
      ...{ kind: 'select', options: ['first', 'second', 'third'].map((value) => ({ value, text: words(value) })) },
    },
    { ...at('principle', 'Which data protection principle?', 'principle'), kind: 'select', options: asOptions(file.principles) },
    {
      ...at('likelihood', 'How sure is the harm?', 'likelihood'),
      ...{ kind: 'select', options: ['would', 'would-be-likely'].map((value) => ({ value, text: words(value) })) },
    },
    {
      ...at('defence', 'Of what was given in confidence (s.41)', 'defenceWeighed'),
      ...{ kind: 'checkboxes', options: [{ value: 'yes', text: 'The defence of public interest was weighed' }] },
    },
    {
      ...at('hush', 'Of the notice (s.17(4))', 'whyWouldReveal'),
      ...{ kind: 'checkboxes', options: [{ value: 'yes', text: 'To say why would itself reveal what is exempt, so it is left out' }] },
    },
    ...interest(file, at),
  ]
}

const interest = ({ factors }: Offered, at: (name: string, text: string, pointer: string) => Omit<Field, 'kind'>): readonly Field[] => [
  {
    ...at('interest', 'The public interest', 'publicInterest'),
    ...{ kind: 'select', hint: 'Where the exemption is qualified' },
    options: [
      { value: 'maintained', text: 'Favours withholding' },
      { value: 'undecided', text: 'Still being weighed' },
    ],
  },
  { ...at('maintaining', 'For withholding', 'publicInterest/maintaining'), kind: 'checkboxes', options: asOptions(factors?.maintaining) },
  { ...at('disclosing', 'For disclosing', 'publicInterest/disclosing'), kind: 'checkboxes', options: asOptions(factors?.disclosing) },
  { ...at('estimateOn', 'Decided by', 'publicInterest/estimateOn'), kind: 'day', hint: 'Where it is still being weighed' },
]

/** The questions about every exemption; whether there may be one more. */
export const groundFields = (file: Offered, form: Form | null): { readonly fields: readonly Field[]; readonly another: boolean } => {
  const filled = filledPlaces(form)
  const places = placesAsked(form)
  const fields = Array.from({ length: places }, (_, place) => questions(file, place, filled.indexOf(place)))
  return { fields: fields.flat(), another: places < MOST_GROUNDS }
}

/** The exemptions that were chosen, each with what it asks to be said; null where there is none. */
export const groundsIn = (form: Form): readonly object[] | null => {
  const grounds = filledPlaces(form).map((place) => groundIn(form, (name) => nameAt(name, place)))
  return grounds.length === 0 ? null : grounds
}

const groundIn = (form: Form, at: (name: string) => string): object => {
  const decision = form.text(at('interest'))
  const weighed = given({
    decision,
    maintaining: form.all(at('maintaining')),
    disclosing: form.all(at('disclosing')),
    estimateOn: dayIn(form, at('estimateOn')),
  })
  return {
    ...given({
      exemption: form.text(at('exemption')),
      condition: form.text(at('condition')),
      principle: form.text(at('principle')),
      likelihood: form.text(at('likelihood')),
    }),
    ...(form.text(at('defence')) === 'yes' ? { defenceWeighed: true } : {}),
    ...(form.text(at('hush')) === 'yes' ? { whyWouldReveal: true } : {}),
    ...(decision === '' ? {} : { publicInterest: weighed }),
  }
}
