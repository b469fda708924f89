import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Json, Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf, entryOf, lineOf } from '../support/logged.ts'
import { consentOf, enquire, enquiryOf, listIn, recordConsent, withheldIn } from './support/requests.ts'

const limitMs = 600
let house: TestGateway
beforeAll(async () => {
  house = await openGateway({ sourceTimeoutMs: limitMs })
})
afterAll(() => house.close())

const systems = ['ridings-police', 'ridings-probation', 'calder-yos', 'calder-dip', 'fresh-steps', 'hmp-stonebeck']
afterEach(() => {
  for (const agencyId of systems) house.misbehave(agencyId, null)
})

const asked = () => Object.fromEntries(systems.map((agencyId) => [agencyId, house.answered(agencyId)]))
const unavailableIn = (reply: Reply) =>
  listIn(reply, 'unavailable').map(({ category, supplierAgencyId, because }) => [category, supplierAgencyId, because])
const suppliersIn = (reply: Reply): readonly unknown[] =>
  [...new Set(listIn(reply, 'records').map((record) => (record.supplier as Json).agencyId))].sort()

describe('several sources', () => {
  it('answer one enquiry, each for itself', async () => {
    const reply = await enquire(house.as('analyst'), 'jordan', 'arrest-disposal oasys asset stat-compliance engagement')
    expect(reply.status).toBe(200)
    expect(suppliersIn(reply)).toEqual(expect.arrayContaining(['calder-yos', 'fresh-steps', 'ridings-police', 'ridings-probation']))
    expect(listIn(reply, 'unavailable')).toEqual([])
  })

  it('of which one hangs, one lies and one fails are named, and the rest answers within its own limit', async () => {
    house.misbehave('ridings-probation', 'hang')
    house.misbehave('calder-yos', 'wrong-person')
    house.misbehave('fresh-steps', 'fail')
    const begun = performance.now()
    const reply = await enquire(house.as('analyst'), 'jordan', 'arrest-disposal oasys asset engagement identity')
    const tookMs = performance.now() - begun
    expect(reply.status).toBe(200)
    expect(suppliersIn(reply)).toEqual(expect.arrayContaining(['ridings-police']))
    expect(listIn(reply, 'records').map((record) => record.category)).toEqual(expect.arrayContaining(['arrest-disposal', 'identity']))
    expect(unavailableIn(reply)).toEqual(
      expect.arrayContaining([
        ['oasys', 'ridings-probation', 'timeout'],
        ['asset', 'calder-yos', 'wrong-subject'],
        ['engagement', 'fresh-steps', 'failed'],
      ]),
    )
    for (const one of listIn(reply, 'unavailable')) expect(one).toMatchObject({ says: expect.any(String), nextStep: expect.any(String) })
    // Its own limit once, and time for everything else: not the limits of three one after the other.
    expect(tookMs).toBeGreaterThanOrEqual(limitMs - 50)
    expect(tookMs).toBeLessThan(2 * limitMs)

    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ event: 'disclosure', effect: 'permit' })
    expect(lineOf(entry, 'oasys')).toMatchObject({ outcome: 'unavailable', supplier: 'ridings-probation', because: 'timeout' })
    const { rows } = await house.database.owner.query<{ supplier: string }>({
      text: 'select distinct d.supplier_agency_id as supplier from disclosure d where d.entry_id = $1 order by 1',
      values: [reply.entryId],
    })
    expect(rows.map(({ supplier }) => supplier)).toEqual(suppliersIn(reply))
  })

  it('give nothing in a shape that nobody announced', async () => {
    house.misbehave('ridings-police', 'changed-shape')
    const reply = await enquire(house.as('analyst'), 'jordan', 'arrest-disposal identity')
    expect(reply.status).toBe(200)
    expect(unavailableIn(reply)).toEqual([['arrest-disposal', 'ridings-police', 'invalid-reply']])
    expect(suppliersIn(reply)).toEqual(['ridings-probation'])
  })

  it('that all fail leave an answer that says so and releases nothing', async () => {
    house.misbehave('ridings-police', 'fail')
    const reply = await enquire(house.as('analyst'), 'sam', 'arrest-disposal')
    expect([reply.status, listIn(reply, 'records'), unavailableIn(reply)]).toEqual([
      200,
      [],
      [['arrest-disposal', 'ridings-police', 'failed']],
    ])
    const text = 'select count(*) as count from disclosure d where d.entry_id = $1'
    expect((await house.database.owner.query<{ count: number }>({ text, values: [reply.entryId] })).rows[0]?.count).toBe(0)
  })
})

describe('what is refused', () => {
  it('is never asked for', async () => {
    const before = asked()
    const refused = await enquire(house.as('analyst'), 'casey', 'engagement')
    expect(withheldIn(refused)).toEqual([{ category: 'engagement', code: 'consent-refused', ruleId: 'r15-voluntary-refused' }])
    expect((await enquire(house.as('constable-wharfe'), 'jordan', 'arrest-disposal oasys')).status).toBe(404)
    expect((await enquire(house.as('analyst'), 'pat', 'arrest-disposal')).status).toBe(404)
    expect((await enquire(house.as('analyst'), 'jordan', 'arrest-disposal', { justification: '' })).status).toBe(422)
    const forHousing = { purpose: 'accommodation', legalGateway: 'cda115' }
    const incompatible = await enquire(house.as('housing-officer'), 'sam', 'arrest-disposal', forHousing)
    expect(withheldIn(incompatible)).toMatchObject([{ category: 'arrest-disposal', code: 'purpose-incompatible' }])
    expect(asked()).toEqual(before)
    expect((await entriesOf(house.database, refused)).map(({ operation }) => operation)).toEqual(['enquire'])
  })

  it('is not asked for beside what is permitted, which is', async () => {
    const before = asked()
    const reply = await enquire(house.as('analyst'), 'casey', 'arrest-disposal engagement')
    expect(reply.status).toBe(200)
    expect(asked()).toEqual({ ...before, 'ridings-police': before['ridings-police']! + 1 })
    const [intent] = await entriesOf(house.database, reply)
    expect(intent).toMatchObject({ event: 'intent', asks: [{ supplier: 'ridings-police', categories: ['arrest-disposal'] }] })
  })

  it('is not asked for by a preview, nor is anything else', async () => {
    const before = asked()
    const reply = await house.as('analyst').post('/v1/enquiries/preview', enquiryOf('jordan', 'arrest-disposal oasys engagement'))
    expect(reply.status).toBe(200)
    expect(asked()).toEqual(before)
    expect(await entriesOf(house.database, reply)).toMatchObject([{ operation: 'previewEnquiry', event: 'consultation' }])
  })
})

describe('while a source is being asked', () => {
  const slowly = (person: string, categories: string) => {
    house.misbehave('ridings-police', 'hang')
    const requestId = randomUUID()
    const reply = house.as('analyst').post('/v1/enquiries', enquiryOf(person, categories), { 'x-request-id': requestId })
    const isUnderWay = () =>
      vi.waitFor(
        async () => {
          const entries = await entriesOf(house.database, { requestId })
          expect(entries.map(({ event }) => event)).toEqual(['intent'])
        },
        { timeout: limitMs, interval: 10 },
      )
    return { reply, isUnderWay }
  }

  it('the intent to ask stands in the log already, and the decision does not', async () => {
    const { reply, isUnderWay } = slowly('sam', 'arrest-disposal')
    await isUnderWay()
    const entries = await entriesOf(house.database, await reply)
    expect(entries.map(({ event }) => event)).toEqual(['intent', 'consultation'])
    expect(entries[0]?.at! < entries[1]?.at!).toBe(true)
  })

  it('consent withdrawn closes what another source has given already', async () => {
    const before = house.answered('fresh-steps')
    const { reply, isUnderWay } = slowly('sam', 'arrest-disposal engagement')
    await isUnderWay()
    await vi.waitFor(() => expect(house.answered('fresh-steps')).toBe(before + 1), { timeout: limitMs, interval: 5 })
    expect((await recordConsent(house.as('keyworker'), 'sam', consentOf('withdrawn'))).status).toBe(201)
    const answer = await reply
    expect(answer.text).not.toContain('fields')
    expect(withheldIn(answer)).toEqual([{ category: 'engagement', code: 'consent-withdrawn', ruleId: 'r15-voluntary-withdrawn' }])
  })
})
