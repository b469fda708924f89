import { legalGateways, purposes } from '../../../../core/vocabulary.ts'
import { type Field, options } from '../../act/fields.ts'
import { words } from '../../view/words.ts'

/** What every look at a person has to say first (R4): what for, under which power, and why in one's own words. */
export const reasonFields: readonly Field[] = [
  { name: 'purpose', label: 'What is it for?', kind: 'select', options: options(purposes, words) },
  { name: 'legalGateway', label: 'Under which legal power?', kind: 'select', options: options(legalGateways, words) },
  {
    name: 'justification',
    label: 'Why do you need it?',
    hint: 'In your own words. It is kept in the access log, where governance officers read it.',
    kind: 'long',
  },
]

/** Needed when the person may be a child (R16). */
export const childField: Field = {
  name: 'bestInterestsNote',
  label: 'If the person may be under 18: how does this serve the child’s best interests?',
  kind: 'long',
  optional: true,
}

/** Refused by R4 without a place in the request: the three answers that were left empty are where it was wrong. */
export const emptyReasons = (text: (name: string) => string) =>
  reasonFields
    .filter(({ name }) => text(name) === '')
    .map(({ name, label, kind }) => ({ name, href: `#${name}`, text: `${kind === 'select' ? 'Choose' : 'Enter'} an answer: ${label}` }))
