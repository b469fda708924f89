import type { PolicyBundle } from '../../../src/core/decision/bundle.ts'
import { policyHash } from '../../../src/gateway/policies/policy-files.ts'
import { shipped } from '../../support/facts.ts'
import { from, type Made, type Walk } from './step.ts'

/** The shipped rules with another title: another bundle that decides alike. */
const bundle = {
  ...shipped.bundle,
  stages: shipped.bundle.stages.map((stage, index) => (index === 0 ? { ...stage, title: `${stage.title}, again` } : stage)),
} as PolicyBundle
const body = { bundle } as unknown as Record<string, unknown>
const proposed = (made: Made) => ({ hash: from(made, 'proposal', 'hash') })

export const policySteps: Walk = {
  listPolicies: [
    { outcome: 'allowed', as: 'analyst', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'system of ridings-police', status: 403, code: 'auth' },
  ],
  proposePolicy: [
    { outcome: 'allowed', as: 'ig-officer', body, key: 'propose', status: 201, event: 'policy-changed', keep: 'proposal' },
    { outcome: 'repeated', as: 'ig-officer', body, key: 'propose', status: 201 },
    { outcome: 'refused', as: 'analyst', body, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'ig-officer', body: { bundle: { stages: [] } }, status: 400, code: 'invalid' },
  ],
  approvePolicy: [
    { outcome: 'refused', as: 'analyst', params: proposed, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'ig-officer', params: proposed, status: 403, code: 'self-approval' },
    { outcome: 'allowed', as: 'ig-second', params: proposed, key: 'approve', status: 200, event: 'policy-changed' },
    { outcome: 'repeated', as: 'ig-second', params: proposed, key: 'approve', status: 200 },
    { outcome: 'not-found', as: 'ig-second', params: { hash: policyHash(shipped.bundle) }, status: 404, code: 'not-found' },
  ],
}
