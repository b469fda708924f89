import { inDays, today } from '../../casework/support.ts'
import { idOf, inventedId } from '../support/requests.ts'
import { from, type Made, type Walk } from './step.ts'

const letter = { offenderId: idOf('jordan'), reference: 'SAR-2026-14', receivedOn: today(), identityConfirmedOn: today() }
const asked = (made: Made) => ({ requestId: from(made, 'letter', 'requestId') })
const nothing = { requestId: inventedId() }
const kept = {
  purpose: 'prevent-detect',
  ground: 'inquiry',
  lapsesOn: inDays(30),
  reasons: 'Telling would warn those who are looked into.',
}
const history = { purpose: 'audit-ig', justification: 'A complaint' }
const jordan = { offenderId: idOf('jordan') }

export const rightsSteps: Walk = {
  recordRightsRequest: [
    { outcome: 'allowed', as: 'dpo', body: letter, key: 'letter', status: 201, event: 'rights-request', keep: 'letter' },
    { outcome: 'repeated', as: 'dpo', body: letter, key: 'letter', status: 201 },
    { outcome: 'allowed', as: 'ig-officer', body: { ...letter, offenderId: null }, status: 201, event: 'rights-request' },
    { outcome: 'refused', as: 'analyst', body: letter, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'dpo', body: { ...letter, receivedOn: inDays(1) }, status: 400, code: 'invalid' },
  ],
  listRightsRequests: [
    { outcome: 'allowed', as: 'dpo', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'dpo', query: '?cursor=elsewhere', status: 400, code: 'invalid' },
  ],
  readHistory: [
    { outcome: 'allowed', as: 'ig-officer', params: jordan, body: history, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', params: jordan, body: history, status: 403, code: 'need-to-know' },
    {
      outcome: 'refused',
      as: 'dpo',
      params: jordan,
      body: { ...history, purpose: 'selection' },
      status: 403,
      code: 'purpose-incompatible',
    },
    { outcome: 'incomplete', as: 'dpo', params: jordan, body: { purpose: 'audit-ig' }, status: 422, code: 'request-incomplete' },
    { outcome: 'shielded', as: 'dpo', params: { offenderId: inventedId() }, body: history, status: 404, code: 'ncnd' },
  ],
  withholdDisclosures: [
    { outcome: 'allowed', as: 'ig-officer', params: jordan, body: kept, key: 'keep', status: 201, event: 'rights-request' },
    { outcome: 'repeated', as: 'ig-officer', params: jordan, body: kept, key: 'keep', status: 201 },
    { outcome: 'shielded', as: 'analyst', params: jordan, body: kept, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'ig-officer', params: { offenderId: inventedId() }, body: kept, status: 404, code: 'ncnd' },
    { outcome: 'invalid', as: 'ig-officer', params: jordan, body: { ...kept, lapsesOn: today() }, status: 400, code: 'invalid' },
  ],
  exportUsages: [
    { outcome: 'allowed', as: 'dpo', params: asked, status: 200, event: 'rights-request' },
    { outcome: 'refused', as: 'analyst', params: asked, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'dpo', params: nothing, status: 404, code: 'not-found' },
  ],
  answerRightsRequest: [
    { outcome: 'refused', as: 'analyst', params: asked, status: 403, code: 'need-to-know' },
    { outcome: 'allowed', as: 'dpo', params: asked, status: 200, event: 'rights-request' },
    { outcome: 'allowed', as: 'ig-officer', params: asked, status: 200, event: 'rights-request' },
    { outcome: 'not-found', as: 'dpo', params: nothing, status: 404, code: 'not-found' },
  ],
  readAggregate: [
    { outcome: 'allowed', as: 'spoc', body: { breakdown: 'cohort-position' }, status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'landlord', body: { breakdown: 'area-supervision' }, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'system of ridings-police', body: { breakdown: 'cohort-position' }, status: 403, code: 'auth' },
    {
      outcome: 'not-found',
      as: 'spoc',
      body: { breakdown: 'cohort-position', period: '2001-Q1' },
      status: 404,
      code: 'not-found',
    },
    { outcome: 'invalid', as: 'spoc', body: { breakdown: 'area-cohort' }, status: 400, code: 'invalid' },
  ],
}
