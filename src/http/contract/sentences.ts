import type { ErrorObject } from 'ajv/dist/2020.js'
import { nearest } from './nearest.ts'

export interface Detail {
  readonly path: string
  readonly message: string
}

/**
 * What the contract found wrong, in sentences with JSON Pointers; at most 20. The values that were sent are never quoted: they may
 * be about a person, and these sentences go into the access log.
 */
export const sentencesOf = (errors: readonly ErrorObject[], prefix = ''): readonly Detail[] => {
  const told = errors.filter((error) => !belongsToChoice(error, errors) && !mightBeNull(error, errors)).slice(0, 20)
  return told.map((error) => ({ path: prefix + pathOf(error), message: sentence(error) }))
}

/** The branches of a failed `oneOf` each report their own `required`; the choice itself says it once. */
const belongsToChoice = (error: ErrorObject, errors: readonly ErrorObject[]): boolean =>
  /\/oneOf\/\d+\//.test(error.schemaPath) && errors.some((other) => other.keyword === 'oneOf' && other.instancePath === error.instancePath)

/** Of what may be left null too, the other branch says what is wrong with what was given. */
const mightBeNull = (error: ErrorObject, errors: readonly ErrorObject[]): boolean =>
  saysNull(error) &&
  errors.some(
    (other) => !saysNull(other) && (other.instancePath === error.instancePath || other.instancePath.startsWith(`${error.instancePath}/`)),
  )

const saysNull = ({ keyword, params, schema }: ErrorObject): boolean =>
  (keyword === 'type' && params['type'] === 'null') ||
  (keyword === 'anyOf' && (schema as readonly { readonly type?: unknown }[]).some(({ type }) => type === 'null'))

const pathOf = (error: ErrorObject): string => {
  const name = extraName(error) ?? (error.params as { missingProperty?: string }).missingProperty
  return name === undefined || !quotable(name) ? error.instancePath : `${error.instancePath}/${name}`
}

const extraName = (error: ErrorObject): string | undefined => (error.params as { additionalProperty?: string }).additionalProperty

const quotable = (name: string): boolean => /^[A-Za-z0-9_.-]{1,40}$/.test(name)

const sentence = (error: ErrorObject): string =>
  sentences[error.keyword]?.(error) ?? `This ${error.message ?? 'is not as the contract asks'}.`

const sentences: Readonly<Record<string, (error: ErrorObject) => string>> = {
  additionalProperties: (error) => `Not a member of this object.${suggestion(extraName(error), Object.keys(propertiesOf(error)))}`,
  required: () => 'This is missing.',
  type: (error) => `This must be ${typeWords([error.params['type'] as string | string[]].flat())}.`,
  enum: (error) => {
    const allowed = (error.params['allowedValues'] as unknown[]).filter((value) => typeof value === 'string')
    const hint = suggestion(error.data, allowed)
    return hint === '' && allowed.length <= 8 ? `Not a known value; known are ${allowed.join(', ')}.` : `Not a known value.${hint}`
  },
  oneOf: (error) => {
    const names = (error.schema as { required?: string[] }[]).flatMap((branch) => branch.required ?? [])
    return `Give exactly one of ${names.join(', ')}.`
  },
  pattern: () => 'This is not in the form the contract gives.',
  format: (error) => `This is not ${formatWords[error.params['format'] as string] ?? 'in the right form'}.`,
  maxLength: (error) => `At most ${limitOf(error)} characters.`,
  minLength: (error) => `At least ${limitOf(error)} character${limitOf(error) === 1 ? '' : 's'}.`,
  maxItems: (error) => `At most ${limitOf(error)} items.`,
  minItems: (error) => `At least ${limitOf(error)} item${limitOf(error) === 1 ? '' : 's'}.`,
  minProperties: () => 'This must not be empty.',
  uniqueItems: () => 'The same item is given twice.',
  'x-unique-by': (error) => `Two items have the same ${String(error.schema)}.`,
}

const formatWords: Readonly<Record<string, string>> = {
  uuid: 'a UUID',
  date: 'a day as YYYY-MM-DD',
  'date-time': 'an instant as 2026-11-21T09:30:00Z',
  uri: 'an absolute URI',
}

const limitOf = (error: ErrorObject): number => error.params['limit'] as number

const propertiesOf = (error: ErrorObject): object => (error.parentSchema?.['properties'] as object | undefined) ?? {}

const suggestion = (given: unknown, known: readonly string[]): string => {
  const near = typeof given === 'string' ? nearest(given, known) : null
  return near === null ? '' : ` Did you mean "${near}"?`
}

const typeWords = (types: readonly string[]): string => types.map((type) => typeNames[type] ?? type).join(' or ')

const typeNames: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
}
