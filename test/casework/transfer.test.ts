import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'
import { inDays, register } from './support.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
  // Wharfe's conference has an administrator of its own.
  await gateway.database.owner.query({
    text: `insert into appointment (id, agency_id, person_sub, role, area_id, from_at)
           values (gen_random_uuid(), 'ridings-police', 'constable-wharfe', 'spoc', 'wharfe', '2026-01-01')`,
  })
})
afterAll(() => gateway.close())

const newCase = async (): Promise<string> => (await register(gateway)).body.offenderId as string
const ownerOf = async (offenderId: string): Promise<string> => {
  const { rows } = await gateway.database.owner.query<{ area: string }>({
    text: 'select o.area_id as area from offender o where o.id = $1',
    values: [offenderId],
  })
  return rows[0]!.area
}
const reviewOf = async (offenderId: string): Promise<string> => {
  const { rows } = await gateway.database.owner.query<{ day: string }>({
    text: 'select o.review_on::text as day from offender o where o.id = $1',
    values: [offenderId],
  })
  return rows[0]!.day
}
const stable = { toAreaId: 'wharfe', address: 'stable', addressStableSince: inDays(-60), justification: 'Has moved to a flat of her own.' }
const propose = (offenderId: string, more: object = {}, by = 'spoc') =>
  gateway.as(by).post(`/v1/offenders/${offenderId}/transfers`, { ...stable, ...more })
const answer = (offenderId: string, transferId: unknown, areaId: string, by: string, more: object = {}) =>
  gateway.as(by).post(`/v1/offenders/${offenderId}/transfers/${String(transferId)}/answers`, {
    ...{ areaId, answer: 'accepted', address: 'stable', justification: 'Agreed between the two conferences.' },
    ...(areaId === 'wharfe' ? { reviewOn: inDays(84) } : {}),
    ...more,
  })

describe('a transfer between areas', () => {
  it('58: with an unstable address is refused, and the case keeps its one owner throughout', async () => {
    const offenderId = await newCase()
    for (const address of [
      { address: 'unstable' },
      { address: 'unknown' },
      { addressStableSince: inDays(5) },
      { addressStableSince: undefined },
    ]) {
      const reply = await propose(offenderId, address)
      expect(reply).toMatchObject({ status: 422, body: { code: 'address-unstable', errors: [{ path: '/address' }] } })
      expect(await entriesOf(gateway.database, reply)).toMatchObject([{ effect: 'deny', reason: 'address-unstable' }])
      expect(await ownerOf(offenderId)).toBe('calder')
    }
  })

  it('needs both areas, each by an officer of its own, and moves with the second acceptance', async () => {
    const offenderId = await newCase()
    const { transferId } = (await propose(offenderId)).body
    expect(await ownerOf(offenderId)).toBe('calder')
    expect((await propose(offenderId)).status).toBe(409)
    expect((await answer(offenderId, transferId, 'wharfe', 'spoc')).status).toBe(404)
    expect((await answer(offenderId, transferId, 'calder', 'case-manager')).status).toBe(403)
    expect((await answer(offenderId, transferId, 'wharfe', 'constable-wharfe', { address: 'unknown' })).body.code).toBe('address-unstable')
    for (const reviewOn of [undefined, inDays(-1), inDays(113)]) {
      const undated = await answer(offenderId, transferId, 'wharfe', 'constable-wharfe', { reviewOn })
      expect(undated).toMatchObject({ status: 422, body: { code: 'review-date', errors: [{ path: '/reviewOn' }] } })
    }
    const waits = (await gateway.as('constable-wharfe').get('/v1/tasks?limit=100')).body.tasks as { kind: string; offenderId: string }[]
    expect(waits).toContainEqual(expect.objectContaining({ kind: 'transfer-acceptance', offenderId }))
    const first = await answer(offenderId, transferId, 'wharfe', 'constable-wharfe')
    expect(first).toMatchObject({ status: 200, body: { state: 'proposed', ownerAreaId: 'calder' } })
    expect(await ownerOf(offenderId)).toBe('calder')
    const second = await answer(offenderId, transferId, 'calder', 'chair')
    expect(second).toMatchObject({
      status: 200,
      body: { state: 'completed', ownerAreaId: 'wharfe', reviewOn: inDays(84), notCovered: [], tiesEnded: ['calder-housing'] },
    })
    expect(await ownerOf(offenderId)).toBe('wharfe')
    expect(await reviewOf(offenderId)).toBe(inDays(84))
    // Calder's core members had the area as their only route.
    const gone = await gateway.as('dip-worker').post('/v1/enquiries', {
      ...{ offenderId, categories: [{ id: 'identity' }], purpose: 'risk-management', legalGateway: 'cda115', justification: 'Still ours?' },
    })
    expect(gone.status).toBe(404)
  })

  it('by one person for both areas is refused', async () => {
    await gateway.database.owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, area_id, from_at)
             values (gen_random_uuid(), 'ridings-police', 'chair', 'chair', 'wharfe', '2026-01-01')`,
    })
    const offenderId = await newCase()
    const { transferId } = (await propose(offenderId)).body
    expect((await answer(offenderId, transferId, 'wharfe', 'chair')).status).toBe(200)
    expect(await answer(offenderId, transferId, 'calder', 'chair')).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } })
    expect(await ownerOf(offenderId)).toBe('calder')
  })

  it('once refused by an area is over', async () => {
    const offenderId = await newCase()
    const { transferId } = (await propose(offenderId)).body
    const refused = await answer(offenderId, transferId, 'wharfe', 'constable-wharfe', { answer: 'refused' })
    expect(refused).toMatchObject({ status: 200, body: { state: 'refused', ownerAreaId: 'calder' } })
    expect((await answer(offenderId, transferId, 'calder', 'chair')).status).toBe(409)
    expect(await ownerOf(offenderId)).toBe('calder')
    expect((await propose(offenderId)).status).toBe(201)
  })

  it('is refused where the agreement does not reach: the parties are asked for anew', async () => {
    const offenderId = await newCase()
    const { transferId } = (await propose(offenderId)).body
    await answer(offenderId, transferId, 'wharfe', 'constable-wharfe')
    const { owner } = gateway.database
    await owner.query({ text: `update agreement set suspended_at = statement_timestamp() where agreement.reference = 'RIDINGS-IOM-001'` })
    const refused = await answer(offenderId, transferId, 'calder', 'chair')
    expect(refused).toMatchObject({ status: 422, body: { code: 'isa-none', stage: 'R37' } })
    expect(await ownerOf(offenderId)).toBe('calder')
    await owner.query({ text: `update agreement set suspended_at = null where agreement.reference = 'RIDINGS-IOM-001'` })
    expect((await answer(offenderId, transferId, 'calder', 'chair')).body.state).toBe('completed')
  })

  it('has one owner at every instant, however many answer at once', async () => {
    const offenderId = await newCase()
    const { transferId } = (await propose(offenderId)).body
    const seen = new Set<string>()
    let watching = true
    const watch = (async () => {
      while (watching) seen.add(await ownerOf(offenderId))
    })()
    const answers = await Promise.all([
      answer(offenderId, transferId, 'wharfe', 'constable-wharfe'),
      answer(offenderId, transferId, 'calder', 'chair'),
      answer(offenderId, transferId, 'calder', 'spoc'),
    ])
    watching = false
    await watch
    expect(answers.filter(({ body }) => body.state === 'completed')).toHaveLength(1)
    expect([...seen].every((area) => area === 'calder' || area === 'wharfe')).toBe(true)
    expect(await ownerOf(offenderId)).toBe('wharfe')
  })
})
