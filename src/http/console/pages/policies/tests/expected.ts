import { type Field, given, type Option } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import { words } from '../../../view/words.ts'

export interface Expected {
  readonly outcome: 'released' | 'refused'
  readonly ruleId?: string | null
  readonly fields?: readonly string[] | null
}

/** What some rules made of a test, or of a line that one may become. */
export interface Came {
  readonly outcome: Expected['outcome'] | null
  readonly ruleIds: readonly string[]
  readonly fields: readonly string[]
}

/** What came out, as one value of a form: the outcome, then the rule or the fields. */
export const exactly = ({ outcome, ruleIds, fields }: Came): string =>
  outcome === 'released' ? `released ${fields.join(',')}` : `refused ${ruleIds[0] ?? ''}`.trim()

const readBack = (value: string): Expected => {
  const [outcome, detail = ''] = value.split(' ')
  if (outcome === 'released') return { outcome, ...(detail === '' ? {} : { fields: detail.split(',') }) }
  // Anything else is for the contract to refuse.
  return { outcome: outcome as 'refused', ...(detail === '' ? {} : { ruleId: detail }) }
}

export const saidExpected = ({ outcome, ruleId, fields }: Expected): string => {
  if (outcome === 'refused') return ruleId ? `Refused, by rule ${ruleId}` : 'Refused, by whichever rule'
  return fields
    ? `Released, in exactly these fields: ${fields.map((field) => words(field).toLowerCase()).join(', ')}`
    : 'Released, in whichever fields'
}

/** What is expected: as it came out now, or more loosely. */
export const expectedField = (came: readonly string[] = []): Field => ({
  ...{ name: 'expected', label: 'What should be decided?', kind: 'radios', pointer: '/expects' },
  options: [...new Set([...came.filter((one) => one.includes(' ')), 'released', 'refused'])].map((value): Option => ({
    value,
    text: saidExpected(readBack(value)),
  })),
})

/** As the request has it; the rule named beside it narrows a refusal that names none. */
export const expectedIn = (form: Form): Readonly<Record<string, unknown>> => {
  const value = form.text('expected')
  const expected = value === '' ? {} : readBack(value)
  return given({ ruleId: form.text('ruleId'), ...expected })
}

export const nameField: Field = {
  ...{ name: 'name', label: 'A name for the test', kind: 'text' },
  hint: 'What it is about, as another officer would understand it. No names of people.',
}
