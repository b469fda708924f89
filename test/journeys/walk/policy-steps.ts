import type { PolicyBundle } from '../../../src/core/decision/bundle.ts'
import { policyHash } from '../../../src/gateway/policies/policy-files.ts'
import { shipped } from '../../support/facts.ts'
import { inventedId } from '../support/requests.ts'
import { from, type Made, type Walk } from './step.ts'

/** The shipped rules with another title: another bundle that decides alike. */
const bundle = {
  ...shipped.bundle,
  stages: shipped.bundle.stages.map((stage, index) => (index === 0 ? { ...stage, title: `${stage.title}, again` } : stage)),
} as PolicyBundle
const body = { bundle } as unknown as Record<string, unknown>
const reading = { purpose: 'lawfulness', justification: 'Before publishing' }
const trial = (made: Made) => ({ ...reading, readEntryId: from(made, 'enquiry', 'entryId') })
const proposed = (made: Made) => ({ hash: from(made, 'proposal', 'hash') })
const refused = { outcome: 'refused' }
const line = { category: 'oasys', supplierAgencyId: 'ridings-probation', expects: { outcome: 'released' } }
const ofEntry = (made: Made) => ({ ...trial(made), ...line, name: 'As it was asked' })
const madeUp = { name: 'Nobody refuses this', category: 'arrest-disposal', facts: { consent: 'given' }, expects: refused }
const saved = (made: Made) => ({ testId: from(made, 'passing test', 'testId') })
const why = { justification: 'Said twice' }
const acceptance = (made: Made) => ({ acceptedTestIds: [from(made, 'failing test', 'testId')], justification: 'It was mistaken' })

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
  comparePolicy: [
    { outcome: 'allowed', as: 'ig-second', params: proposed, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', params: proposed, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'ig-second', params: { hash: policyHash(shipped.bundle) }, status: 404, code: 'not-found' },
  ],
  simulatePolicy: [
    { outcome: 'allowed', as: 'ig-second', params: proposed, body: reading, status: 200, event: 'log-queried' },
    { outcome: 'allowed', as: 'registrar', params: proposed, body: { ...reading, days: 1 }, status: 200 },
    { outcome: 'refused', as: 'analyst', params: proposed, body: reading, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'ig-second', params: proposed, body: { ...reading, purpose: 'curiosity' }, status: 403, code: 'log-purpose' },
    { outcome: 'incomplete', as: 'ig-second', params: proposed, body: {}, status: 422, code: 'log-purpose' },
    { outcome: 'invalid', as: 'ig-second', params: proposed, body: { ...reading, days: 0 }, status: 400, code: 'invalid' },
    { outcome: 'not-found', as: 'ig-second', params: { hash: policyHash(shipped.bundle) }, body: reading, status: 404, code: 'not-found' },
  ],
  tryPolicy: [
    { outcome: 'allowed', as: 'ig-second', params: proposed, body: trial, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'registrar', params: proposed, body: trial, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'analyst', params: proposed, body: trial, status: 403, code: 'need-to-know' },
    {
      outcome: 'incomplete',
      as: 'ig-second',
      params: proposed,
      body: (made) => ({ ...trial(made), purpose: null }),
      status: 422,
      code: 'log-purpose',
    },
    {
      outcome: 'not-found',
      as: 'ig-second',
      params: proposed,
      body: { ...reading, readEntryId: inventedId() },
      status: 404,
      code: 'log-purpose',
    },
    {
      outcome: 'not-found',
      as: 'ig-second',
      params: { hash: policyHash(shipped.bundle) },
      body: trial,
      status: 404,
      code: 'not-found',
    },
  ],
  savePolicyTest: [
    { outcome: 'allowed', as: 'ig-second', body: ofEntry, key: 'save-test', status: 201, event: 'alteration', keep: 'passing test' },
    { outcome: 'repeated', as: 'ig-second', body: ofEntry, key: 'save-test', status: 201 },
    { outcome: 'allowed', as: 'registrar', body: madeUp, status: 201, event: 'alteration', keep: 'failing test' },
    { outcome: 'refused', as: 'analyst', body: madeUp, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'registrar', body: ofEntry, status: 403, code: 'need-to-know' },
    { outcome: 'incomplete', as: 'ig-second', body: (made) => ({ ...ofEntry(made), purpose: null }), status: 422, code: 'log-purpose' },
    {
      outcome: 'not-found',
      as: 'ig-second',
      body: (made) => ({ ...ofEntry(made), readEntryId: inventedId() }),
      status: 404,
      code: 'log-purpose',
    },
    { outcome: 'invalid', as: 'ig-second', body: { ...madeUp, facts: { consent: 'perhaps' } }, status: 400, code: 'invalid' },
    { outcome: 'invalid', as: 'ig-second', body: (made) => ({ ...ofEntry(made), category: 'visor' }), status: 400, code: 'invalid' },
  ],
  listPolicyTests: [
    { outcome: 'allowed', as: 'registrar', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'need-to-know' },
  ],
  runPolicyTests: [
    { outcome: 'allowed', as: 'ig-second', params: proposed, status: 200, event: 'consultation' },
    { outcome: 'allowed', as: 'registrar', params: { hash: policyHash(shipped.bundle) }, status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', params: proposed, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'ig-second', params: { hash: 'A'.repeat(43) }, status: 404, code: 'not-found' },
  ],
  retirePolicyTest: [
    { outcome: 'allowed', as: 'ig-officer', params: saved, body: why, key: 'retire-test', status: 200, event: 'alteration' },
    { outcome: 'repeated', as: 'ig-officer', params: saved, body: why, key: 'retire-test', status: 200 },
    { outcome: 'conflict', as: 'ig-officer', params: saved, body: why, status: 409, code: 'conflict' },
    { outcome: 'refused', as: 'analyst', params: saved, body: why, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'ig-officer', params: { testId: inventedId() }, body: why, status: 404, code: 'not-found' },
    { outcome: 'invalid', as: 'ig-officer', params: saved, body: { justification: ' ' }, status: 400, code: 'invalid' },
  ],
  approvePolicy: [
    { outcome: 'refused', as: 'analyst', params: proposed, status: 403, code: 'need-to-know' },
    { outcome: 'refused', as: 'ig-officer', params: proposed, status: 403, code: 'self-approval' },
    {
      outcome: 'conflict',
      as: 'ig-second',
      params: proposed,
      ifMatch: '"rules that are not in force"',
      status: 412,
      code: 'precondition-failed',
    },
    { outcome: 'incomplete', as: 'ig-second', params: proposed, status: 422, code: 'request-incomplete' },
    {
      ...{ outcome: 'conflict', as: 'ig-second', params: proposed, status: 412, code: 'precondition-failed' },
      body: { acceptedTestIds: [inventedId()], justification: 'Another one' },
    },
    { outcome: 'allowed', as: 'ig-second', params: proposed, body: acceptance, key: 'approve', status: 200, event: 'policy-changed' },
    { outcome: 'repeated', as: 'ig-second', params: proposed, body: acceptance, key: 'approve', status: 200 },
    { outcome: 'not-found', as: 'ig-second', params: { hash: policyHash(shipped.bundle) }, status: 404, code: 'not-found' },
  ],
}
