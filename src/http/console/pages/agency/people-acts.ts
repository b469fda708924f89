import { roles } from '../../../../core/vocabulary.ts'
import { makeAct } from '../../act/make-act.ts'
import { dayIn, dayStart, type Field, given, options } from '../../act/fields.ts'
import { words } from '../../view/words.ts'
import { administrators } from './people.ts'

const back = { href: '/console/agency/people', text: 'People and appointments' }
const common = { section: 'agency', roles: administrators, back } as const

const agencyField: Field = { name: 'agencyId', label: 'Agency', hint: 'The agency’s id, for example ridings-police', kind: 'text' }
const subField: Field = {
  name: 'sub',
  label: 'Signs in as',
  hint: 'The identifier (sub) that the agency’s own sign-in gives the person',
  kind: 'text',
}
const dayHint = 'For example, 27 3 2027'

export const registerPerson = makeAct({
  ...common,
  path: '/console/agency/people/new',
  title: 'Register a person',
  operationId: 'registerPerson',
  says: 'The person can sign in from then on; what they may see depends on their appointments. Registering a person again brings their dates up to date.',
  fields: [
    agencyField,
    subField,
    { name: 'displayName', label: 'Name', kind: 'text' },
    { name: 'activeTo', label: 'Works there until', hint: `Not included. ${dayHint}`, kind: 'day', optional: true },
    {
      name: 'intelligenceVettedUntil',
      label: 'Vetted to read intelligence until',
      hint: `Not included. ${dayHint}`,
      kind: 'day',
      optional: true,
    },
  ],
  button: 'Register the person',
  request: (form) => ({
    body: given({
      agencyId: form.text('agencyId'),
      sub: form.text('sub'),
      displayName: form.text('displayName'),
      activeTo: dayStart(dayIn(form, 'activeTo')),
      intelligenceVettedUntil: dayStart(dayIn(form, 'intelligenceVettedUntil')),
    }),
  }),
  done: (_told, form) => `${form.text('displayName')} is registered.`,
})

export const appoint = makeAct({
  ...common,
  path: '/console/agency/appointments/new',
  title: 'Appoint a person to a role',
  operationId: 'appoint',
  says: 'The person holds the role from the first day on, and what goes with it is open to them.',
  fields: [
    agencyField,
    subField,
    { name: 'role', label: 'Role', kind: 'select', options: options(roles, words) },
    { name: 'areaId', label: 'Area', hint: 'Where the role belongs to one, for example calder', kind: 'text', optional: true },
    { name: 'fromAt', label: 'First day', hint: dayHint, kind: 'day' },
    { name: 'toAt', label: 'Ends on', hint: `The first day on which the role is no longer held. ${dayHint}`, kind: 'day', optional: true },
  ],
  button: 'Appoint the person',
  request: (form) => ({
    body: given({
      agencyId: form.text('agencyId'),
      sub: form.text('sub'),
      role: form.text('role'),
      areaId: form.text('areaId'),
      fromAt: dayStart(dayIn(form, 'fromAt')),
      toAt: dayStart(dayIn(form, 'toAt')),
    }),
  }),
  done: (_told, form) => `${form.text('sub')} is appointed: ${words(form.text('role')).toLowerCase()}.`,
})

/** The public half of the key with which one's own agency's signatory signs agreements. */
export const registerSignatoryKey = makeAct({
  ...common,
  path: '/console/agency/signatory-keys/new',
  title: 'Register a signatory’s key',
  operationId: 'registerSignatoryKey',
  says: 'The person must be appointed to sign sharing agreements for your agency. What is signed with the private half of this key binds your agency.',
  fields: [subField, { name: 'jwk', label: 'Public key', hint: 'A JWK (P-256 or Ed25519). Never a private key.', kind: 'long' }],
  button: 'Register the key',
  request: (form) => ({ body: given({ sub: form.text('sub'), jwk: jsonIn(form.text('jwk')) }) }),
  done: (_told, form) => `${form.text('sub')} can sign with this key.`,
})

/** Text that is no JSON is handed on, for the contract to refuse. */
const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

export const endAppointment = makeAct({
  ...common,
  path: '/console/agency/appointments/:appointmentId/end',
  title: 'End the appointment',
  operationId: 'endAppointment',
  says: 'The role ends at once, and with it what the person could see by it.',
  fields: [{ name: 'why', label: 'Why?', hint: 'It is kept in the access log.', kind: 'long' }],
  button: 'End the appointment',
  request: (form, params) => ({ params: { appointmentId: params['appointmentId'] ?? '' }, body: given({ why: form.text('why') }) }),
  done: () => 'The appointment has ended.',
})
