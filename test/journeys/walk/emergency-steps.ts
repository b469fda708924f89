import { emergencyOf } from '../../emergency/support.ts'
import type { Json } from '../../support/ask.ts'
import { inventedId } from '../support/requests.ts'
import { type Made, type Walk } from './step.ts'

const access = (made: Made) => ({ emergencyId: String((made.get('emergency')?.emergency as Json).emergencyId) })
const nothing = { emergencyId: inventedId() }
const triage = { step: 'triage', justification: 'Looks plausible' }
const found = { step: 'decision', outcome: 'not-justified', justification: 'Nobody was at risk' }
const sam = emergencyOf('sam')

export const emergencySteps: Walk = {
  openEmergencyAccess: [
    { outcome: 'allowed', as: 'case-manager', body: sam, key: 'emergency', status: 201, event: 'emergency-opened', keep: 'emergency' },
    // Sent again it opens nothing: what the first one opened is looked at again, decided again.
    { outcome: 'allowed', as: 'case-manager', body: sam, key: 'emergency', status: 201, event: 'disclosure' },
    {
      outcome: 'conflict',
      as: 'case-manager',
      body: { ...sam, threat: 'Quite another threat' },
      key: 'emergency',
      status: 409,
      code: 'conflict',
    },
    { outcome: 'refused', as: 'keyworker', body: sam, status: 403, code: 'emergency-scope' },
    { outcome: 'refused', as: 'system of ridings-police', body: sam, status: 403, code: 'auth' },
    { outcome: 'shielded', as: 'analyst', body: emergencyOf('pat'), status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'analyst', body: { ...sam, offenderId: inventedId() }, status: 404, code: 'ncnd' },
    { outcome: 'invalid', as: 'analyst', body: { ...sam, threat: 'x' }, status: 400, code: 'invalid' },
  ],
  viewEmergencyAccess: [
    { outcome: 'allowed', as: 'case-manager', params: access, status: 200, event: 'disclosure' },
    { outcome: 'not-found', as: 'analyst', params: access, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'case-manager', params: nothing, status: 404, code: 'not-found' },
  ],
  listEmergencyAccesses: [
    { outcome: 'allowed', as: 'ig-officer', status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'chair', query: '?limit=1', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'ig-officer', query: '?cursor=elsewhere', status: 400, code: 'invalid' },
  ],
  readEmergencyAccess: [
    { outcome: 'allowed', as: 'case-manager', params: access, status: 200, event: 'consultation' },
    // A deputy who has accepted no delegation is no chair.
    { outcome: 'not-found', as: 'deputy', params: access, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'analyst', params: access, status: 404, code: 'not-found' },
    { outcome: 'not-found', as: 'chair', params: nothing, status: 404, code: 'not-found' },
  ],
  reviewEmergencyAccess: [
    { outcome: 'refused', as: 'case-manager', params: access, body: triage, status: 403, code: 'separation-of-duties' },
    { outcome: 'not-found', as: 'analyst', params: access, body: triage, status: 404, code: 'not-found' },
    { outcome: 'allowed', as: 'ig-officer', params: access, body: triage, key: 'triage', status: 201, event: 'emergency-reviewed' },
    { outcome: 'repeated', as: 'ig-officer', params: access, body: triage, key: 'triage', status: 201 },
    { outcome: 'conflict', as: 'chair', params: access, body: triage, status: 409, code: 'conflict' },
    { outcome: 'allowed', as: 'chair', params: access, body: found, status: 201, event: 'emergency-reviewed', lines: 1 },
    { outcome: 'not-found', as: 'chair', params: nothing, body: found, status: 404, code: 'not-found' },
    { outcome: 'invalid', as: 'chair', params: access, body: { ...triage, outcome: 'justified' }, status: 400, code: 'invalid' },
  ],
}
