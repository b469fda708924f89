import { reasonCodes } from '../../../../../core/decision-vocabulary.ts'
import { categories, identifierKinds, purposes } from '../../../../../core/vocabulary.ts'
import { type Field, options } from '../../../act/fields.ts'
import { words } from '../../../view/words.ts'

const at = (name: string, label: string, more: Partial<Field> = {}): Field => ({
  ...{ name, label, kind: 'text', pointer: `/filter/${name}` },
  ...more,
})

/** What is looked for; each group stands under its heading. All that is given must be true of an entry. */
export const filterFields = {
  when: [
    {
      ...{ name: 'period', label: 'When?', kind: 'radios', pointer: '/filter/period' },
      options: [
        { value: 'week', text: 'The last 7 days' },
        { value: 'month', text: 'The last 31 days' },
        { value: 'days', text: 'From one day to another' },
        { value: 'any', text: 'Any time' },
      ],
    },
    at('from', 'First day', { kind: 'day', hint: 'For example, 1 10 2026' }),
    at('until', 'Last day', { kind: 'day' }),
  ],
  whom: [
    at('kind', 'Which number?', { kind: 'select', options: options(identifierKinds, words), pointer: '/identifier/kind' }),
    at('value', 'The number', { pointer: '/identifier/value' }),
    at('givenName', 'First name', { pointer: '/name/givenName' }),
    at('familyName', 'Last name', { pointer: '/name/familyName' }),
    at('bornOn', 'Date of birth', { kind: 'day', pointer: '/name/bornOn', hint: 'A name needs a date of birth. For example, 27 3 1989' }),
    at('subject', 'Or the person’s id', { hint: 'As it stands in an entry of the log' }),
  ],
} as const satisfies Record<string, readonly Field[]>

/** What there is to choose from; empty lists where only the places of the questions matter. */
export interface Lists {
  readonly agencies: NonNullable<Field['options']>
  readonly systems: NonNullable<Field['options']>
  readonly rules: NonNullable<Field['options']>
  readonly agreements: NonNullable<Field['options']>
  readonly operations: NonNullable<Field['options']>
  /** Empty where there are more people than one can choose from, or where they are not for this person to list. */
  readonly people: NonNullable<Field['options']>
}

const select = (name: string, label: string, of: NonNullable<Field['options']>, more: Partial<Field> = {}): Field =>
  at(name, label, { kind: 'select', options: of, ...more })

const ownFirst = 'Of your own agency, until those of another are asked for below'

/** The questions that are answered from a list. */
export const choiceFields = ({ agencies, systems, rules, agreements, operations, people }: Lists) => ({
  who: [
    select('agencyId', 'Agency that asked', agencies),
    people.length > 0
      ? select('personSub', 'Person who asked', people, { hint: ownFirst, pointer: '/filter/person' })
      : at('personSub', 'Person who asked', { hint: 'As they sign in there; needs the agency', pointer: '/filter/person' }),
  ],
  what: [
    select('outcome', 'Outcome', [
      { value: 'permitted', text: 'Allowed' },
      { value: 'refused', text: 'Refused' },
      { value: 'shielded', text: 'Neither confirmed nor denied' },
      { value: 'repeated', text: 'Sent again' },
    ]),
    select('reason', 'Reason for refusal', options(reasonCodes, words)),
    select('category', 'Category', options(categories, words)),
    at('words', 'Words of the justification'),
  ],
  more: [
    select('about', 'Purpose of the enquiry', options(purposes, words), { pointer: '/filter/purpose' }),
    select('supplierAgencyId', 'Agency that supplied', agencies),
    select('clientId', 'System', systems, { hint: ownFirst }),
    select('operation', 'Operation', operations),
    select('ruleId', 'Rule', rules, { hint: 'Of the policy in force' }),
    select('agreementId', 'Agreement', agreements),
    at('permissionId', 'Permission', { hint: 'Chosen on its own page; take it out to search without it' }),
  ],
})

const nothing: Lists = { agencies: [], systems: [], rules: [], agreements: [], operations: [], people: [] }

/** Every question with its place in the request. */
export const allFilterFields: readonly Field[] = [...Object.values(filterFields), ...Object.values(choiceFields(nothing))].flat()
