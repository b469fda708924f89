import type { Json } from '../../../support/ask.ts'
import { idOf, inventedId } from '../../support/requests.ts'
import type { Made, Walk } from '../step.ts'

const jordan = { offenderId: idOf('jordan') }
const looking = { purpose: 'audit-ig', legalGateway: 'dpa35-task', justification: 'Who still has what was said of the house' }
/** What the chair's taking back of the permission asked for. */
const recalled = (made: Made) => ({ recallId: (made.get('taken-back')!.recall as Json).recallId as string })
const noticed = (made: Made) => ({ noticeId: (made.get('recall')!.holders as readonly Json[])[0]!.noticeId as string })
const destroyed = { outcome: 'destroyed' }

/** Who holds what was let out, and what becomes of it once the permission is taken back. */
export const copySteps: Walk = {
  listCopies: [
    { outcome: 'allowed', as: 'chair', params: jordan, body: looking, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', params: jordan, body: looking, status: 403, code: 'need-to-know' },
    {
      outcome: 'refused',
      as: 'chair',
      params: jordan,
      body: { ...looking, purpose: 'risk-management' },
      status: 403,
      code: 'purpose-incompatible',
    },
    { outcome: 'incomplete', as: 'chair', params: jordan, body: {}, status: 422, code: 'request-incomplete' },
    { outcome: 'shielded', as: 'landlord', params: jordan, body: looking, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'chair', params: { offenderId: inventedId() }, body: looking, status: 404, code: 'ncnd' },
  ],
  listCopyRecalls: [{ outcome: 'allowed', as: 'chair', status: 200, event: 'consultation' }],
  readCopyRecall: [
    { outcome: 'allowed', as: 'chair', params: recalled, status: 200, event: 'consultation', keep: 'recall' },
    { outcome: 'not-found', as: 'landlord', params: recalled, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'chair', params: { recallId: inventedId() }, status: 404, code: 'not-found' },
  ],
  readReturnNotice: [
    { outcome: 'allowed', as: 'case-manager', params: noticed, status: 200, event: 'consultation' },
    { outcome: 'not-found', as: 'landlord', params: noticed, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'case-manager', params: { noticeId: inventedId() }, status: 404, code: 'not-found' },
  ],
  acknowledgeReturnNotice: [
    { outcome: 'refused', as: 'chair', params: noticed, body: destroyed, status: 403, code: 'need-to-know' },
    {
      outcome: 'incomplete',
      as: 'case-manager',
      params: noticed,
      body: { ...destroyed, onTheirWord: true },
      status: 422,
      code: 'evidence',
    },
    { outcome: 'not-found', as: 'landlord', params: noticed, body: destroyed, status: 404, code: 'not-found' },
    {
      outcome: 'allowed',
      as: 'case-manager',
      params: noticed,
      body: destroyed,
      key: 'gone',
      status: 201,
      event: 'acknowledged',
    },
    { outcome: 'repeated', as: 'case-manager', params: noticed, body: destroyed, key: 'gone', status: 201 },
    { outcome: 'conflict', as: 'case-manager', params: noticed, body: destroyed, status: 409, code: 'conflict' },
  ],
}
