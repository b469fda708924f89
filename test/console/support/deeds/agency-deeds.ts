import type { Packages } from '../../../disclosure/package-support.ts'
import { must } from '../../../journeys/support/agree.ts'
import { publicKey } from './agreement-deeds.ts'
import { dayBoxes, type Trial, unique } from './deed.ts'

const agencyId = 'ridings-partnership'
const why = { why: 'A laptop was lost' }
const setsOne = 'It sets one state, whichever there was: who is second finds what they asked for done.'

const person = async (house: Packages) => {
  const who = { agencyId, sub: unique('deed-person') }
  must(await house.as('admin').post('/v1/people', { ...who, displayName: 'Dee Doer' }), 201)
  return who
}
const client = async (house: Packages) => {
  const clientId = unique('deed-system')
  must(await house.as('admin').post('/v1/clients', { clientId, agencyId, name: 'Deed system', binding: 'dpop' }), 201)
  const key = (text: string) => house.as('admin').post(`/v1/clients/${clientId}/keys`, { kind: 'dpop', jwk: JSON.parse(text) as unknown })
  return { clientId, key, at: `/console/agency/clients/${clientId}` }
}

/** A key that somebody else registers for the same system first. */
const keyDeed =
  (what: string): Trial['prepare'] =>
  async (house) => {
    const { at, key } = await client(house)
    const pasted = publicKey()
    return {
      ...{ persona: 'admin', path: `${at}/keys/${what}`, answers: { key: pasted } },
      meanwhile: { act: async () => must(await key(pasted), 201), says: /This key is registered for this system already/ },
    }
  }

export const agencyDeeds: Readonly<Record<string, Trial>> = {
  '/console/agency/people/new': {
    neverStale: 'Nothing that stands is shown in it: all of what is registered is typed.',
    prepare: () =>
      Promise.resolve({
        ...{ persona: 'admin', path: '/console/agency/people/new' },
        answers: { agencyId, sub: unique('deed-person'), displayName: 'Dee Doer', ...dayBoxes('activeTo', '2031-01-01') },
      }),
  },
  '/console/agency/signatory-keys/new': {
    prepare: (house) => {
      const [sub, jwk] = [`signatory-${agencyId}`, publicKey()]
      return Promise.resolve({
        ...{ persona: 'spoc', path: '/console/agency/signatory-keys/new', answers: { sub, jwk } },
        meanwhile: {
          act: async () => must(await house.as('spoc').post('/v1/people/signatory-keys', { sub, jwk: JSON.parse(jwk) as unknown }), 201),
          says: /already/,
        },
      })
    },
  },
  '/console/agency/appointments/new': {
    neverStale: 'It adds an appointment beside those there are.',
    prepare: async (house) => ({
      ...{ persona: 'admin', path: '/console/agency/appointments/new' },
      answers: { ...(await person(house)), role: 'case-manager', ...dayBoxes('fromAt', '2026-06-01') },
    }),
  },
  '/console/agency/appointments/:appointmentId/end': {
    neverStale: setsOne,
    prepare: async (house) => {
      const role = { ...(await person(house)), role: 'case-manager', fromAt: '2026-01-01T00:00:00Z' }
      const { appointmentId } = must(await house.as('admin').post('/v1/appointments', role), 201)
      return { persona: 'admin', path: `/console/agency/appointments/${String(appointmentId)}/end`, answers: why }
    },
  },
  '/console/agency/clients/new': {
    prepare: (house) => {
      const system = { agencyId, clientId: unique('deed-system'), name: 'Deed system', binding: 'dpop' }
      return Promise.resolve({
        ...{ persona: 'admin', path: '/console/agency/clients/new', answers: system },
        meanwhile: {
          act: async () => must(await house.as('admin').post('/v1/clients', { ...system, name: 'Another' }), 201),
          says: /already|registered/,
        },
      })
    },
  },
  '/console/agency/clients/:clientId/keys/new': { prepare: keyDeed('new') },
  '/console/agency/clients/:clientId/keys/replace': { prepare: keyDeed('replace') },
  '/console/agency/clients/:clientId/keys/:thumbprint/end': {
    prepare: async (house) => {
      const { at, key, clientId } = await client(house)
      const { thumbprint } = must(await key(publicKey()), 201)
      return {
        ...{ persona: 'admin', path: `${at}/keys/${String(thumbprint)}/end`, answers: {} },
        meanwhile: {
          act: async () => must(await house.as('admin').delete(`/v1/clients/${clientId}/keys/${String(thumbprint)}`), 200),
          says: /This system has no such key/,
        },
      }
    },
  },
  '/console/agency/clients/:clientId/stop': {
    neverStale: setsOne,
    prepare: async (house) => ({ persona: 'admin', path: `${(await client(house)).at}/stop`, answers: why }),
  },
  '/console/agency/clients/:clientId/start': {
    neverStale: setsOne,
    prepare: async (house) => {
      const { at, clientId } = await client(house)
      must(await house.as('admin').post(`/v1/clients/${clientId}/suspension`, why), 200)
      return { persona: 'admin', path: `${at}/start`, answers: {} }
    },
  },
}
