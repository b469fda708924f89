import { signAgreementHash } from '../../../src/sandbox/signatures.ts'
import { termsFor } from '../support/agree.ts'
import { inventedId } from '../support/requests.ts'
import { from, type Made, type Step, type Walk } from './step.ts'

const parties = { providers: ['hmp-stonebeck'], recipients: ['calder-housing'] }
const terms = termsFor('WALK-1', parties)
const second = { terms: { ...terms, title: 'Its second version' } }
const drafted = (made: Made) => ({ agreementId: from(made, 'draft', 'agreementId') })
const nowhere = { agreementId: inventedId() }
const why = { why: 'The parties have asked for it' }

const signature =
  (agencyId: string, hash?: string): Step['body'] =>
  async (made, house) => ({ version: 1, jws: await signAgreementHash(house.dataDir, agencyId, hash ?? from(made, 'draft', 'hash')) })

/** Any party may stop; only the partnership's registrar lets it go on. */
const stopping = (as: string, body: Step['body'] | undefined, key: string): readonly Step[] => [
  { outcome: 'allowed', as, params: drafted, body, key, status: 200, event: 'isa-changed' },
  { outcome: 'repeated', as, params: drafted, body, key, status: 200 },
  { outcome: 'refused', as: 'signatory-ridings-police', params: drafted, body, status: 403, code: 'need-to-know' },
  { outcome: 'refused', as: 'housing-officer', params: drafted, body, status: 403, code: 'need-to-know' },
  { outcome: 'refused', as: 'system of calder-housing', params: drafted, body, status: 403, code: 'auth' },
  { outcome: 'not-found', as: 'registrar', params: nowhere, body, status: 404, code: 'not-found' },
]

export const agreementSteps: Walk = {
  draftAgreement: [
    { outcome: 'allowed', as: 'registrar', body: { terms }, key: 'draft-1', status: 201, event: 'isa-changed', keep: 'draft' },
    { outcome: 'repeated', as: 'registrar', body: { terms }, key: 'draft-1', status: 201 },
    {
      outcome: 'conflict',
      as: 'registrar',
      body: { terms: { ...terms, title: 'Another' } },
      key: 'draft-1',
      status: 409,
      code: 'conflict',
    },
    { outcome: 'conflict', as: 'registrar', body: { terms }, status: 409, code: 'conflict' },
    { outcome: 'allowed', as: 'spoc', body: { terms: { ...terms, reference: 'WALK-3' } }, status: 201, event: 'isa-changed' },
    { outcome: 'refused', as: 'analyst', body: { terms: { ...terms, reference: 'WALK-2' } }, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'system of calder-housing', body: { terms }, status: 403, code: 'auth' },
    {
      outcome: 'invalid',
      as: 'registrar',
      body: { terms: { ...terms, reference: 'WALK-3', inForceTo: '2020-01-01' } },
      status: 400,
      code: 'invalid',
    },
    {
      outcome: 'invalid',
      as: 'registrar',
      body: { terms: { ...terms, reference: 'WALK-3', owner: 'nobody' } },
      status: 400,
      code: 'invalid',
    },
  ],
  signAgreement: [
    {
      outcome: 'refused',
      as: 'signatory-calder-housing',
      params: drafted,
      body: signature('calder-housing', 'another hash'),
      status: 422,
      code: 'isa-party-unsigned',
    },
    {
      outcome: 'refused',
      as: 'signatory-calder-housing',
      params: drafted,
      body: signature('hmp-stonebeck'),
      status: 422,
      code: 'isa-party-unsigned',
    },
    {
      outcome: 'allowed',
      as: 'signatory-calder-housing',
      params: drafted,
      body: signature('calder-housing'),
      status: 201,
      event: 'isa-changed',
    },
    { outcome: 'allowed', as: 'signatory-hmp-stonebeck', params: drafted, body: signature('hmp-stonebeck'), status: 201 },
    { outcome: 'refused', as: 'registrar', params: drafted, body: signature('ridings-partnership'), status: 403, code: 'need-to-know' },
    {
      outcome: 'not-found',
      as: 'signatory-calder-housing',
      params: nowhere,
      body: signature('calder-housing'),
      status: 404,
      code: 'not-found',
    },
  ],
  draftAgreementVersion: [
    { outcome: 'allowed', as: 'registrar', params: drafted, body: second, key: 'version-2', status: 201, event: 'isa-changed' },
    { outcome: 'repeated', as: 'registrar', params: drafted, body: second, key: 'version-2', status: 201 },
    { outcome: 'conflict', as: 'registrar', params: drafted, body: second, status: 409, code: 'conflict' },
    {
      outcome: 'conflict',
      as: 'registrar',
      params: drafted,
      body: { terms: { ...terms, title: 'Over the second, unseen' } },
      ifMatch: '"1"',
      status: 412,
      code: 'precondition-failed',
    },
    { outcome: 'refused', as: 'signatory-ridings-police', params: drafted, body: second, status: 403, code: 'need-to-know' },
    {
      outcome: 'invalid',
      as: 'registrar',
      params: drafted,
      body: { terms: { ...terms, reference: 'ANOTHER' } },
      status: 400,
      code: 'invalid',
    },
    { outcome: 'not-found', as: 'registrar', params: nowhere, body: second, status: 404, code: 'not-found' },
  ],
  listAgreements: [
    { outcome: 'allowed', as: 'analyst', query: '?limit=2', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'system of calder-housing', status: 403, code: 'auth' },
    { outcome: 'invalid', as: 'analyst', query: '?limit=0', status: 400, code: 'invalid' },
    { outcome: 'invalid', as: 'analyst', query: '?cursor=not-handed-out', status: 400, code: 'invalid' },
  ],
  getAgreement: [
    { outcome: 'allowed', as: 'housing-officer', params: drafted, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'landlord', params: drafted, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'housing-officer', params: nowhere, status: 404, code: 'not-found' },
  ],
  agreementCoverage: [
    { outcome: 'allowed', as: 'housing-officer', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'system of calder-housing', status: 403, code: 'auth' },
  ],
  suspendAgreement: stopping('signatory-calder-housing', why, 'suspend'),
  liftAgreementSuspension: [
    ...stopping('registrar', undefined, 'lift'),
    { outcome: 'refused', as: 'signatory-calder-housing', params: drafted, status: 403, code: 'need-to-know' },
  ],
  terminateAgreement: [
    ...stopping('signatory-hmp-stonebeck', why, 'terminate'),
    { outcome: 'allowed', as: 'registrar', params: drafted, body: why, status: 200 },
  ],
}
