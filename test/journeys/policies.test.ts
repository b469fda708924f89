import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PolicyBundle } from '../../src/core/decision/bundle.ts'
import type { Json, Reply } from '../support/ask.ts'
import { shipped } from '../support/facts.ts'
import { type Instance, openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf, lineOf } from '../support/logged.ts'
import { must } from './support/agree.ts'
import { enquire, withheldIn } from './support/requests.ts'

let house: TestGateway
let other: Instance
beforeAll(async () => {
  house = await openGateway()
  other = await house.another()
})
afterAll(() => house.close())

/** The shipped rules and one more, which keeps the selection score from police. */
const stricter = {
  ...shipped.bundle,
  stages: shipped.bundle.stages.map((stage) => (stage.stage === 'R13' ? { ...stage, rules: [...stage.rules, paused()] } : stage)),
} as PolicyBundle

function paused() {
  return {
    id: 'r13-score-paused',
    cites: 'Scrutiny Board 1.26: the score is under review',
    action: ['fetch', 'release'],
    subject: 'selection-score',
    inverted: true,
    conditions: { callerKind: 'police' },
    reason: 'need-to-know',
  }
}

const askAt = (at: Instance): Promise<Reply> => enquire(at.as('analyst'), 'jordan', 'selection-score')
const propose = (at: Instance, as: string, bundle: unknown): Promise<Reply> =>
  at.as(as).post('/v1/policies', { bundle, justification: 'Review' })
const approve = (at: Instance, as: string, hash: string): Promise<Reply> => at.as(as).post(`/v1/policies/${hash}/approval`)

const bothAre = async (status: number, policy: string): Promise<readonly Reply[]> => {
  const replies = await Promise.all([askAt(house), askAt(other)])
  expect(replies.map((reply) => reply.status)).toEqual([status, status])
  for (const reply of replies) expect((await entryOf(house.database, reply)).policy).toBe(policy)
  return replies
}

const activeHash = async (at: Instance): Promise<unknown> => {
  const { policies } = must(await at.as('ig-officer').get('/v1/policies'), 200)
  return (policies as readonly Json[]).filter(({ active }) => active).map(({ hash }) => hash)
}

describe('a policy', () => {
  let hash: string

  it('changes nothing when one officer proposes it, nor when the same officer approves it', async () => {
    await bothAre(200, shipped.hash)
    hash = must(await propose(house, 'ig-officer', stricter), 201).hash as string
    expect(hash).not.toBe(shipped.hash)
    const own = await approve(other, 'ig-officer', hash)
    expect([own.status, own.body.code]).toEqual([403, 'self-approval'])
    expect(await entryOf(house.database, own)).toMatchObject({ event: 'access-denied', reason: 'self-approval' })
    const outsider = await approve(house, 'chair', hash)
    expect(outsider.status).toBe(403)
    await bothAre(200, shipped.hash)
    expect(await activeHash(other)).toEqual([shipped.hash])
  })

  it('decides on both instances, without a restart, from the moment a second officer approves it', async () => {
    const approved = await approve(other, 'ig-second', hash)
    must(approved, 200)
    expect(await entryOf(house.database, approved)).toMatchObject({
      event: 'policy-changed',
      effect: 'permit',
      hash,
      before: shipped.hash,
      caller: { personSub: 'ig-second' },
    })
    const replies = await bothAre(403, hash)
    for (const reply of replies) {
      expect(reply.body).toMatchObject({ code: 'need-to-know', stage: 'R13', ruleId: 'r13-score-paused', cites: paused().cites })
      expect(withheldIn(reply)).toEqual([{ category: 'selection-score', code: 'need-to-know', ruleId: 'r13-score-paused' }])
      expect(JSON.stringify(lineOf(await entryOf(house.database, reply), 'selection-score').reasons)).toContain('r13-score-paused')
    }
    expect(await activeHash(house)).toEqual([hash])
    expect((await enquire(house.as('case-manager'), 'jordan', 'selection-score')).status).toBe(200)
  })

  it('is taken back the same way, by two officers', async () => {
    expect(must(await propose(other, 'ig-second', shipped.bundle), 201).hash).toBe(shipped.hash)
    must(await approve(house, 'ig-officer', shipped.hash), 200)
    await bothAre(200, shipped.hash)
    const again = await approve(house, 'ig-officer', shipped.hash)
    expect([again.status, again.body.code]).toEqual([404, 'not-found'])
  })

  it.each<readonly [string, (bundle: PolicyBundle) => unknown, string]>([
    ['a fact nobody knows', (bundle) => withRule(bundle, { ...paused(), conditions: { shoeSize: 'nine' } }), 'shoeSize'],
    ['a value outside the vocabulary', (bundle) => withRule(bundle, { ...paused(), conditions: { callerKind: 'polize' } }), 'polize'],
    ['a reason nobody knows', (bundle) => withRule(bundle, { ...paused(), reason: 'because' }), 'because'],
    ['an empty list of fields', (bundle) => withRule(bundle, { ...paused(), fields: [] }), 'fields'],
    ['no stages', (bundle) => ({ ...bundle, stages: undefined }), 'stages'],
  ])('with %s is refused with the place of the fault', async (_what, spoil, named) => {
    const reply = await propose(house, 'ig-officer', spoil(shipped.bundle))
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid'])
    expect(JSON.stringify(reply.body.errors)).toContain(named)
    expect(await entryOf(house.database, reply)).toMatchObject({ effect: 'deny', reason: 'invalid' })
    expect(await activeHash(house)).toEqual([shipped.hash])
  })
})

function withRule(bundle: PolicyBundle, rule: unknown): unknown {
  return { ...bundle, stages: bundle.stages.map((stage, index) => (index === 0 ? { ...stage, rules: [...stage.rules, rule] } : stage)) }
}
