import { makeAct } from '../../act/make-act.ts'
import { type Field, given } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import { instantWords } from '../../view/words.ts'
import { administrators } from './people.ts'

const back = { href: '/console/agency/clients', text: 'Client systems and keys' }
const common = { section: 'agency', roles: administrators, back } as const
const at = '/console/agency/clients/:clientId'
const why: Field = { name: 'why', label: 'Why?', hint: 'It is kept in the access log.', kind: 'long' }
type Params = Readonly<Record<string, string>>
const clientOf = (params: Params): Params => ({ clientId: params['clientId'] ?? '' })

const keyField: Field = {
  name: 'key',
  label: 'Public key',
  hint: 'A JWK (P-256, Ed25519 or RSA) for a system bound by DPoP, or a certificate in PEM for mTLS. Never a private key.',
  kind: 'long',
  pointer: '/jwk',
}

/** What was pasted, as the contract takes it; text that is neither is handed on, for the contract to refuse. */
const keyIn = (form: Form): object => {
  const pasted = form.text('key')
  if (pasted.startsWith('-----BEGIN')) return { kind: 'mtls', certificate: pasted }
  try {
    return { kind: 'dpop', jwk: JSON.parse(pasted) as unknown }
  } catch {
    return { kind: 'dpop', jwk: pasted }
  }
}

export const registerClient = makeAct({
  ...common,
  path: '/console/agency/clients/new',
  title: 'Register a system',
  operationId: 'registerClient',
  says: 'The system may ask in the agency’s name once it has a key.',
  fields: [
    { name: 'agencyId', label: 'Agency', hint: 'The agency’s id, for example ridings-police', kind: 'text' },
    { name: 'clientId', label: 'The system’s id', hint: 'Its client_id at the agency’s own sign-in', kind: 'text' },
    { name: 'name', label: 'Name', kind: 'text' },
    {
      name: 'binding',
      label: 'How does it prove itself?',
      kind: 'radios',
      options: [
        { value: 'dpop', text: 'By a key of its own, in each request (DPoP)' },
        { value: 'mtls', text: 'By a certificate (mTLS)' },
        { value: 'session', text: 'It is this console, where the agency’s people sign in' },
      ],
    },
    {
      name: 'discoveryUri',
      label: 'Where the agency’s sign-in describes itself',
      hint: 'For the console only',
      kind: 'text',
      optional: true,
    },
  ],
  button: 'Register the system',
  request: (form) => ({
    body: given(Object.fromEntries(['agencyId', 'clientId', 'name', 'binding', 'discoveryUri'].map((name) => [name, form.text(name)]))),
  }),
  done: (_told, form) => `${form.text('name')} is registered.`,
  // Without a key no token of it is accepted; the console itself has none.
  onward: (form) =>
    form.text('binding') === 'session'
      ? null
      : { href: `/console/agency/clients/${encodeURIComponent(form.text('clientId'))}/keys/new`, text: 'Add its key' },
})

export const addKey = makeAct({
  ...common,
  path: `${at}/keys/new`,
  title: 'Add a key',
  operationId: 'addClientKey',
  says: 'From then on whoever holds the private half of this key asks in the system’s name.',
  fields: [keyField],
  button: 'Add the key',
  request: (form, params) => ({ params: clientOf(params), body: keyIn(form) }),
  done: () => 'The key is registered. Keys that were there before are still good.',
})

const OVERLAP_HOURS = 24

/** A rotation in three presses: the new key works at once, the old ones for a day more, and then they end by themselves. */
export const replaceKey = makeAct({
  ...common,
  path: `${at}/keys/replace`,
  title: 'Replace the key',
  operationId: 'addClientKey',
  says: 'The new key is good at once. The keys that the system has now are good for 24 hours more, so that nothing stands still, and then end by themselves.',
  fields: [{ ...keyField, label: 'New public key' }],
  button: 'Replace the key',
  request: (form, params) => ({ params: clientOf(params), body: { ...keyIn(form), othersEndInHours: OVERLAP_HOURS } }),
  done: ({ body }) => `The new key is good from now on. ${endings(body['ending'] as readonly { readonly toAt: string }[])}`,
})

const endings = (ending: readonly { readonly toAt: string }[]): string =>
  ending[0] === undefined ? 'There was no other key.' : `What was there before ends on ${instantWords(ending[0].toAt)}.`

export const endKey = makeAct({
  ...common,
  path: `${at}/keys/:thumbprint/end`,
  title: 'End the key',
  operationId: 'removeClientKey',
  says: 'From the next request on, nothing leaves to whoever holds this key.',
  fields: [],
  button: 'End the key',
  request: (_form, params) => ({ params: { ...clientOf(params), thumbprint: params['thumbprint'] ?? '' } }),
  done: () => 'The key is no longer good.',
})

export const stopClient = makeAct({
  ...common,
  path: `${at}/stop`,
  title: 'Stop the system',
  operationId: 'suspendClient',
  says: 'From the next request on, nothing leaves to it, until somebody lets it work again.',
  fields: [why],
  button: 'Stop the system',
  request: (form, params) => ({ params: clientOf(params), body: given({ why: form.text('why') }) }),
  done: () => 'The system is stopped.',
})

export const startClient = makeAct({
  ...common,
  path: `${at}/start`,
  title: 'Let the system work again',
  operationId: 'liftClientSuspension',
  says: 'It may ask again from the next request on.',
  fields: [],
  button: 'Let it work again',
  request: (_form, params) => ({ params: clientOf(params) }),
  done: () => 'The system may work again.',
})
