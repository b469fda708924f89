import { idOf, inventedId } from '../../support/requests.ts'
import { from, type Made, type Step, type Walk } from '../step.ts'

const context = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the next review' }
const asking = (sub: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ...{ subject: { type: 'person', id: sub }, action: { name: 'read' }, context: { ...context, ...more } },
})
const record = (person: string, category = 'identity') => ({ resource: { type: 'record', id: idOf(person), properties: { category } } })
const minutes =
  (sub: string, person = 'jordan', more: Readonly<Record<string, unknown>> = {}) =>
  (made: Made) => ({
    ...asking(sub, more),
    resource: { type: 'minutes', id: from(made, 'conference', 'conferenceId'), properties: { offenderId: idOf(person) } },
  })
const denied = { status: 200, effect: 'deny', event: 'access-denied' } as const
const unsaid = { outcome: 'shielded', status: 200 } as const
const both = { ...asking('analyst'), evaluations: [record('jordan'), record('sam')] }
const needed = {
  what: 'What was said of the house under watch.',
  necessity: 'The visit cannot be planned without it.',
  proportionality: 'One paragraph, to one person.',
  lessIntrusive: 'None that names the house.',
}
const request = (made: Made) => {
  const told = made.get('denial')!.context as { evaluation_id: string; access_request: { expires_at: string } }
  const denial = { evaluation_id: told.evaluation_id, expires_at: told.access_request.expires_at }
  return { ...minutes('analyst')(made), denial, requested_access: needed }
}
const task = (made: Made) => ({ taskId: (made.get('task')!.task as { id: string }).id })

/** What machines ask: is it permitted, and where it is not, whether the chair would let it out. */
export const accessSteps: Walk = {
  evaluateAccess: [
    { outcome: 'allowed', as: 'analyst', body: { ...asking('analyst'), ...record('jordan') }, status: 200, event: 'consultation' },
    // Permitted, and nobody holds it.
    { outcome: 'allowed', as: 'analyst', body: { ...asking('analyst'), ...record('sam', 'custody-release') }, status: 200 },
    { outcome: 'refused', as: 'analyst', body: { ...asking('analyst'), ...record('casey', 'engagement') }, ...denied },
    { outcome: 'refused', as: 'analyst', body: { ...asking('case-manager'), ...record('jordan') }, ...denied },
    { outcome: 'refused', as: 'analyst', body: minutes('case-manager'), ...denied },
    { outcome: 'incomplete', as: 'analyst', body: { ...asking('analyst', { purpose: null }), ...record('sam') }, ...denied },
    { outcome: 'refused', as: 'analyst', body: minutes('analyst'), ...denied, keep: 'denial' },
    { outcome: 'refused', as: 'analyst', body: minutes('analyst', 'jordan', { approval: { id: inventedId() } }), ...denied },
    { ...unsaid, as: 'constable-wharfe', body: { ...asking('constable-wharfe'), ...record('jordan') } },
    { ...unsaid, as: 'analyst', body: { ...asking('analyst'), ...record('pat') } },
    { ...unsaid, as: 'analyst', body: { ...asking('analyst'), ...record(inventedId()) } },
    { ...unsaid, as: 'landlord', body: minutes('landlord') },
    { ...unsaid, as: 'analyst', body: minutes('analyst', 'pat') },
    { ...unsaid, as: 'analyst', body: minutes('analyst', inventedId()) },
    {
      outcome: 'invalid',
      as: 'analyst',
      body: { ...asking('analyst'), resource: { type: 'record', id: idOf('jordan'), properties: {} } },
      status: 400,
      code: 'invalid',
    },
    {
      outcome: 'refused',
      as: 'system of ridings-police',
      body: { ...asking('analyst'), ...record('sam') },
      status: 403,
      code: 'auth',
    },
    { outcome: 'refused', as: 'system of ridings-police', body: minutes('analyst'), status: 403, code: 'auth' },
  ],
  evaluateAccesses: [
    // Without a list it is one evaluation.
    { outcome: 'allowed', as: 'analyst', body: { ...asking('analyst'), ...record('jordan') }, status: 200 },
    { outcome: 'allowed', as: 'analyst', body: both, status: 200, event: 'consultation', lines: 1 },
    {
      outcome: 'allowed',
      as: 'analyst',
      body: { ...both, options: { evaluations_semantic: 'permit_on_first_permit' } },
      status: 200,
      lines: 0,
    },
    { outcome: 'invalid', as: 'analyst', body: { ...asking('analyst'), evaluations: [{}] }, status: 400, code: 'invalid' },
    { outcome: 'refused', as: 'system of ridings-police', body: both, status: 403, code: 'auth' },
  ],
  requestAccess: [
    { outcome: 'allowed', as: 'analyst', body: request, key: 'lift', status: 201, event: 'alteration', keep: 'task' },
    { outcome: 'repeated', as: 'analyst', body: request, key: 'lift', status: 201 },
    { outcome: 'conflict', as: 'analyst', body: request, status: 409, code: 'conflict' },
    ...(['case-manager', 'landlord'].map((as) => ({ outcome: 'invalid', as, body: request, status: 400, code: 'invalid' })) as Step[]),
    {
      outcome: 'invalid',
      as: 'analyst',
      body: (made) => ({ ...request(made), context: { ...context, purpose: 'prevent-detect' } }),
      status: 400,
      code: 'invalid',
    },
  ],
  readAccessTask: [
    { outcome: 'allowed', as: 'analyst', params: task, status: 200, event: 'consultation' },
    { outcome: 'shielded', as: 'chair', params: task, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'landlord', params: task, status: 404, code: 'ncnd' },
    { outcome: 'shielded', as: 'landlord', params: { taskId: inventedId() }, status: 404, code: 'ncnd' },
  ],
}
