import { categories, purposes } from '../../../../core/vocabulary.ts'
import { makeAct } from '../../act/make-act.ts'
import { dayIn, type Field, given, options } from '../../act/fields.ts'
import { dayWords, words } from '../../view/words.ts'
import { agencyOptions } from '../../view/agency-options.ts'
import { rightsOfficers } from './requests.ts'

const groundWords: Readonly<Record<string, string>> = {
  inquiry: 'Not to obstruct an inquiry, investigation or procedure (a)',
  'prevention-detection': 'Not to prejudice the prevention, detection or prosecution of offences (b)',
  'public-security': 'To protect public security (c)',
  'rights-of-others': 'To protect the rights and freedoms of others (e)',
}

const fields = (names: ReadonlyMap<string, string>): readonly Field[] => [
  { name: 'offenderId', label: 'The person’s id', hint: 'As it stands with the request, or in an entry of the log', kind: 'text' },
  {
    ...{ name: 'purpose', label: 'Which processing: for what?', kind: 'select', options: options(purposes, words) },
    hint: 'What was released for this purpose is kept from the person; everything else is told.',
  },
  { name: 'category', label: 'Only of this category', kind: 'select', optional: true, options: options(categories, words) },
  { name: 'recipientAgencyId', label: 'Only to this agency', kind: 'select', optional: true, options: agencyOptions(names) },
  {
    ...{ name: 'ground', label: 'On which ground of DPA 2018 s.45(4)?', kind: 'radios' },
    options: Object.entries(groundWords).map(([value, text]) => ({ value, text })),
  },
  {
    ...{ name: 'lapsesOn', label: 'The last day on which it is withheld', kind: 'day' },
    hint: 'Within a year: only for so long as it is necessary. For example, 27 3 2027',
  },
  { name: 'reasons', label: 'Why is this necessary and proportionate?', hint: 'Sealed; for the Commissioner alone.', kind: 'long' },
]

/** One processing activity is kept from the person for a time; the answer they get reads the same either way. */
export const withhold = makeAct({
  path: '/console/rights/withhold',
  title: 'Withhold something from a person’s answer',
  section: 'rights',
  roles: rightsOfficers,
  operationId: 'withholdDisclosures',
  says: 'Answers to this person leave out what you describe until the day you name. They are told neither of it nor that anything is left out.',
  fields: async ({ agencyNames }) => fields(await agencyNames()),
  button: 'Withhold it',
  request: (form) => ({
    params: { offenderId: form.text('offenderId') },
    body: given({
      ...Object.fromEntries(['purpose', 'category', 'recipientAgencyId', 'ground', 'reasons'].map((name) => [name, form.text(name)])),
      lapsesOn: dayIn(form, 'lapsesOn'),
    }),
  }),
  done: ({ body }) => `It is withheld until ${dayWords(body['lapsesOn'])}.`,
  back: { href: '/console/rights', text: 'What people ask about themselves' },
})
