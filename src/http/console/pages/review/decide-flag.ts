import { makeAct } from '../../act/make-act.ts'
import { given } from '../../act/fields.ts'
import { instantWords } from '../../view/words.ts'
import { logReaders } from '../log/explore/explore.ts'
import { readingFields } from '../log/reading.ts'

/** A person decides what a flag was: justified, a question, or a breach, which starts its clock. */
export const decideFlag = makeAct({
  path: '/console/log/flags/:flagId/decide',
  title: 'Decide the flag',
  section: 'log',
  roles: logReaders,
  operationId: 'decideFlag',
  says: 'Justified and breach are the last word. A breach starts the 72 hours in which the Information Commissioner is to be told (DPA 2018 s.67), and tells the controller.',
  fields: [
    {
      ...{ name: 'outcome', label: 'What was it?', kind: 'radios' },
      options: [
        { value: 'justified', text: 'Justified', hint: 'There was a proper reason.' },
        { value: 'query', text: 'A question', hint: 'Something has to be asked first; the flag stays open.' },
        { value: 'breach', text: 'A breach', hint: 'There was no proper reason. The clock starts at once.' },
      ],
    },
    { name: 'grounds', label: 'On what grounds?', hint: 'They are sealed, and shown to reviewers alone.', kind: 'long' },
    readingFields[0]!,
  ],
  button: 'Record the decision',
  request: (form, params) => ({
    params: { flagId: params['flagId'] ?? '' },
    body: given({ outcome: form.text('outcome'), grounds: form.text('grounds'), purpose: form.text('purpose') }),
  }),
  done: ({ body }, form) =>
    typeof body['reportBy'] === 'string'
      ? `A breach is recorded. It is to be notified by ${instantWords(body['reportBy'])}.`
      : `The decision is recorded: ${form.text('outcome') === 'query' ? 'a question' : 'justified'}.`,
  back: { href: '/console/log/flags', text: 'Flags' },
})
