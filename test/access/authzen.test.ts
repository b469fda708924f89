import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replayEntry } from '../../src/gateway/enquiry/replay-entry.ts'
import { asking, type Disclosures, openDisclosures, refusal, type Scene, textsOf, why } from '../disclosure/support.ts'
import { must } from '../journeys/support/agree.ts'
import { idOf, inventedId, listIn } from '../journeys/support/requests.ts'
import type { Json, Reply } from '../support/ask.ts'
import { shippedPolicies } from '../support/facts.ts'
import { entriesOf, entryOf } from '../support/logged.ts'

let house: Disclosures
beforeAll(async () => {
  house = await openDisclosures()
})
afterAll(() => house.close())

const asked = (sub: string, more: Json = {}): Json => ({
  ...{ subject: { type: 'person', id: sub }, action: { name: 'read' }, context: { ...asking, ...more } },
})
const record = (person: string, category = 'identity') => ({ resource: { type: 'record', id: idOf(person), properties: { category } } })
const minutes = ({ conferenceId: id, offenderId }: { conferenceId: string; offenderId: string }) => ({
  resource: { type: 'minutes', id, properties: { offenderId } },
})
const evaluate = (as: string, body: Json) => house.as(as).post('/access/v1/evaluation', body)
const aboutMinutes = (scene: Scene, more: Json = {}, as = 'analyst') => evaluate(as, { ...asked(as, more), ...minutes(scene) })
const toldOf = ({ body }: Reply) => body.context as Json
const lift = (scene: Scene, denial: Reply, more: Json = {}, as = 'analyst') => {
  const { evaluation_id, access_request } = toldOf(denial) as { evaluation_id: string; access_request: { expires_at: string } }
  const denied = { evaluation_id, expires_at: access_request.expires_at }
  return house.as(as).post('/access/v1/requests', { ...asked(as), ...minutes(scene), denial: denied, requested_access: why, ...more })
}
const taskIn = (reply: Reply) => reply.body.task as { id: string; status: string; status_endpoint: string }
const poll = (taskId: string, as = 'analyst') => house.as(as).get(`/access/v1/requests/${taskId}`)

describe('the description of the policy decision point', () => {
  it('is public and names where to ask', async () => {
    const told = (await (await fetch(`${house.url}/.well-known/authzen-configuration`)).json()) as Json
    expect(told).toEqual({
      policy_decision_point: house.url,
      access_evaluation_endpoint: `${house.url}/access/v1/evaluation`,
      access_evaluations_endpoint: `${house.url}/access/v1/evaluations`,
      access_request_endpoint: `${house.url}/access/v1/requests`,
      capabilities: ['urn:openid:authzen:capability:access-request'],
    })
  })
})

describe('an evaluation', () => {
  it('is the decision of a preview, and of a reading, with no data in it', async () => {
    const [identity, text] = [await evaluate('analyst', { ...asked('analyst'), ...record('jordan') }), 'Said at the meeting.']
    expect(identity.body).toMatchObject({ decision: true, context: { evaluation_id: identity.entryId, held: true } })
    const preview = await house.as('analyst').post('/v1/enquiries/preview', {
      ...{ offenderId: idOf('jordan'), categories: [{ id: 'identity' }], ...asking },
    })
    const [given] = listIn(preview, 'records')
    expect(toldOf(identity)).toMatchObject({ fields: given!.fieldsPermitted, obligations: given!.obligations, marking: given!.marking })
    const scene = await house.scene([text])
    const refused = await aboutMinutes(scene)
    expect([refused.body.decision, toldOf(refused).code]).toEqual([false, 'not-attendee'])
    await house.attend(scene.conferenceId, { analyst: 'attended' })
    expect(toldOf(await aboutMinutes(scene)).code).toBe('not-acknowledged')
    await house.acknowledge(scene.conferenceId, 'analyst')
    const permitted = await aboutMinutes(scene)
    expect([permitted.body.decision, JSON.stringify(permitted.body).includes(text)]).toEqual([true, false])
  })

  it('says nothing of a person shielded, excluded or invented, and offers no way to ask', async () => {
    const scene = await house.scene(['One.'])
    const asks: readonly (readonly [string, Json])[] = [
      ['constable-wharfe', record('jordan')],
      ['constable-wharfe', record('pat')],
      ['constable-wharfe', record(inventedId())],
      ['constable-wharfe', minutes(scene)],
      ['constable-wharfe', minutes({ conferenceId: inventedId(), offenderId: inventedId() })],
      ['analyst', record('pat')],
      ['analyst', minutes({ ...scene, offenderId: idOf('pat') })],
      ['analyst', minutes({ ...scene, offenderId: inventedId() })],
      // Known, and not a case of that meeting.
      ['analyst', minutes({ ...scene, offenderId: idOf('sam') })],
    ]
    const answers = new Set<string>()
    for (const [as, resource] of asks) {
      const reply = await evaluate(as, { ...asked(as), ...resource })
      const { evaluation_id, evaluated_at, ...told } = toldOf(reply)
      expect([evaluation_id, typeof evaluated_at]).toEqual([reply.entryId, 'string'])
      const headers = [...reply.headers.keys()].toSorted()
      answers.add(JSON.stringify([reply.status, reply.body.decision, told, headers]))
      expect(await entryOf(house.database, reply)).toMatchObject({ operation: 'evaluateAccess', effect: 'deny-ncnd' })
    }
    expect([...answers]).toHaveLength(1)
    expect([...answers][0]).not.toContain('access_request')
  })

  it('is decided again from its entry to the same result', async () => {
    const scene = await house.scene(['One.'])
    const replies = [await aboutMinutes(scene), await evaluate('analyst', { ...asked('analyst'), ...record('casey', 'engagement') })]
    const permissionId = await house.granted(await house.requested(scene))
    replies.push(await aboutMinutes(scene, { approval: { id: permissionId } }))
    for (const reply of replies) {
      const { decisions, differences } = replayEntry(await entryOf(house.database, reply), shippedPolicies)
      expect([decisions > 0, differences]).toEqual([true, []])
    }
  })

  it('of several is decided and logged one by one, and stops where it is told to', async () => {
    const evaluations = [record('jordan'), record('casey', 'engagement'), record('sam')]
    const all = await house.as('analyst').post('/access/v1/evaluations', { ...asked('analyst'), evaluations })
    expect(listIn(all, 'evaluations').map(({ decision }) => decision)).toEqual([true, false, true])
    expect((await entriesOf(house.database, all)).map(({ offenderId }) => offenderId).toSorted()).toEqual(
      ['jordan', 'casey', 'sam'].map(idOf).toSorted(),
    )
    const until = async (evaluations_semantic: string) => {
      const body = { ...asked('analyst'), evaluations, options: { evaluations_semantic } }
      return listIn(await house.as('analyst').post('/access/v1/evaluations', body), 'evaluations').length
    }
    expect([await until('deny_on_first_deny'), await until('permit_on_first_permit'), await until('execute_all')]).toEqual([2, 1, 3])
  })
})

describe('a denial that the chair could lift', () => {
  it('becomes a request whose task is polled, and an approval that is weighed again whenever it is named', async () => {
    const scene = await house.scene(['One.', 'Two.'])
    const denial = await aboutMinutes(scene)
    expect(toldOf(denial)).toMatchObject({ reason: 'not-attendee', access_request: { template: 'chair-permission' } })
    const requested = must(await lift(scene, denial), 201)
    const task = requested.task as { id: string; status: string; status_endpoint: string }
    expect(task).toEqual({ id: task.id, status: 'pending', status_endpoint: `/access/v1/requests/${task.id}` })
    expect((await poll(task.id)).body).toMatchObject({ task: { status: 'pending' } })
    for (const other of ['chair', 'case-manager', 'landlord']) expect((await poll(task.id, other)).status).toBe(404)
    // To have asked, and to be waiting, gives nothing.
    expect((await aboutMinutes(scene, { approval: { id: task.id } })).body.decision).toBe(false)

    const permissionId = await house.granted(task.id)
    const approved = await poll(task.id)
    const { mode, approval } = approved.body.result as { mode: string; approval: Json }
    expect([taskIn(approved).status, mode, approval.id]).toEqual(['approved', 'reevaluate', permissionId])
    expect((await aboutMinutes(scene)).body.decision).toBe(false)
    expect((await aboutMinutes(scene, { approval })).body).toMatchObject({ decision: true, context: { approval: { id: permissionId } } })
    expect(textsOf(await house.retrieve(permissionId, 'analyst'))).toEqual(['One.', 'Two.'])

    // No bearer grant: to another person, about another person, or for another purpose it is none.
    const byAnother = await aboutMinutes(scene, { approval }, 'case-manager')
    expect(byAnother.body).toMatchObject({ decision: false, context: { reason: 'approval_unverifiable' } })
    const elsewhere = await aboutMinutes(await house.scene(['Three.']), { approval })
    expect(elsewhere.body).toMatchObject({ decision: false, context: { reason: 'approval_unverifiable', next_action: 'request' } })
    const otherwise = await aboutMinutes(scene, { approval, purpose: 'prevent-detect' })
    expect(otherwise.body).toMatchObject({ decision: false, context: { reason: 'out_of_scope' } })

    must(await house.revoke(permissionId), 201)
    const after = await aboutMinutes(scene, { approval })
    expect(after.body).toMatchObject({
      decision: false,
      context: {
        reason: 'approval_expired',
        code: 'chair-revoked',
        next_action: 'request',
        access_request: { template: 'chair-permission' },
      },
    })
    expect(taskIn(await poll(task.id)).status).toBe('cancelled')
  })

  it('is told so only where something would then leave', async () => {
    const scene = await house.scene(['One.'])
    expect(toldOf(await aboutMinutes(scene))).toHaveProperty('access_request')
    // A permission never cures a power that does not cover it, and what may not travel does not travel by permission either (R23).
    const theirs = await house.scene([{ text: 'Two.', originatorAgencyId: 'ridings-probation' }])
    expect(toldOf(await aboutMinutes(theirs))).toHaveProperty('access_request')
    expect(toldOf(await aboutMinutes(theirs, { legalGateway: 'vital-interests' }))).not.toHaveProperty('access_request')
    expect(toldOf(await aboutMinutes(await house.scene([{ text: 'Two.', marking: 'confidential' }])))).not.toHaveProperty('access_request')
    expect(toldOf(await aboutMinutes(scene, { purpose: null }))).not.toHaveProperty('access_request')
  })

  it('is asked about by whoever was denied, once, as it was denied, and in time', async () => {
    const scene = await house.scene(['One.'])
    const denial = await aboutMinutes(scene)
    const pathsOf = (reply: Reply) => [reply.status, listIn(reply, 'errors').map(({ path }) => path)]
    expect(pathsOf(await lift(scene, denial, {}, 'case-manager'))).toEqual([400, ['/denial/evaluation_id']])
    const invented = { evaluation_id: inventedId(), expires_at: '2099-01-01T00:00:00Z' }
    expect(pathsOf(await lift(scene, denial, { denial: invented }))).toEqual([400, ['/denial/evaluation_id']])
    expect(pathsOf(await lift(scene, denial, asked('analyst', { purpose: 'prevent-detect' })))).toEqual([400, ['/context/purpose']])
    expect(pathsOf(await lift(await house.scene(['Two.']), denial))).toEqual([400, ['/resource']])
    expect((await lift(scene, denial)).status).toBe(201)
    expect(refusal(await lift(scene, denial))).toEqual([409, 'conflict'])
    const late = await aboutMinutes(scene)
    await house.database.owner.query({ text: 'alter table requestable_denial disable trigger all' })
    const text = `update requestable_denial set evaluated_at = evaluated_at - interval '1 day', expires_at = expires_at - interval '1 day'
                   where evaluation_id = $1 returning expires_at as "expiresAt"`
    const { rows } = await house.database.owner.query<{ expiresAt: Date }>({ text, values: [toldOf(late).evaluation_id] })
    await house.database.owner.query({ text: 'alter table requestable_denial enable trigger all' })
    const over = { evaluation_id: toldOf(late).evaluation_id, expires_at: rows[0]!.expiresAt.toISOString() }
    expect(pathsOf(await lift(scene, late, { denial: over }))).toEqual([400, ['/denial/expires_at']])
  })
})
