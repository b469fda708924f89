import { consentOf, enquiryOf, idOf, inventedId, people } from '../support/requests.ts'
import { from, type Step, type Walk } from './step.ts'

const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Checking' }
const pncOf = (person: string): string =>
  people.find((one) => one.id === idOf(person))!.identifiers.find(({ kind }) => kind === 'pnc-id')!.value
const inCalder = people.filter((one) => one.areaId === 'calder' && one.basis === 'cohort')
const item = { items: [{ fields: { score: 55, criteriaVersion: '2026-1' } }], justification: 'Scored at the conference' }
const score = { offenderId: idOf('jordan'), category: 'selection-score' }
const sam = { offenderId: idOf('sam') }
const sought = consentOf('sought')
const foreseen = consentOf('withdrawn', { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Before recording it' })

const refusedAlike: readonly Step[] = [
  {
    outcome: 'refused',
    as: 'analyst',
    body: enquiryOf('casey', 'engagement'),
    status: 403,
    code: 'consent-refused',
    event: 'access-denied',
  },
  {
    outcome: 'refused',
    as: 'landlord',
    body: enquiryOf('sam', 'accommodation', { legalGateway: 'gdpr-6-1-e' }),
    status: 403,
    code: 'isa-none',
  },
  { outcome: 'refused', as: 'system of ridings-police', body: enquiryOf('sam', 'identity'), status: 403, code: 'auth' },
  {
    outcome: 'incomplete',
    as: 'analyst',
    body: enquiryOf('sam', 'identity', { justification: null }),
    status: 422,
    code: 'request-incomplete',
  },
  { outcome: 'shielded', as: 'constable-wharfe', body: enquiryOf('jordan', 'identity'), status: 404, code: 'ncnd' },
  { outcome: 'shielded', as: 'analyst', body: enquiryOf('pat', 'identity'), status: 404, code: 'ncnd' },
  { outcome: 'shielded', as: 'analyst', body: enquiryOf(inventedId(), 'identity arrest-disposal'), status: 404, code: 'ncnd' },
]

export const peopleSteps: Walk = {
  search: [
    {
      outcome: 'allowed',
      as: 'analyst',
      body: { identifier: { kind: 'pnc-id', value: pncOf('jordan') }, ...looking },
      status: 200,
      event: 'consultation',
      lines: 1,
    },
    {
      outcome: 'allowed',
      as: 'nurse',
      body: { identifier: { kind: 'pnc-id', value: pncOf('jordan') }, ...looking },
      status: 200,
      lines: 0,
    },
    // Children are found only by an enquiry that notes their best interests.
    {
      outcome: 'allowed',
      as: 'analyst',
      body: { list: 'own-area', ...looking },
      status: 200,
      event: 'combination',
      // A child whom R16 keeps from the list is a refusal, and has its line as well.
      lines: inCalder.length,
    },
    {
      outcome: 'refused',
      as: 'landlord',
      body: { list: 'own-area', ...looking, legalGateway: 'cda115' },
      status: 403,
      code: 'legal-gateway',
    },
    { outcome: 'refused', as: 'system of ridings-police', body: { list: 'own-area', ...looking }, status: 403, code: 'auth' },
    {
      outcome: 'incomplete',
      as: 'analyst',
      body: { list: 'own-area', purpose: 'risk-management' },
      status: 422,
      code: 'request-incomplete',
    },
    { outcome: 'invalid', as: 'analyst', body: { ...looking }, status: 400, code: 'invalid' },
  ],
  enquire: [
    {
      outcome: 'allowed',
      as: 'analyst',
      body: enquiryOf('jordan', 'arrest-disposal oasys engagement'),
      status: 200,
      event: 'disclosure',
      asksSources: true,
      keep: 'enquiry',
    },
    { outcome: 'allowed', as: 'analyst', body: enquiryOf('jordan', 'identity selection-score'), status: 200, event: 'disclosure' },
    // Permitted, and nobody holds it: nothing left.
    { outcome: 'allowed', as: 'analyst', body: enquiryOf('sam', 'custody-release'), status: 200, event: 'consultation' },
    ...refusedAlike,
  ],
  previewEnquiry: [
    {
      outcome: 'allowed',
      as: 'analyst',
      body: enquiryOf('jordan', 'arrest-disposal oasys engagement'),
      status: 200,
      event: 'consultation',
    },
    ...refusedAlike,
  ],
  contributeRecord: [
    { outcome: 'allowed', as: 'case-manager', params: score, body: item, key: 'score-1', status: 200, event: 'collection' },
    { outcome: 'repeated', as: 'case-manager', params: score, body: item, key: 'score-1', status: 200, event: 'consultation' },
    { outcome: 'conflict', as: 'case-manager', params: score, body: { items: [] }, key: 'score-1', status: 409, code: 'conflict' },
    { outcome: 'allowed', as: 'system of calder-dip', params: { ...score, category: 'drug-treatment' }, body: { items: [] }, status: 200 },
    {
      outcome: 'refused',
      as: 'keyworker',
      params: { ...score, category: 'health-mental' },
      body: { items: [] },
      status: 403,
      code: 'originator',
    },
    {
      outcome: 'shielded',
      as: 'constable-wharfe',
      params: { ...score, category: 'arrest-disposal' },
      body: { items: [] },
      status: 404,
      code: 'ncnd',
    },
    { outcome: 'shielded', as: 'case-manager', params: { ...score, offenderId: inventedId() }, body: item, status: 404, code: 'ncnd' },
    { outcome: 'invalid', as: 'case-manager', params: score, body: { items: [{ fields: { shoeSize: 9 } }] }, status: 400, code: 'invalid' },
    { outcome: 'invalid', as: 'case-manager', params: { ...score, category: 'gossip' }, body: item, status: 400, code: 'invalid' },
  ],
  recordConsent: [
    { outcome: 'allowed', as: 'keyworker', params: sam, body: sought, key: 'said-1', status: 201, event: 'consent-changed' },
    { outcome: 'repeated', as: 'keyworker', params: sam, body: sought, key: 'said-1', status: 201, event: 'consultation' },
    { outcome: 'conflict', as: 'keyworker', params: sam, body: consentOf('given'), key: 'said-1', status: 409, code: 'conflict' },
    { outcome: 'refused', as: 'area-commander', params: sam, body: consentOf('given'), status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'system of fresh-steps', params: sam, body: sought, status: 403, code: 'auth' },
    { outcome: 'refused', as: 'keyworker', params: sam, body: consentOf('given', { evidence: ' ' }), status: 422, code: 'evidence' },
    {
      outcome: 'invalid',
      as: 'keyworker',
      params: sam,
      body: consentOf('given', { scope: { recipients: ['nobody'] } }),
      status: 400,
      code: 'invalid',
    },
    { outcome: 'shielded', as: 'constable-wharfe', params: sam, body: sought, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'keyworker', params: { offenderId: inventedId() }, body: sought, key: 'said-2', status: 404, code: 'ncnd' },
  ],
  previewConsent: [
    { outcome: 'allowed', as: 'keyworker', params: sam, body: foreseen, status: 200, event: 'disclosure' },
    { outcome: 'allowed', as: 'area-commander', params: sam, body: consentOf('withdrawn'), status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'area-commander', params: sam, body: consentOf('given'), status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'system of fresh-steps', params: sam, body: sought, status: 403, code: 'auth' },
    { outcome: 'refused', as: 'keyworker', params: sam, body: consentOf('given', { evidence: ' ' }), status: 422, code: 'evidence' },
    {
      outcome: 'invalid',
      as: 'keyworker',
      params: sam,
      body: consentOf('given', { happenedAt: '2099-01-01T00:00:00Z' }),
      status: 400,
      code: 'invalid',
    },
    { outcome: 'shielded', as: 'constable-wharfe', params: sam, body: sought, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'keyworker', params: { offenderId: inventedId() }, body: sought, status: 404, code: 'ncnd' },
  ],
  readEntry: (['analyst', 'ig-officer'] as const)
    .map((as): Step => ({
      outcome: 'allowed',
      as,
      params: (made) => ({ entryId: from(made, 'enquiry', 'entryId') }),
      body: { purpose: 'lawfulness', justification: 'Monthly sample' },
      status: 200,
      event: 'log-queried',
    }))
    .concat([
      {
        outcome: 'not-found',
        as: 'case-manager',
        params: (made) => ({ entryId: from(made, 'enquiry', 'entryId') }),
        body: { purpose: 'lawfulness', justification: 'Monthly sample' },
        status: 404,
        code: 'log-purpose',
      },
      {
        outcome: 'not-found',
        as: 'analyst',
        params: { entryId: inventedId() },
        body: { purpose: 'lawfulness', justification: 'Monthly sample' },
        status: 404,
        code: 'log-purpose',
      },
    ]),
  myAccess: [
    { outcome: 'allowed', as: 'analyst', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'system of ridings-police', status: 403, code: 'auth' },
  ],
}
