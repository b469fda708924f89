import type { TestGateway } from '../../support/gateway.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { inventedId } from '../support/requests.ts'
import { from, type Made, type Walk } from './step.ts'

const use = { purpose: 'self-monitoring', justification: 'Monthly review of access' }
const trap = {
  ...{ givenName: 'Dora', familyName: 'Nobody', bornOn: '1991-04-05', areaId: 'calder', cohort: 'iom', strand: 'prevent-and-deter' },
  ...{ statutory: false, reviewOn: '2026-12-31', justification: 'Nobody works with this record' },
}
const flag = (made: Made) => ({ flagId: from(made, 'flag', 'flagId') })
const decoy = (made: Made) => ({ decoyId: from(made, 'decoy', 'decoyId') })
const justified = { purpose: 'self-monitoring', outcome: 'justified', grounds: 'Was on call that night' }
const person = { sub: 'analyst', names: [], addresses: ['A'.repeat(43)], transfers: [] }

/** A flag about somebody, raised by the rules; each call makes another one. */
const raise = async (made: Made, { database }: TestGateway): Promise<{ flagId: string }> => {
  const flagId = newId()
  await database.owner.query({
    text: `insert into misuse_flag (id, rule_id, agency_id, person_sub, rank, words, cites, numbers, partnership_only, policy_hash, raised_at)
           values ($1, 'guessing', 'ridings-police', 'analyst', 'high', 'Searched 12 times.', 's.37', '{}', false, 'x', statement_timestamp())`,
    values: [flagId],
  })
  made.set('flag', { flagId })
  return { flagId }
}

export const misuseSteps: Walk = {
  searchFlags: [
    { outcome: 'allowed', as: 'ig-officer', body: use, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'ig-officer', body: { ...use, purpose: 'staff-productivity' }, status: 403, code: 'log-purpose' },
    { outcome: 'refused', as: 'ig-officer', body: { justification: 'A look' }, status: 422, code: 'log-purpose' },
    { outcome: 'incomplete', as: 'ig-officer', body: { purpose: 'lawfulness' }, status: 422, code: 'log-purpose' },
    { outcome: 'refused', as: 'analyst', body: use, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...use, cursor: 'elsewhere' }, status: 400, code: 'invalid' },
  ],
  readFlag: [
    { outcome: 'allowed', as: 'ig-officer', params: raise, body: use, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'analyst', params: flag, body: use, status: 403, code: 'need-to-know' },
    { outcome: 'not-found', as: 'ig-officer', params: { flagId: inventedId() }, body: use, status: 404, code: 'log-purpose' },
  ],
  decideFlag: [
    { outcome: 'refused', as: 'analyst', params: flag, body: justified, status: 403, code: 'need-to-know' },
    { outcome: 'allowed', as: 'ig-officer', params: flag, body: { ...justified, outcome: 'query' }, status: 201, event: 'alteration' },
    { outcome: 'allowed', as: 'ig-second', params: flag, body: justified, key: 'decide', status: 201, event: 'alteration' },
    { outcome: 'repeated', as: 'ig-second', params: flag, body: justified, key: 'decide', status: 201 },
    { outcome: 'conflict', as: 'ig-officer', params: flag, body: justified, status: 409, code: 'conflict' },
    { outcome: 'not-found', as: 'ig-officer', params: { flagId: inventedId() }, body: justified, status: 404, code: 'log-purpose' },
    {
      outcome: 'allowed',
      as: 'ig-officer',
      params: raise,
      body: { ...justified, outcome: 'breach' },
      status: 201,
      event: 'breach-recorded',
    },
  ],
  measureFlags: [
    { outcome: 'allowed', as: 'ig-officer', body: use, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'analyst', body: use, status: 403, code: 'need-to-know' },
  ],
  searchSamples: [
    { outcome: 'allowed', as: 'ig-officer', body: use, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'analyst', body: use, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...use, cursor: 'yesterday' }, status: 400, code: 'invalid' },
  ],
  listBreaches: [
    { outcome: 'allowed', as: 'ig-officer', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'dpo', query: '?cursor=elsewhere', status: 400, code: 'invalid' },
  ],
  registerDecoy: [
    { outcome: 'allowed', as: 'ig-officer', body: trap, key: 'decoy', status: 201, event: 'alteration', keep: 'decoy' },
    { outcome: 'repeated', as: 'ig-officer', body: trap, key: 'decoy', status: 201 },
    { outcome: 'refused', as: 'chair', body: trap, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...trap, areaId: 'nowhere' }, status: 400, code: 'invalid' },
  ],
  searchDecoys: [
    { outcome: 'allowed', as: 'ig-second', body: use, status: 200, event: 'log-queried' },
    { outcome: 'refused', as: 'dpo', body: use, status: 403, code: 'need-to-know' },
    { outcome: 'invalid', as: 'ig-officer', body: { ...use, cursor: 'nobody' }, status: 400, code: 'invalid' },
  ],
  retireDecoy: [
    { outcome: 'refused', as: 'chair', params: decoy, body: { justification: 'Over' }, status: 403, code: 'need-to-know' },
    { outcome: 'allowed', as: 'ig-officer', params: decoy, body: { justification: 'Over' }, key: 'retire', status: 200 },
    { outcome: 'repeated', as: 'ig-officer', params: decoy, body: { justification: 'Over' }, key: 'retire', status: 200 },
    { outcome: 'conflict', as: 'ig-officer', params: decoy, body: { justification: 'Over' }, status: 409, code: 'conflict' },
    {
      outcome: 'not-found',
      as: 'ig-officer',
      params: { decoyId: inventedId() },
      body: { justification: 'Over' },
      status: 404,
      code: 'not-found',
    },
  ],
  readStaffKey: [
    { outcome: 'allowed', as: 'system of ridings-police', status: 200, event: 'consultation' },
    { outcome: 'refused', as: 'analyst', status: 403, code: 'separation-of-duties' },
  ],
  feedStaffRegister: [
    { outcome: 'allowed', as: 'system of ridings-police', body: { people: [person] }, key: 'feed', status: 200, event: 'collection' },
    { outcome: 'repeated', as: 'system of ridings-police', body: { people: [person] }, key: 'feed', status: 200 },
    { outcome: 'refused', as: 'analyst', body: { people: [person] }, status: 403, code: 'separation-of-duties' },
    { outcome: 'invalid', as: 'system of ridings-police', body: { people: [{ sub: 'nobody' }] }, status: 400, code: 'invalid' },
    { outcome: 'invalid', as: 'system of ridings-police', body: { people: [person, person] }, status: 400, code: 'invalid' },
  ],
}
