import { dayAfter, isDay, startOfLondonDay } from '../../../../../core/london.ts'
import { makeAct } from '../../../act/make-act.ts'
import { dayIn, type Field, given } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import { peopleIn } from '../../conferences/attending/attending-acts.ts'
import { reasonFields } from '../../people/reasons-asked.ts'
import { urgencies } from '../request-words.ts'

const hidden = (name: string): Field => ({ name, label: name, kind: 'hidden' })
const [purposeField, gatewayField] = reasonFields as readonly [Field, Field]

const fields: readonly Field[] = [
  hidden('conferenceId'),
  hidden('offenderId'),
  hidden('paragraphId'),
  {
    name: 'scope',
    label: 'What of the meeting?',
    kind: 'radios',
    pointer: '/paragraphIds',
    options: [
      { value: 'paragraph', text: 'The paragraph I came from' },
      { value: 'all', text: 'Everything the meeting wrote about this person' },
    ],
  },
  { name: 'what', label: 'What do you ask for?', hint: 'In your own words, for the chair.', kind: 'long' },
  {
    name: 'recipientAgencyId',
    label: 'For whom: their agency',
    hint: 'The agency’s id, for example ridings-police',
    kind: 'text',
    pointer: '/recipient/agencyId',
  },
  {
    name: 'recipientSub',
    label: 'For whom: who they are there',
    hint: 'The name they sign in with at their agency',
    kind: 'text',
    pointer: '/recipient',
  },
  {
    name: 'beneficiaries',
    label: 'Who else gains by it?',
    hint: 'Whoever gains decides nothing about it. One person a line: the agency’s id, a space, and the name they sign in with.',
    kind: 'long',
    optional: true,
  },
  { ...purposeField, label: 'What is it for?' },
  gatewayField,
  { name: 'necessity', label: 'Why is it needed?', kind: 'long' },
  { name: 'proportionality', label: 'Why is it no more than is needed?', kind: 'long' },
  { name: 'lessIntrusive', label: 'What less did you consider, and why is it not enough?', kind: 'long' },
  {
    name: 'formOfWords',
    label: 'A form of words that would do',
    hint: 'Words for the recipient, instead of the paragraphs themselves. People outside the partnership get nothing else.',
    kind: 'long',
    optional: true,
  },
  { name: 'riskAssessment', label: 'Reference of a risk assessment', kind: 'text', optional: true },
  {
    name: 'bestInterestsNote',
    label: 'If the person may be under 18: how does this serve the child’s best interests?',
    kind: 'long',
    optional: true,
  },
  { name: 'urgency', label: 'How urgent is it?', kind: 'radios', options: urgencies.toReversed() },
  { name: 'until', label: 'Until when is it needed?', hint: 'For example, 27 3 2027', kind: 'day', optional: true },
]

const body = (form: Form): object => {
  const said = [
    'conferenceId',
    'offenderId',
    'what',
    'purpose',
    'legalGateway',
    'necessity',
    'proportionality',
    'lessIntrusive',
    'formOfWords',
  ]
  const more = ['riskAssessment', 'bestInterestsNote', 'urgency']
  const day = dayIn(form, 'until')
  const paragraphId = form.text('paragraphId')
  const beneficiaries = peopleIn(form.text('beneficiaries'))
  return given({
    ...Object.fromEntries([...said, ...more].map((name) => [name, form.text(name)])),
    recipient: given({ agencyId: form.text('recipientAgencyId'), sub: form.text('recipientSub') }),
    beneficiaries: beneficiaries.length === 0 ? null : beneficiaries,
    until: day === null || !isDay(day) ? day : startOfLondonDay(dayAfter(day)).toISOString(),
    paragraphIds: form.text('scope') === 'paragraph' && paragraphId !== '' ? [paragraphId] : null,
  })
}

export const askDisclosure = makeAct({
  path: '/console/permissions/new',
  title: 'Ask for a disclosure',
  section: 'permissions',
  roles: [],
  operationId: 'createDisclosureRequest',
  says: 'The chair of the meeting is asked to let something out of the room. Nothing leaves before the chair has decided.',
  fields: () => Promise.resolve({ fields, values: { urgency: 'routine', scope: 'all' }, data: { marking: 'official-sensitive' } }),
  // Who it is about comes along in a form: no address names anybody.
  openedFrom: '/console/conferences',
  button: 'Send the request',
  request: (form) => ({ body: body(form) }),
  done: () => 'Your request is with the chair.',
  next: () => ['You see its state among the requests for disclosure.', 'If the chair asks you for more, a task appears on your home page.'],
  back: { href: '/console/permissions', text: 'Requests for disclosure' },
  binds: false,
})
