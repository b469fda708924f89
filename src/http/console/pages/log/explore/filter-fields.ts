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
  who: [
    at('agencyId', 'Agency that asked', { hint: 'Its id, for example ridings-police' }),
    at('personSub', 'Person who asked', { hint: 'As they sign in there; needs the agency', pointer: '/filter/person' }),
  ],
  what: [
    at('outcome', 'Outcome', {
      kind: 'select',
      options: [
        { value: 'permitted', text: 'Allowed' },
        { value: 'refused', text: 'Refused' },
        { value: 'shielded', text: 'Neither confirmed nor denied' },
        { value: 'repeated', text: 'Sent again' },
      ],
    }),
    at('reason', 'Reason for refusal', { kind: 'select', options: options(reasonCodes, words) }),
    at('category', 'Category', { kind: 'select', options: options(categories, words) }),
    at('words', 'Words of the justification'),
  ],
  more: [
    at('about', 'Purpose of the enquiry', { kind: 'select', options: options(purposes, words), pointer: '/filter/purpose' }),
    at('supplierAgencyId', 'Agency that supplied'),
    at('clientId', 'System'),
    at('operation', 'Operation', { hint: 'For example, enquire' }),
    at('ruleId', 'Rule'),
    at('agreementId', 'Agreement’s id'),
    at('permissionId', 'Permission’s id'),
  ],
} as const satisfies Record<string, readonly Field[]>

export const allFilterFields: readonly Field[] = Object.values(filterFields).flat()
