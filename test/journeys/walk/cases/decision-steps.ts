import { ageOn } from '../../../../src/core/london.ts'
import { planFor } from '../../../casework/strand/strand-support.ts'
import type { Json, Reply } from '../../../support/ask.ts'
import type { TestGateway } from '../../../support/gateway.ts'
import { idOf, inventedId, somebody } from '../../support/requests.ts'
import { today } from '../../../casework/support.ts'
import { from, type Made, type Step, type Walk } from '../step.ts'

const outside = { areaId: 'calder', custodyAgencyId: null, strand: 'rehabilitate-and-resettle', basis: 'cohort' } as const
const isLike = (person: object, wanted: object): boolean =>
  Object.entries(wanted).every(([name, value]) => (person as Record<string, unknown>)[name] === value)
const adult = ({ bornOn }: { bornOn: string }): boolean => ageOn(bornOn, today()) >= 18

/** A statutory adult whom probation leads (L5), and a priority offender without supervision, whom it leads while things go well (L3). */
const supervised = {
  offenderId: somebody(
    (one) => isLike(one, { ...outside, cohort: 'iom', statutory: true, leadAgencyId: 'ridings-probation' }) && adult(one),
  ).id,
}
const priority = {
  offenderId: somebody(
    (one) => isLike(one, { ...outside, cohort: 'ppo', statutory: false, leadAgencyId: 'ridings-probation' }) && adult(one),
  ).id,
}
const robin = { offenderId: idOf('robin') }
const nowhere = { offenderId: inventedId() }

type Prepare = (house: TestGateway, made: Made) => Promise<Reply>

/** What has to be there first, made once however often a step is sent. */
const prepared = async (name: string, { made, house }: { made: Made; house: TestGateway }, prepare: Prepare): Promise<Json> => {
  if (!made.has(name)) {
    const reply = await prepare(house, made)
    if (reply.status >= 300) throw new Error(`${name} could not be prepared: ${reply.text}`)
    made.set(name, reply.body)
  }
  return made.get(name)!
}

const evidence =
  (as: string, { offenderId }: { offenderId: string }, kind: string): Prepare =>
  (house) =>
    house.as(as).post(`/v1/offenders/${offenderId}/evidence`, { kind, text: 'What was seen.', occurredOn: today() })

const submitted: Step['params'] = async (made, house) => {
  const { evidenceId } = await prepared('submitted', { made, house }, evidence('dip-worker', supervised, 'attitude-attendance'))
  return { ...supervised, evidenceId: String(evidenceId) }
}

const versionOf =
  ({ offenderId }: { offenderId: string }): Step['ifMatch'] =>
  async (_made, house) => {
    const { rows } = await house.database.owner.query<{ version: number }>({
      text: 'select o.case_version as version from offender o where o.id = $1',
      values: [offenderId],
    })
    return `"${rows[0]!.version}"`
  }

const toControl =
  (lead: string, person: { offenderId: string }, name: string): Step['body'] =>
  async (made, house) => {
    const { evidenceId } = await prepared(name, { made, house }, evidence('analyst', person, 'arrest-disposal'))
    const why = { justification: 'Agreed with the team.', evidenceIds: [String(evidenceId)] }
    return { toStrand: 'catch-and-control', trigger: 'arrest-disposal', plan: planFor(lead), ...why }
  }
const byProbation = toControl('ridings-probation', supervised, 'arrest of the supervised')

const proposed: Step['params'] = async (made, house) => {
  const { changeId } = await prepared('proposed move', { made, house }, async () => {
    const body = await (toControl('ridings-police', priority, 'arrest of the priority') as (m: Made, h: TestGateway) => Promise<Json>)(
      made,
      house,
    )
    const ifMatch = await (versionOf(priority) as (m: Made, h: TestGateway) => Promise<string>)(made, house)
    return house.as('case-manager').post(`/v1/offenders/${priority.offenderId}/strand-changes`, body, { 'if-match': ifMatch })
  })
  return { ...priority, changeId: String(changeId) }
}

/** Robin refuses sharing with the police, which is theirs to answer. */
const refusing: Step['params'] = async (made, house) => {
  await prepared('refusal', { made, house }, () =>
    house.as('keyworker').post(`/v1/offenders/${robin.offenderId}/consent-events`, {
      ...{ kind: 'refused', capacityBasis: 'adult-presumed', evidence: 'Said at the interview.', happenedAt: new Date().toISOString() },
    }),
  )
  return robin
}
const decided = (made: Made) => ({ ...robin, policeDecisionId: from(made, 'police decision', 'policeDecisionId') })

const minute: Step['body'] = async (made, house) => {
  const { minuteReferenceId } = await prepared('recall minute', { made, house }, async () => {
    await house.database.owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, area_id, from_at)
             values (gen_random_uuid(), 'ridings-probation', 'deputy', 'aco-probation', 'calder', '2026-01-05')`,
    })
    const path = `/v1/conferences/${from(made, 'conference', 'conferenceId')}`
    await house.as('spoc').post(`${path}/agenda`, { ...supervised, item: 'recall' })
    return house.as('spoc').post(`${path}/minute-references`, {
      ...{ reference: 'Recall 1', matter: 'recall', ...supervised, riskOutweighsConfidentiality: true, article8Grounds: ['public-safety'] },
    })
  })
  return { minuteReferenceId: String(minuteReferenceId), justification: 'Imminent risk to a named person.' }
}
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
const recall = () => ({ tier: '24h', grounds: 'Two breaches in a week.', policeExchangeAt: ago(90), applicationAt: ago(5) })

const reviewTask: Step['params'] = async (made, house) => {
  await prepared('review request', { made, house }, () =>
    house
      .as('case-manager')
      .post(`/v1/offenders/${supervised.offenderId}/review-requests`, { because: 'risk', justification: 'Evicted on Friday.' }),
  )
  const { taskId } = await prepared('review task', { made, house }, async () => {
    const reply = await house.as('spoc').get('/v1/tasks?limit=100')
    const tasks = reply.body.tasks as { taskId: string; kind: string; offenderId: string }[]
    const found = tasks.find(({ kind, offenderId }) => kind === 'case-review' && offenderId === supervised.offenderId)!
    return { ...reply, body: { taskId: found.taskId } }
  })
  return { taskId: String(taskId) }
}

const agreed = { decision: 'accepted', justification: 'Agreed' }
const why = { justification: 'Risk without sharing is too high.' }

/** What takes a case of several steps first: evidence from a partner, moves, what police decide, recall. */
export const decisionSteps: Walk = {
  answerEvidence: [
    { outcome: 'refused', as: 'analyst', params: submitted, body: agreed, status: 403, code: 'not-lead' },
    { outcome: 'shielded', as: 'constable-wharfe', params: submitted, body: agreed, status: 404, code: 'ncnd' },
    { outcome: 'allowed', as: 'case-manager', params: submitted, body: agreed, key: 'answer', status: 200, event: 'alteration' },
    { outcome: 'repeated', as: 'case-manager', params: submitted, body: agreed, key: 'answer', status: 200 },
    { outcome: 'conflict', as: 'case-manager', params: submitted, body: agreed, status: 409, code: 'conflict' },
  ],
  recordStrandChange: [
    { outcome: 'refused', as: 'analyst', params: supervised, body: byProbation, status: 403, code: 'not-lead' },
    { outcome: 'conflict', as: 'case-manager', params: supervised, body: byProbation, status: 428, code: 'precondition-required' },
    {
      outcome: 'conflict',
      as: 'case-manager',
      params: supervised,
      body: byProbation,
      ifMatch: '"0"',
      status: 412,
      code: 'precondition-failed',
    },
    {
      ...{ outcome: 'allowed', as: 'case-manager', params: supervised, body: byProbation, ifMatch: versionOf(supervised) },
      ...{ status: 201, event: 'strand-changed' },
    },
    { outcome: 'shielded', as: 'case-manager', params: nowhere, body: byProbation, ifMatch: '"1"', status: 404, code: 'ncnd' },
  ],
  answerStrandChange: [
    { outcome: 'refused', as: 'case-manager', params: proposed, body: agreed, status: 403, code: 'not-lead' },
    { outcome: 'allowed', as: 'analyst', params: proposed, body: agreed, key: 'accept', status: 200, event: 'strand-changed' },
    { outcome: 'repeated', as: 'analyst', params: proposed, body: agreed, key: 'accept', status: 200 },
    { outcome: 'conflict', as: 'analyst', params: proposed, body: agreed, status: 409, code: 'conflict' },
    { outcome: 'shielded', as: 'constable-wharfe', params: proposed, body: agreed, status: 404, code: 'ncnd' },
  ],
  recordPoliceDecision: [
    {
      outcome: 'refused',
      as: 'keyworker',
      params: refusing,
      body: { outcome: 'catch-and-control', ...why },
      status: 403,
      code: 'not-lead',
    },
    { outcome: 'refused', as: 'analyst', params: refusing, body: { outcome: 'catch-and-control' }, status: 422, code: 'evidence' },
    {
      ...{ outcome: 'allowed', as: 'analyst', params: refusing, body: { outcome: 'catch-and-control', ...why }, key: 'decide' },
      ...{ status: 201, event: 'alteration', keep: 'police decision' },
    },
    { outcome: 'repeated', as: 'analyst', params: refusing, body: { outcome: 'catch-and-control', ...why }, key: 'decide', status: 201 },
    { outcome: 'shielded', as: 'constable-wharfe', params: refusing, body: { outcome: 'no-move', ...why }, status: 404, code: 'ncnd' },
  ],
  contestPoliceDecision: [
    { outcome: 'refused', as: 'analyst', params: decided, body: why, status: 403, code: 'not-lead' },
    { outcome: 'allowed', as: 'keyworker', params: decided, body: why, status: 202, event: 'alteration' },
    { outcome: 'shielded', as: 'constable-wharfe', params: decided, body: why, status: 404, code: 'ncnd' },
  ],
  authoriseRecall: [
    { outcome: 'allowed', as: 'deputy', params: supervised, body: minute, key: 'authorise', status: 201, keep: 'authorisation' },
    { outcome: 'repeated', as: 'deputy', params: supervised, body: minute, key: 'authorise', status: 201 },
    { outcome: 'refused', as: 'case-manager', params: supervised, body: minute, status: 403, code: 'recall-authority' },
    { outcome: 'shielded', as: 'constable-wharfe', params: supervised, body: minute, status: 404, code: 'ncnd' },
  ],
  recordRecall: [
    {
      ...{ outcome: 'allowed', as: 'case-manager', params: supervised, status: 201, event: 'alteration' },
      body: (made) => ({ ...recall(), tier: '2h', authorisationId: from(made, 'authorisation', 'authorisationId') }),
    },
    { outcome: 'allowed', as: 'case-manager', params: supervised, body: recall, status: 201 },
    {
      ...{ outcome: 'refused', as: 'case-manager', params: supervised, status: 422, code: 'recall-authority' },
      body: () => ({ ...recall(), tier: '2h' }),
    },
    { outcome: 'shielded', as: 'constable-wharfe', params: supervised, body: recall, status: 404, code: 'ncnd' },
  ],
  completeTask: [
    { outcome: 'not-found', as: 'analyst', params: reviewTask, body: { outcome: 'done' }, status: 404, code: 'not-found' },
    { outcome: 'allowed', as: 'spoc', params: reviewTask, body: { outcome: 'done' }, key: 'complete', status: 200, event: 'alteration' },
    { outcome: 'repeated', as: 'spoc', params: reviewTask, body: { outcome: 'done' }, key: 'complete', status: 200 },
    { outcome: 'not-found', as: 'spoc', params: reviewTask, body: { outcome: 'done' }, status: 404, code: 'not-found' },
  ],
}
