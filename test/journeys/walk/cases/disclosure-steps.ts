import { idOf, inventedId } from '../../support/requests.ts'
import { from, type Made, type Step, type Walk } from '../step.ts'

const caseManager = { agencyId: 'ridings-probation', sub: 'case-manager' }
const analyst = { agencyId: 'ridings-police', sub: 'analyst' }
const asking = { purpose: 'risk-management', legalGateway: 'dpa35-task' }
const why = {
  what: 'What was said of the house under watch.',
  necessity: 'The visit cannot be planned without it.',
  proportionality: 'One paragraph, to one person.',
  lessIntrusive: 'None that names the house.',
}
const request =
  (recipient = caseManager) =>
  (made: Made) => ({ conferenceId: from(made, 'conference', 'conferenceId'), offenderId: idOf('jordan'), recipient, ...asking, ...why })
const of = (name: string) => (made: Made) => ({ requestId: from(made, name, 'requestId') })
const permitted = (made: Made) => ({ permissionId: from(made, 'permission', 'permissionId') })
const found = {
  riskOutweighsConfidentiality: true,
  article8Grounds: ['crime-disorder'],
  necessity: 'Needed for the visit.',
  proportionality: 'No more than that.',
}
const grant = { decision: 'grant-whole', ...found }
const text = { text: 'Which visit is it for?' }
const retrieval = { ...asking, justification: 'Visit planned for Monday' }
const words = { text: 'A house in the area should be visited by two officers.' }
const hash = { hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg' }

/** Refused to a stranger as for what was never asked. */
const unknownTo = (as: string, name: string, body?: Step['body']): readonly Step[] => [
  { outcome: 'shielded', as, params: of(name), body, status: 404, code: 'ncnd' },
  { outcome: 'shielded', as, params: { requestId: inventedId() }, body, status: 404, code: 'ncnd' },
]

/** What the chair lets out of the room: asked, argued about, decided, retrieved and taken back. */
export const disclosureSteps: Walk = {
  createDisclosureRequest: [
    { outcome: 'allowed', as: 'analyst', body: request(), key: 'ask', status: 201, event: 'alteration', keep: 'asked' },
    { outcome: 'repeated', as: 'analyst', body: request(), key: 'ask', status: 201 },
    { outcome: 'allowed', as: 'chair', body: request({ agencyId: 'ridings-police', sub: 'chair' }), status: 201, keep: 'own-cause' },
    { outcome: 'allowed', as: 'analyst', body: request(analyst), status: 201, keep: 'given-up' },
    {
      outcome: 'incomplete',
      as: 'analyst',
      body: (made) => ({ ...request()(made), purpose: null }),
      status: 422,
      code: 'request-incomplete',
    },
    {
      outcome: 'invalid',
      as: 'analyst',
      body: (made) => ({ ...request()(made), paragraphIds: [inventedId()] }),
      status: 400,
      code: 'invalid',
    },
    { outcome: 'shielded', as: 'landlord', body: request(), status: 404, code: 'ncnd' },
    {
      outcome: 'shielded',
      as: 'analyst',
      body: (made) => ({ ...request()(made), offenderId: inventedId() }),
      status: 404,
      code: 'ncnd',
    },
  ],
  listDisclosureRequests: [
    { outcome: 'allowed', as: 'chair', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'chair', query: '?state=open&urgency=routine', status: 200, event: 'consultation' },
  ],
  readDisclosureRequest: [
    { outcome: 'allowed', as: 'chair', params: of('asked'), status: 200, event: 'consultation' },
    ...unknownTo('landlord', 'asked'),
  ],
  askDisclosureInformation: [
    { outcome: 'allowed', as: 'chair', params: of('asked'), body: text, status: 201, event: 'alteration' },
    { outcome: 'conflict', as: 'chair', params: of('asked'), body: text, status: 409, code: 'conflict' },
    { outcome: 'refused', as: 'chair', params: of('own-cause'), body: text, status: 403, code: 'self-approval' },
    { outcome: 'refused', as: 'spoc', params: of('asked'), body: text, status: 403, code: 'delegation' },
    ...unknownTo('landlord', 'asked', text),
  ],
  answerDisclosureInformation: [
    { outcome: 'refused', as: 'chair', params: of('asked'), body: text, status: 403, code: 'need-to-know' },
    { outcome: 'allowed', as: 'analyst', params: of('asked'), body: text, status: 201, event: 'alteration' },
    { outcome: 'conflict', as: 'analyst', params: of('asked'), body: text, status: 409, code: 'conflict' },
  ],
  withdrawDisclosureRequest: [
    { outcome: 'refused', as: 'chair', params: of('given-up'), body: text, status: 403, code: 'need-to-know' },
    { outcome: 'allowed', as: 'analyst', params: of('given-up'), body: text, status: 201, event: 'alteration' },
    { outcome: 'conflict', as: 'analyst', params: of('given-up'), body: text, status: 409, code: 'conflict' },
  ],
  proposeWords: [
    { outcome: 'allowed', as: 'chair', params: of('own-cause'), body: words, status: 201, event: 'alteration', keep: 'words' },
    { outcome: 'refused', as: 'spoc', params: of('asked'), body: words, status: 403, code: 'need-to-know' },
    ...unknownTo('landlord', 'asked', words),
  ],
  acceptWords: [
    { outcome: 'refused', as: 'chair', params: of('asked'), body: hash, status: 403, code: 'need-to-know' },
    {
      outcome: 'allowed',
      as: 'analyst',
      params: async (made, house) => {
        const conferenceId = from(made, 'conference', 'conferenceId')
        const people = [{ ...analyst, part: 'core-member', state: 'attended' }]
        await house.as('spoc').post(`/v1/conferences/${conferenceId}/attendance`, { people })
        return of('own-cause')(made)
      },
      body: (made) => ({ hash: from(made, 'words', 'hash') }),
      status: 201,
      event: 'alteration',
    },
    { outcome: 'conflict', as: 'analyst', params: of('own-cause'), body: hash, status: 409, code: 'conflict' },
  ],
  decideDisclosure: [
    { outcome: 'conflict', as: 'chair', params: of('asked'), body: grant, ifMatch: '"1"', status: 412, code: 'precondition-failed' },
    { outcome: 'invalid', as: 'chair', params: of('asked'), body: grant, status: 428, code: 'precondition-required' },
    { outcome: 'refused', as: 'chair', params: of('own-cause'), body: grant, ifMatch: '"3"', status: 403, code: 'self-approval' },
    {
      outcome: 'incomplete',
      as: 'chair',
      params: of('asked'),
      body: { ...grant, expiresAt: '2026-01-01T00:00:00Z' },
      ifMatch: '"3"',
      status: 422,
      code: 'evidence',
    },
    {
      outcome: 'allowed',
      as: 'chair',
      params: of('asked'),
      body: grant,
      key: 'decision',
      ifMatch: '"3"',
      status: 201,
      event: 'permission-decided',
      keep: 'permission',
    },
    { outcome: 'repeated', as: 'chair', params: of('asked'), body: grant, key: 'decision', ifMatch: '"3"', status: 201 },
    { outcome: 'conflict', as: 'chair', params: of('asked'), body: grant, ifMatch: '"4"', status: 409, code: 'conflict' },
    ...unknownTo('landlord', 'asked', grant),
  ],
  retrieveDisclosure: [
    { outcome: 'allowed', as: 'case-manager', params: permitted, body: retrieval, status: 200, event: 'disclosure' },
    { outcome: 'refused', as: 'keyworker', params: permitted, body: retrieval, status: 403, code: 'chair-none' },
    { outcome: 'incomplete', as: 'case-manager', params: permitted, body: {}, status: 422, code: 'request-incomplete' },
    { outcome: 'shielded', as: 'landlord', params: permitted, body: retrieval, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'landlord', params: { permissionId: inventedId() }, body: retrieval, status: 404, code: 'ncnd' },
  ],
  revokeDisclosure: [
    { outcome: 'refused', as: 'analyst', params: permitted, body: { why: 'Moved' }, status: 403, code: 'delegation' },
    { outcome: 'allowed', as: 'chair', params: permitted, body: { why: 'Not needed' }, status: 201, keep: 'taken-back' },
    { outcome: 'conflict', as: 'chair', params: permitted, body: { why: 'Not needed' }, status: 409, code: 'conflict' },
    { outcome: 'shielded', as: 'landlord', params: permitted, body: { why: 'Not needed' }, status: 404, code: 'ncnd' },
  ],
}
