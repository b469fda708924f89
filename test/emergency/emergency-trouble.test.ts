import { afterAll, beforeAll, expect, it } from 'vitest'
import { enquire } from '../journeys/support/requests.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { asOwner, open } from './support.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway({ sealing: { on: false } })
})
afterAll(() => house.close())

const accesses = async (): Promise<number> => (await house.database.owner.query({ text: 'select from emergency_access' })).rows.length

it('scenario 51: when no entry can be committed nothing leaves, emergency access included, and nothing is left behind', async () => {
  expect((await open(house, 'analyst', 'jordan')).status).toBe(201)
  await house.database.owner.query({ text: 'revoke insert on access_log from gateway_app' })
  const reply = await open(house, 'analyst', 'jordan')
  await house.database.owner.query({ text: 'grant insert on access_log to gateway_app' })
  expect([reply.status, reply.body.code]).toEqual([503, 'unavailable'])
  expect(reply.text).not.toContain('records')
  expect(await accesses()).toBe(1)
})

it('what cannot be written beside the entry takes the entry and the answer with it', async () => {
  const entries = async (): Promise<number> =>
    (await house.database.owner.query({ text: `select from access_log_payload where event = 'emergency-opened'` })).rows.length
  const before = await entries()
  await house.database.owner.query({ text: 'revoke insert on emergency_access from gateway_app' })
  const reply = await open(house, 'analyst', 'jordan')
  await house.database.owner.query({ text: 'grant insert on emergency_access to gateway_app' })
  expect(reply.status).toBeGreaterThanOrEqual(500)
  expect(reply.text).not.toContain('records')
  expect([await entries(), await accesses()]).toEqual([before, 1])
})

it('a log that is not being sealed stops ordinary data and not emergency access', async () => {
  expect((await enquire(house.as('analyst'), 'jordan', 'identity')).status).toBe(200)
  await asOwner(house, `update log_batch set committed_at = committed_at - interval '16 minutes'`)
  const [ordinary, emergency] = await Promise.all([enquire(house.as('analyst'), 'jordan', 'identity'), open(house, 'analyst', 'jordan')])
  expect([ordinary.status, emergency.status]).toEqual([503, 201])
})
