import { foiOutcomes } from '../../../../core/foi/judge-grounds.ts'
import { makeAct } from '../../act/make-act.ts'
import { dayIn, type Field, given } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { PageRequest } from '../../page.ts'
import { dayWords, words } from '../../view/words.ts'
import { foiOfficers } from './requests.ts'

interface Worded {
  readonly id: string
  readonly words: string
}

interface File {
  readonly offered?: readonly { readonly id: string; readonly clause: string; readonly test: string; readonly basis: string }[]
  readonly principles?: readonly Worded[]
  readonly factors?: { readonly maintaining: readonly Worded[]; readonly disclosing: readonly Worded[] }
}

const asOptions = (given: readonly Worded[] = []) => given.map(({ id, words: text }) => ({ value: id, text }))
const ground = (name: string): string => `/grounds/0/${name}`

const paragraphFields: readonly Field[] = [
  {
    ...{ name: 'conferenceId', label: 'Of which meeting?', kind: 'text', optional: true, pointer: '/paragraph/conferenceId' },
    hint: 'Its id. Left empty, the answer as a whole is decided.',
  },
  {
    name: 'paragraphId',
    label: 'Which paragraph?',
    hint: 'Its id, as you read it there',
    kind: 'text',
    optional: true,
    pointer: '/paragraph/paragraphId',
  },
  {
    ...{ name: 'outcome', label: 'What becomes of it?', kind: 'radios' },
    options: foiOutcomes.map((value) => ({ value, text: words(value) })),
  },
]

const exemptionFields = ({ offered = [], principles }: File): readonly Field[] => [
  {
    ...{ name: 'exemption', label: 'On which exemption?', kind: 'select', optional: true, pointer: '/grounds' },
    hint: 'Where something is withheld, or neither confirmed nor denied',
    options: offered.map(({ id, clause, test }) => ({ value: id, text: `${clause} (${test})` })),
  },
  {
    ...{
      name: 'condition',
      label: 'Of personal data (s.40(2)): which condition?',
      kind: 'select',
      optional: true,
      pointer: ground('condition'),
    },
    options: ['first', 'second', 'third'].map((value) => ({ value, text: words(value) })),
  },
  {
    ...{ name: 'principle', label: 'Which data protection principle?', kind: 'select', optional: true, pointer: ground('principle') },
    options: asOptions(principles),
  },
  {
    ...{ name: 'likelihood', label: 'How sure is the harm?', kind: 'select', optional: true, pointer: ground('likelihood') },
    options: ['would', 'would-be-likely'].map((value) => ({ value, text: words(value) })),
  },
  {
    ...{
      name: 'defence',
      label: 'Of what was given in confidence (s.41)',
      kind: 'checkboxes',
      optional: true,
      pointer: ground('defenceWeighed'),
    },
    options: [{ value: 'yes', text: 'The defence of public interest was weighed' }],
  },
]

const interestFields = ({ factors }: File): readonly Field[] => [
  {
    ...{ name: 'interest', label: 'The public interest', kind: 'select', optional: true, pointer: ground('publicInterest') },
    hint: 'Where the exemption is qualified',
    options: [
      { value: 'maintained', text: 'Favours withholding' },
      { value: 'undecided', text: 'Still being weighed' },
    ],
  },
  {
    ...{ name: 'maintaining', label: 'For withholding', kind: 'checkboxes', optional: true, pointer: ground('publicInterest/maintaining') },
    options: asOptions(factors?.maintaining),
  },
  {
    ...{ name: 'disclosing', label: 'For disclosing', kind: 'checkboxes', optional: true, pointer: ground('publicInterest/disclosing') },
    options: asOptions(factors?.disclosing),
  },
  {
    name: 'estimateOn',
    label: 'Decided by',
    hint: 'Where it is still being weighed',
    kind: 'day',
    optional: true,
    pointer: ground('publicInterest/estimateOn'),
  },
  { name: 'reasons', label: 'Why?', hint: 'For the file and the Commissioner. Sealed; part of no notice.', kind: 'long' },
]

const fields = async ({ ask, params }: PageRequest): Promise<readonly Field[]> => {
  const told = await ask('readFoiRequest', { params: { requestId: params['requestId'] ?? '' } })
  const file: File = told.status === 200 ? told.body : {}
  return [...paragraphFields, ...exemptionFields(file), ...interestFields(file)]
}

const groundIn = (form: Form): object => {
  const decision = form.text('interest')
  const weighed = given({
    decision,
    maintaining: form.all('maintaining'),
    disclosing: form.all('disclosing'),
    estimateOn: dayIn(form, 'estimateOn'),
  })
  return {
    ...given({
      exemption: form.text('exemption'),
      condition: form.text('condition'),
      principle: form.text('principle'),
      likelihood: form.text('likelihood'),
    }),
    ...(form.text('defence') === 'yes' ? { defenceWeighed: true } : {}),
    ...(decision === '' ? {} : { publicInterest: weighed }),
  }
}

export const decideFoi = makeAct({
  path: '/console/foi/:requestId/decide',
  title: 'Decide of a paragraph, or of the whole',
  section: 'foi',
  roles: foiOfficers,
  operationId: 'adjudicateFoiRequest',
  says: 'It is written down; nothing is released. Whom a paragraph came from is asked for a view. A decision with several exemptions is made over the interface.',
  fields,
  button: 'Record the decision',
  request: (form, params) => {
    const paragraph = given({ conferenceId: form.text('conferenceId'), paragraphId: form.text('paragraphId') })
    return {
      params: { requestId: params['requestId'] ?? '' },
      body: given({
        paragraph: Object.keys(paragraph).length === 0 ? null : paragraph,
        outcome: form.text('outcome'),
        grounds: form.text('exemption') === '' ? null : [groundIn(form)],
        reasons: form.text('reasons'),
      }),
    }
  },
  done: ({ body }) =>
    `The decision is recorded: ${words(body['outcome']).toLowerCase()}.${typeof body['consulted'] === 'string' ? ` ${body['consulted']} was asked for its view.` : ''}`,
  back: { href: '/console/foi', text: 'Requests for information' },
})

export const giveFoiNotice = makeAct({
  path: '/console/foi/:requestId/given',
  title: 'Record that the notice was given',
  section: 'foi',
  roles: foiOfficers,
  operationId: 'draftFoiNotice',
  says: 'The clock stops. The words have to be those of a draft; a draft that has changed since is refused.',
  fields: [{ name: 'givenOn', label: 'Given on', hint: 'For example, 20 11 2026', kind: 'day' }],
  button: 'Record it',
  // Left empty it would only draft: what is no day is for the contract to refuse.
  request: (form, params) => ({ params: { requestId: params['requestId'] ?? '' }, body: { givenOn: dayIn(form, 'givenOn') ?? '' } }),
  done: ({ body }) => `The notice was given on ${dayWords(body['givenOn'])}.`,
  back: { href: '/console/foi', text: 'Requests for information' },
})
