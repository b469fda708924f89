import { createHash } from 'node:crypto'
import { confidentialityStatement } from '../../../../src/sandbox/cast.ts'
import { idOf, inventedId } from '../../support/requests.ts'
import { from, type Made, type Step, type Walk } from '../step.ts'

const held = (made: Made) => ({ conferenceId: from(made, 'conference', 'conferenceId') })
const unknown = { conferenceId: inventedId() }
const reading = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the next review' }
const chair = { agencyId: 'ridings-police', sub: 'chair' }
const keyworker = { agencyId: 'fresh-steps', sub: 'keyworker' }
const nurse = { agencyId: 'ridings-health', sub: 'nurse' }
const there = { people: [{ ...keyworker, part: 'core-member', state: 'attended' }] }
const hash = createHash('sha256').update(confidentialityStatement).digest('base64url')
const acknowledged = { statementVersion: 1, statementHash: hash }
const statement = { text: 'A second version, read out at every meeting that is still to come.', fromOn: '2099-01-01' }
const discussion = {
  offenderId: idOf('jordan'),
  riskOutweighsConfidentiality: true,
  article8Grounds: ['crime-disorder'],
  finding: 'Four burglaries in a month.',
}
const minutes = {
  form: 'minutes',
  paragraphs: [
    { text: 'The meeting was opened.' },
    { text: 'Seen at a house under watch.', offenderId: idOf('jordan'), originatorAgencyId: 'ridings-police', source: 'another-person' },
  ],
}
const paragraph = (made: Made): Readonly<Record<string, string>> => {
  const [first] = made.get('minutes')!.paragraphs as readonly { readonly paragraphId: string }[]
  return { ...held(made), paragraphId: first!.paragraphId }
}
const delegation = {
  areaId: 'calder',
  deputy: { agencyId: 'ridings-probation', sub: 'deputy' },
  acts: ['decide-disclosure'],
  fromAt: '2026-01-10T00:00:00Z',
  toAt: '2099-01-01T00:00:00Z',
}
const written = (made: Made) => ({ delegationId: from(made, 'delegation', 'delegationId') })

/** Refused to a stranger as for a meeting that was never held. */
const unknownTo = (as: string, body?: Step['body']): readonly Step[] => [
  { outcome: 'shielded', as, params: held, body, status: 404, code: 'ncnd' },
  { outcome: 'shielded', as, params: unknown, body, status: 404, code: 'ncnd' },
]

/** What closed meetings answer: who came, what they acknowledged, what was said and who acts for the chair. */
export const meetingSteps: Walk = {
  listStatements: [{ outcome: 'allowed', as: 'keyworker', status: 200, event: 'consultation' }],
  publishStatement: [
    { outcome: 'allowed', as: 'ig-officer', body: statement, key: 'statement', status: 201, event: 'policy-changed' },
    { outcome: 'repeated', as: 'ig-officer', body: statement, key: 'statement', status: 201 },
    { outcome: 'invalid', as: 'ig-officer', body: { ...statement, fromOn: '2026-01-06' }, status: 400, code: 'invalid' },
    { outcome: 'refused', as: 'chair', body: statement, status: 403, code: 'need-to-know' },
  ],
  inviteToConference: [
    { outcome: 'allowed', as: 'spoc', params: held, body: { people: [keyworker, nurse] }, key: 'invite', status: 201 },
    { outcome: 'repeated', as: 'spoc', params: held, body: { people: [keyworker, nurse] }, key: 'invite', status: 201 },
    { outcome: 'refused', as: 'analyst', params: held, body: { people: [chair] }, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'spoc', params: held, body: { people: [{ ...chair, sub: 'nobody' }] }, status: 400, code: 'invalid' },
    ...unknownTo('landlord', { people: [chair] }),
  ],
  recordAttendance: [
    { outcome: 'allowed', as: 'spoc', params: held, body: there, key: 'attendance', status: 201 },
    { outcome: 'repeated', as: 'spoc', params: held, body: there, key: 'attendance', status: 201 },
    {
      outcome: 'refused',
      as: 'spoc',
      params: held,
      body: { people: [{ ...keyworker, part: 'core-member', state: 'excluded' }] },
      status: 403,
      code: 'delegation',
    },
    {
      outcome: 'refused',
      as: 'deputy',
      params: held,
      body: { people: [{ agencyId: 'ridings-probation', sub: 'deputy', part: 'core-member', state: 'attended' }] },
      status: 403,
      code: 'separation-of-duties',
    },
    ...unknownTo('landlord', there),
  ],
  readAttendance: [{ outcome: 'allowed', as: 'analyst', params: held, status: 200, event: 'consultation' }, ...unknownTo('landlord')],
  acknowledgeStatement: [
    { outcome: 'allowed', as: 'keyworker', params: held, body: acknowledged, key: 'ack', status: 201, event: 'acknowledged' },
    { outcome: 'repeated', as: 'keyworker', params: held, body: acknowledged, key: 'ack', status: 201 },
    { outcome: 'refused', as: 'analyst', params: held, body: acknowledged, status: 403, code: 'not-attendee' },
    { outcome: 'conflict', as: 'nurse', params: held, body: { ...acknowledged, statementVersion: 2 }, status: 409, code: 'conflict' },
    ...unknownTo('landlord', acknowledged),
  ],
  recordDiscussion: [
    { outcome: 'allowed', as: 'spoc', params: held, body: discussion, key: 'discussion', status: 201 },
    { outcome: 'repeated', as: 'spoc', params: held, body: discussion, key: 'discussion', status: 201 },
    { outcome: 'incomplete', as: 'spoc', params: held, body: { ...discussion, article8Grounds: [] }, status: 422, code: 'evidence' },
    { outcome: 'shielded', as: 'spoc', params: held, body: { ...discussion, offenderId: idOf('sam') }, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'spoc', params: held, body: { ...discussion, offenderId: inventedId() }, status: 404, code: 'ncnd' },
  ],
  writeMinutes: [
    { outcome: 'allowed', as: 'spoc', params: held, body: minutes, key: 'minutes', status: 201, event: 'collection', keep: 'minutes' },
    { outcome: 'repeated', as: 'spoc', params: held, body: minutes, key: 'minutes', status: 201 },
    { outcome: 'refused', as: 'keyworker', params: held, body: minutes, status: 403, code: 'need-to-know' },
    {
      outcome: 'incomplete',
      as: 'spoc',
      params: held,
      body: { form: 'minutes', paragraphs: [{ text: 'Own words.', source: 'own', foiLabels: ['foia-41'] }] },
      status: 422,
      code: 'foi-label',
    },
    ...unknownTo('landlord', minutes),
  ],
  correctParagraph: [
    {
      outcome: 'invalid',
      as: 'spoc',
      params: paragraph,
      body: { text: 'Opened at ten.', why: 'The time' },
      status: 428,
      code: 'precondition-required',
    },
    {
      outcome: 'allowed',
      as: 'spoc',
      params: paragraph,
      headers: { 'if-match': '"1"' },
      body: { text: 'Opened at ten.', why: 'The time' },
      status: 201,
    },
    {
      outcome: 'conflict',
      as: 'spoc',
      params: paragraph,
      headers: { 'if-match': '"1"' },
      body: { text: 'Opened at nine.', why: 'The time' },
      status: 412,
      code: 'precondition-failed',
    },
  ],
  readMinutes: [
    {
      outcome: 'allowed',
      as: 'keyworker',
      params: held,
      body: { ...reading, legalGateway: 'gdpr-6-1-e' },
      status: 200,
      event: 'disclosure',
    },
    { outcome: 'refused', as: 'keyworker', params: held, body: { ...reading, manner: 'print' }, status: 403, code: 'copy-prohibited' },
    { outcome: 'refused', as: 'chair', params: held, body: reading, status: 403, code: 'not-acknowledged' },
    { outcome: 'refused', as: 'nurse', params: held, body: reading, status: 403, code: 'not-attendee' },
    { outcome: 'refused', as: 'analyst', params: held, body: reading, status: 403, code: 'not-attendee' },
    { outcome: 'incomplete', as: 'keyworker', params: held, body: {}, status: 422, code: 'request-incomplete' },
    ...unknownTo('landlord', reading),
  ],
  withdrawAcknowledgement: [
    { outcome: 'allowed', as: 'keyworker', params: held, status: 201, event: 'acknowledged' },
    { outcome: 'conflict', as: 'keyworker', params: held, status: 409, code: 'conflict' },
    ...unknownTo('landlord'),
  ],
  writeDelegation: [
    { outcome: 'allowed', as: 'chair', body: delegation, key: 'delegation', status: 201, event: 'delegation-changed', keep: 'delegation' },
    { outcome: 'repeated', as: 'chair', body: delegation, key: 'delegation', status: 201 },
    { outcome: 'refused', as: 'deputy', body: { ...delegation, deputy: chair }, status: 403, code: 'delegation' },
    { outcome: 'invalid', as: 'chair', body: { ...delegation, toAt: '2026-01-11T00:00:00Z' }, status: 400, code: 'invalid' },
  ],
  listDelegations: [{ outcome: 'allowed', as: 'deputy', status: 200, event: 'consultation' }],
  answerDelegation: [
    { outcome: 'not-found', as: 'analyst', params: written, body: { decision: 'accept' }, status: 404, code: 'not-found' },
    { outcome: 'allowed', as: 'deputy', params: written, body: { decision: 'accept' }, status: 201, event: 'delegation-changed' },
    { outcome: 'conflict', as: 'deputy', params: written, body: { decision: 'accept' }, status: 409, code: 'conflict' },
  ],
  revokeDelegation: [
    { outcome: 'not-found', as: 'analyst', params: written, body: { why: 'Back at work' }, status: 404, code: 'not-found' },
    { outcome: 'allowed', as: 'chair', params: written, body: { why: 'Back at work' }, status: 201, event: 'delegation-changed' },
    { outcome: 'conflict', as: 'deputy', params: written, body: { why: 'Over' }, status: 409, code: 'conflict' },
  ],
}
