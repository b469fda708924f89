import { generateKeyPairSync } from 'node:crypto'
import { inventedId } from '../support/requests.ts'
import { from, type Made, type Step, type Walk } from './step.ts'

const agency = { agencyId: 'walk-charity', name: 'Walk Charity', kind: 'third-sector', regime: 'general', areaId: 'calder' }
const charity = { agencyId: 'walk-charity' }
const client = { clientId: 'walk-charity-cases', agencyId: 'walk-charity', name: 'Cases', binding: 'dpop' }
const consoleClient = { ...client, clientId: 'walk-charity-console', binding: 'session', discoveryUri: 'https://sign-in.example' }
const its = { clientId: 'walk-charity-cases' }
const why = { why: 'A laptop was lost' }
const person = { agencyId: 'walk-charity', sub: 'walker', displayName: 'Wil Walker' }
const role = { agencyId: 'walk-charity', sub: 'walker', role: 'case-manager', areaId: 'calder', fromAt: '2026-01-01T00:00:00Z' }

const publicKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
const [systemKey, nextKey, signatoryKey] = [publicKey(), publicKey(), publicKey()]
const ownSignatory = { sub: 'signatory-ridings-partnership', jwk: signatoryKey }

const kill = (params: Step['params'], body: Step['body'], key: string): readonly Step[] => [
  { outcome: 'allowed', as: 'admin', params, body, key, status: 200, event: 'alteration' },
  { outcome: 'repeated', as: 'admin', params, body, key, status: 200 },
  { outcome: 'refused', as: 'analyst', params, body, status: 403, code: 'need-to-know' },
  { outcome: 'refused', as: 'system of ridings-police', params, body, status: 403, code: 'auth' },
]
const nowhere = (params: Step['params'], body?: Step['body']): Step => ({
  outcome: 'not-found',
  as: 'admin',
  params,
  body,
  status: 404,
  code: 'not-found',
})
const appointment = (made: Made) => ({ appointmentId: from(made, 'appointment', 'appointmentId') })

export const registrySteps: Walk = {
  listAgencies: [
    { outcome: 'allowed', as: 'analyst', query: '?limit=5', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'system of ridings-police', status: 200 },
    { outcome: 'invalid', as: 'analyst', query: '?limit=many', status: 400, code: 'invalid' },
  ],
  registerAgency: [
    { outcome: 'allowed', as: 'registrar', body: agency, key: 'agency', status: 201, event: 'alteration' },
    { outcome: 'repeated', as: 'registrar', body: agency, key: 'agency', status: 201 },
    { outcome: 'conflict', as: 'registrar', body: { ...agency, name: 'Another' }, key: 'agency', status: 409, code: 'conflict' },
    { outcome: 'conflict', as: 'registrar', body: agency, status: 409, code: 'conflict' },
    { outcome: 'refused', as: 'chair', body: { ...agency, agencyId: 'walk-other' }, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'registrar', body: { ...agency, agencyId: 'walk-other', areaId: 'nowhere' }, status: 400, code: 'invalid' },
  ],
  listClients: [
    { outcome: 'allowed', as: 'admin', query: '?agencyId=ridings-police', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'spoc', query: '?limit=1', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'ig-officer', query: '?agencyId=ridings-police', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'separation-of-duties' },
    { outcome: 'refused', as: 'spoc', query: '?agencyId=ridings-police', status: 403, code: 'separation-of-duties' },
    { outcome: 'invalid', as: 'admin', query: '?limit=many', status: 400, code: 'invalid' },
  ],
  listEventReaders: [
    { outcome: 'allowed', as: 'admin', query: '?agencyId=ridings-police', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'spoc', query: '?limit=1', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'separation-of-duties' },
    { outcome: 'refused', as: 'spoc', query: '?agencyId=ridings-police', status: 403, code: 'separation-of-duties' },
    { outcome: 'invalid', as: 'admin', query: '?limit=many', status: 400, code: 'invalid' },
  ],
  listPeople: [
    { outcome: 'allowed', as: 'admin', query: '?agencyId=ridings-police', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'spoc', query: '?limit=1', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'dpo', query: '?agencyId=ridings-police', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'separation-of-duties' },
    { outcome: 'refused', as: 'spoc', query: '?agencyId=ridings-police', status: 403, code: 'separation-of-duties' },
  ],
  registerClient: [
    { outcome: 'allowed', as: 'admin', body: client, key: 'client', status: 201, event: 'alteration' },
    { outcome: 'repeated', as: 'admin', body: client, key: 'client', status: 201 },
    { outcome: 'conflict', as: 'admin', body: client, status: 409, code: 'conflict' },
    { outcome: 'refused', as: 'analyst', body: { ...client, clientId: 'walk-other' }, status: 403, code: 'separation-of-duties' },
    // The console is a system of the agency too, and says where its people sign in; there is one for each agency.
    { outcome: 'allowed', as: 'admin', body: consoleClient, status: 201, event: 'alteration' },
    { outcome: 'conflict', as: 'admin', body: { ...consoleClient, clientId: 'walk-charity-desk' }, status: 409, code: 'conflict' },
    { outcome: 'invalid', as: 'admin', body: { ...client, clientId: 'walk-other', binding: 'session' }, status: 400, code: 'invalid' },
    {
      outcome: 'invalid',
      as: 'admin',
      body: { ...client, clientId: 'walk-other', discoveryUri: 'https://sign-in.example' },
      status: 400,
      code: 'invalid',
    },
  ],
  addClientKey: [
    {
      outcome: 'allowed',
      as: 'admin',
      params: its,
      body: { kind: 'dpop', jwk: systemKey },
      key: 'key',
      status: 201,
      event: 'alteration',
      keep: 'key',
    },
    { outcome: 'repeated', as: 'admin', params: its, body: { kind: 'dpop', jwk: systemKey }, key: 'key', status: 201 },
    { outcome: 'conflict', as: 'admin', params: its, body: { kind: 'dpop', jwk: systemKey }, status: 409, code: 'conflict' },
    {
      outcome: 'allowed',
      as: 'admin',
      params: its,
      body: { kind: 'dpop', jwk: nextKey, othersEndInHours: 24 },
      status: 201,
      event: 'alteration',
    },
    { outcome: 'refused', as: 'analyst', params: its, body: { kind: 'dpop', jwk: publicKey() }, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'admin', params: its, body: { kind: 'mtls', jwk: publicKey() }, status: 400, code: 'invalid' },
    {
      outcome: 'invalid',
      as: 'admin',
      params: its,
      body: { kind: 'dpop', jwk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } },
      status: 400,
      code: 'invalid',
    },
    nowhere({ clientId: 'nobody' }, { kind: 'dpop', jwk: publicKey() }),
  ],
  removeClientKey: [
    ...kill((made) => ({ ...its, thumbprint: from(made, 'key', 'thumbprint') }), undefined, 'remove-key'),
    nowhere((made) => ({ ...its, thumbprint: from(made, 'key', 'thumbprint') })),
  ],
  suspendClient: [...kill(its, why, 'suspend-client'), nowhere({ clientId: 'nobody' }, why)],
  liftClientSuspension: [...kill(its, undefined, 'lift-client'), nowhere({ clientId: 'nobody' })],
  registerPerson: [
    { outcome: 'allowed', as: 'admin', body: person, key: 'person', status: 201, event: 'alteration' },
    { outcome: 'repeated', as: 'admin', body: person, key: 'person', status: 201 },
    { outcome: 'refused', as: 'analyst', body: person, status: 403, code: 'separation-of-duties' },
    // Nobody vets themselves.
    {
      outcome: 'refused',
      as: 'admin',
      body: { agencyId: 'ridings-partnership', sub: 'admin', displayName: 'Addy' },
      status: 403,
      code: 'separation-of-duties',
    },
  ],
  registerSignatoryKey: [
    { outcome: 'allowed', as: 'spoc', body: ownSignatory, key: 'signatory', status: 201, event: 'alteration' },
    { outcome: 'repeated', as: 'spoc', body: ownSignatory, key: 'signatory', status: 201 },
    { outcome: 'conflict', as: 'spoc', body: ownSignatory, status: 409, code: 'conflict' },
    { outcome: 'refused', as: 'analyst', body: ownSignatory, status: 403, code: 'separation-of-duties' },
    { outcome: 'not-found', as: 'spoc', body: { sub: 'nobody', jwk: publicKey() }, status: 404, code: 'not-found' },
  ],
  appoint: [
    { outcome: 'allowed', as: 'admin', body: role, key: 'appoint', status: 201, event: 'alteration', keep: 'appointment' },
    { outcome: 'repeated', as: 'admin', body: role, key: 'appoint', status: 201 },
    { outcome: 'refused', as: 'analyst', body: role, status: 403, code: 'separation-of-duties' },
    { outcome: 'invalid', as: 'admin', body: { ...role, toAt: '2025-01-01T00:00:00Z' }, status: 400, code: 'invalid' },
    { outcome: 'invalid', as: 'admin', body: { ...role, sub: 'nobody' }, status: 400, code: 'invalid' },
  ],
  endAppointment: [
    { outcome: 'allowed', as: 'admin', params: appointment, body: why, key: 'end', status: 200, event: 'alteration' },
    { outcome: 'repeated', as: 'admin', params: appointment, body: why, key: 'end', status: 200 },
    { outcome: 'refused', as: 'analyst', params: appointment, body: why, status: 403, code: 'separation-of-duties' },
    { outcome: 'refused', as: 'admin', params: { appointmentId: inventedId() }, body: why, status: 403, code: 'separation-of-duties' },
  ],
  suspendAgency: [...kill(charity, why, 'suspend-agency'), nowhere({ agencyId: 'nobody' }, why)],
  liftAgencySuspension: [...kill(charity, undefined, 'lift-agency'), nowhere({ agencyId: 'nobody' })],
}
