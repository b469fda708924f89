import { isDay, startOfLondonDay } from '../../../core/london.ts'
import type { Form } from '../doors/read-form.ts'
import type { Told } from '../page.ts'
import { dayWords } from '../view/words.ts'

/** One question of a form. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly kind: 'text' | 'long' | 'select' | 'radios' | 'checkboxes' | 'day' | 'hidden'
  readonly options?: readonly Option[]
  readonly optional?: boolean
  /** Many short options, side by side where there is room. */
  readonly columns?: boolean
  /** Where in the request the answer goes, when not under the field's own name; several places, when one answer settles them all. */
  readonly pointer?: string | readonly string[]
}

export interface Option {
  readonly value: string
  readonly text: string
  readonly hint?: string
}

/** A sentence of the error summary, leading to the field it is about. */
export interface FormError {
  readonly text: string
  readonly href: string
  readonly name: string
}

export const options = (values: readonly string[], say: (value: string) => string): readonly Option[] =>
  values.map((value) => ({ value, text: say(value) }))

/** The day of three boxes as `YYYY-MM-DD`; null when they are empty; what was typed, when it is no day. */
export const dayIn = (form: Form, name: string): string | null => {
  const [year, month, day] = ['year', 'month', 'day'].map((part) => form.text(`${name}-${part}`))
  if (`${year!}${month!}${day!}` === '') return null
  return `${year!}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
}

/** When a London day begins, as an instant; a day that does not exist is handed on as it was typed, for the contract to refuse. */
export const dayStart = (day: string | null): string | null => (day === null || !isDay(day) ? day : startOfLondonDay(day).toISOString())

/** Leaves out what was left empty: what is missing is for the contract to say. */
export const given = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== '' && value !== null && value !== undefined))

interface ProblemBody {
  readonly code?: string
  readonly detail?: string
  readonly nextStep?: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

const cameAlong = 'Something that belongs to this form has not come along. Open it again from the page that leads to it.'

/** What was wrong, at the fields it was wrong in; empty when it was not the form that was at fault. */
export const errorsIn = (told: Pick<Told, 'status' | 'body'>, fields: readonly Field[]): readonly FormError[] => {
  const { errors = [], detail = '', nextStep } = told.body as ProblemBody
  if (told.status !== 400 && told.status !== 409 && told.status !== 412 && told.status !== 422) return []
  if (errors.length === 0) return [{ text: [detail, nextStep].filter(Boolean).join(' '), href: '#main-content', name: '' }]
  return errors.map(({ path, message }) => {
    const field = closest(fields, path)
    if (field === undefined) return { text: message, href: '#main-content', name: '' }
    // Nobody can mend what no box is for: it came along from the page that leads here.
    if (field.kind === 'hidden') return { text: cameAlong, href: '#main-content', name: '' }
    return { text: sentence(field, message), href: `#${anchorOf(field)}`, name: field.name }
  })
}

/** Of the fields that an error is about, the one that names the place most exactly. */
const closest = (fields: readonly Field[], path: string): Field | undefined => {
  const exactness = (field: Field): number => Math.max(...placesOf(field).map((place) => (isAt(place, path) ? place.length : -1)))
  const [best] = fields.filter((one) => isAbout(one, path)).toSorted((one, other) => exactness(other) - exactness(one))
  return best
}

/** Where in the request, and where in the form: each box of a day is its field's. */
const placesOf = ({ name, kind, pointer = `/${name}` }: Field): readonly string[] => [
  ...[pointer].flat(),
  ...(kind === 'day' ? ['-day', '-month', '-year'] : ['']).map((part) => `/form/${name}${part}`),
]

/** A place inside what a field gives is the field's too; a field that stands for the whole request is about nothing but that. */
const isAbout = (field: Field, path: string): boolean => placesOf(field).some((place) => isAt(place, path))

const isAt = (place: string, path: string): boolean =>
  path === place || (place !== '' && (path.startsWith(`${place}/`) || path === `/path${place}`))

const anchorOf = (field: Field): string => (field.kind === 'day' ? `${field.name}-day` : field.name)

const sentence = (field: Field, message: string): string => {
  if (/^(This is missing|At least 1 char)/.test(message)) {
    const verb = field.kind === 'text' || field.kind === 'long' || field.kind === 'day' ? 'Enter' : 'Choose'
    return `${verb} an answer: ${field.label}`
  }
  return `${field.label}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

/** What was typed into each field, as one reads it back. */
export const answersIn = (fields: readonly Field[], form: Form): readonly { readonly label: string; readonly text: string }[] =>
  fields
    .filter(({ kind }) => kind !== 'hidden')
    .map((field) => {
      const raw =
        field.kind === 'day'
          ? [dayWords(dayIn(form, field.name) ?? '')]
          : field.kind === 'checkboxes'
            ? form.all(field.name)
            : [form.text(field.name)]
      const said = raw.map((value) => field.options?.find((option) => option.value === value)?.text ?? value)
      return { label: field.label, text: said.join(', ') }
    })
