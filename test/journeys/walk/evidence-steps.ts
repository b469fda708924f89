import { idOf, inventedId } from '../support/requests.ts'
import { from, type Made, type Walk } from './step.ts'

const entry = (made: Made) => ({ entryId: from(made, 'enquiry', 'entryId') })
const erasure = (made: Made) => ({ erasureId: from(made, 'erasure', 'erasureId') })
const hold = (made: Made) => ({ holdId: from(made, 'hold', 'holdId') })
const older = { before: '2020-01-01T00:00:00Z', justification: 'Yearly review' }
const review = { kind: 'serious-further-offence', reference: 'SFO-7' }
const closed = { justification: 'The review has reported' }
const reviewing = { purpose: 'lawfulness', justification: 'Monthly review' }
const jordan = { offenderId: idOf('jordan') }
const described = { name: { givenName: 'Jordan', familyName: 'Examplewood', bornOn: '1989-03-27' } }

export const evidenceSteps: Walk = {
  readCheckpoint: [
    { outcome: 'allowed', as: 'analyst', status: 200, event: 'integrity-checked' },
    { outcome: 'refused', as: 'system of ridings-police', status: 403, code: 'auth' },
  ],
  proveEntry: [
    { outcome: 'allowed', as: 'analyst', params: entry, body: {}, status: 200, event: 'integrity-checked' },
    { outcome: 'allowed', as: 'ig-officer', params: entry, body: {}, status: 200, event: 'integrity-checked' },
    { outcome: 'not-found', as: 'nurse', params: entry, body: {}, status: 404, code: 'log-purpose' },
    { outcome: 'not-found', as: 'analyst', params: { entryId: inventedId() }, body: {}, status: 404, code: 'log-purpose' },
    { outcome: 'invalid', as: 'analyst', params: entry, body: { leafHash: 'short' }, status: 400, code: 'invalid' },
  ],
  checkLog: [
    { outcome: 'allowed', as: 'ig-officer', status: 200, event: 'integrity-checked' },
    { outcome: 'allowed', as: 'admin', status: 200, event: 'integrity-checked' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'need-to-know' },
  ],
  countLog: [
    { outcome: 'allowed', as: 'ig-officer', body: { ...reviewing, filter: { outcome: 'refused' } }, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'analyst', body: reviewing, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'dpo', body: { ...reviewing, purpose: 'staff-productivity' }, status: 403, code: 'log-purpose' },
    { outcome: 'incomplete', as: 'dpo', body: { purpose: 'lawfulness' }, status: 422, code: 'log-purpose' },
  ],
  findLogSubjects: [
    { outcome: 'allowed', as: 'ig-officer', body: { ...reviewing, ...described }, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'analyst', body: { ...reviewing, ...described }, status: 403, code: 'need-to-know' },
    { outcome: 'incomplete', as: 'ig-officer', body: described, status: 422, code: 'log-purpose' },
    { outcome: 'invalid', as: 'ig-officer', body: reviewing, status: 400, code: 'invalid' },
  ],
  searchLog: [
    { outcome: 'allowed', as: 'ig-officer', body: { ...reviewing, countByDay: true }, status: 200, event: 'log-queried' },
    { outcome: 'allowed', as: 'dpo', body: { ...reviewing, filter: { outcome: 'refused' } }, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'analyst', body: reviewing, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'ig-officer', body: { ...reviewing, purpose: 'staff-productivity' }, status: 403, code: 'log-purpose' },
    { outcome: 'incomplete', as: 'ig-officer', body: { justification: 'Monthly review' }, status: 422, code: 'log-purpose' },
    { outcome: 'incomplete', as: 'ig-officer', body: { purpose: 'lawfulness' }, status: 422, code: 'log-purpose' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...reviewing, cursor: 'bm90IG9uZQ' }, status: 400, code: 'invalid' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...reviewing, filter: { category: 'gossip' } }, status: 400, code: 'invalid' },
  ],
  exportLogEntries: [
    { outcome: 'allowed', as: 'ig-officer', body: { ...reviewing, format: 'csv' }, status: 200, event: 'log-exported' },
    { outcome: 'allowed', as: 'ig-officer', body: { ...reviewing, format: 'json-lines' }, status: 200, event: 'log-exported' },
    { outcome: 'allowed', as: 'ig-officer', body: { ...reviewing, format: 'hmpps-audit' }, status: 200, event: 'log-exported' },
    {
      outcome: 'allowed',
      as: 'ig-officer',
      body: { ...reviewing, format: 'csv', leaveOut: ['justification', 'staff', 'person'] },
      status: 200,
      event: 'log-exported',
    },
    {
      outcome: 'invalid',
      as: 'ig-officer',
      body: { ...reviewing, format: 'json-lines', leaveOut: ['staff'] },
      status: 400,
      code: 'invalid',
    },
    { outcome: 'refused', as: 'chair', body: { ...reviewing, format: 'csv' }, status: 403, code: 'need-to-know' },
    { outcome: 'incomplete', as: 'ig-officer', body: { format: 'csv' }, status: 422, code: 'log-purpose' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...reviewing, format: 'pdf' }, status: 400, code: 'invalid' },
  ],
  requestErasure: [
    { outcome: 'allowed', as: 'ig-officer', body: older, key: 'erase', status: 201, event: 'log-queried', keep: 'erasure' },
    { outcome: 'repeated', as: 'ig-officer', body: older, key: 'erase', status: 201 },
    { outcome: 'refused', as: 'analyst', body: older, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...older, before: '2999-01-01T00:00:00Z' }, status: 400, code: 'invalid' },
  ],
  approveErasure: [
    { outcome: 'refused', as: 'ig-officer', params: erasure, status: 403, code: 'need-to-know' },
    { outcome: 'allowed', as: 'dpo', params: erasure, key: 'approve-erasure', status: 200, event: 'erasure' },
    { outcome: 'repeated', as: 'dpo', params: erasure, key: 'approve-erasure', status: 200 },
    { outcome: 'not-found', as: 'dpo', params: { erasureId: inventedId() }, status: 404, code: 'not-found' },
  ],
  placeLegalHold: [
    { outcome: 'allowed', as: 'ig-officer', params: jordan, body: review, key: 'hold', status: 201, event: 'alteration', keep: 'hold' },
    { outcome: 'repeated', as: 'ig-officer', params: jordan, body: review, key: 'hold', status: 201 },
    { outcome: 'shielded', as: 'analyst', params: jordan, body: review, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'ig-officer', params: { offenderId: inventedId() }, body: review, status: 404, code: 'ncnd' },
    { outcome: 'invalid', as: 'ig-officer', params: jordan, body: { ...review, kind: 'curiosity' }, status: 400, code: 'invalid' },
  ],
  endLegalHold: [
    { outcome: 'refused', as: 'analyst', params: hold, body: closed, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'ig-officer', params: hold, body: closed, status: 403, code: 'separation-of-duties' },
    { outcome: 'allowed', as: 'ig-second', params: hold, body: closed, key: 'end', status: 200, event: 'alteration' },
    { outcome: 'repeated', as: 'ig-second', params: hold, body: closed, key: 'end', status: 200 },
    { outcome: 'conflict', as: 'ig-second', params: hold, body: closed, status: 409, code: 'conflict' },
    { outcome: 'not-found', as: 'ig-second', params: { holdId: inventedId() }, body: closed, status: 404, code: 'not-found' },
  ],
}
