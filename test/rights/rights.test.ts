import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerDueOn, subjectAnswer, usagesOf } from '../../src/core/rights/subject-answer.ts'
import { inDays, today } from '../casework/support.ts'
import { enquire, idOf, inventedId } from '../journeys/support/requests.ts'
import type { Json, Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf } from '../support/logged.ts'
import { asOwner } from '../emergency/support.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
  // Somebody about whom much was shared, with several agencies and for two purposes.
  expect((await enquire(house.as('case-manager'), 'jordan', 'arrest-disposal identity')).status).toBe(200)
  expect((await enquire(house.as('analyst'), 'jordan', 'oasys identity', { purpose: 'prevent-detect' })).status).toBe(200)
})
afterAll(() => house.close())

let letters = 0
const record = async (offenderId: string | null): Promise<string> => {
  letters += 1
  const body = { offenderId, reference: `SAR-${letters}`, receivedOn: today(), identityConfirmedOn: today() }
  const reply = await house.as('dpo').post('/v1/rights-requests', body)
  expect(reply.status).toBe(201)
  return reply.body.requestId as string
}
const answer = async (offenderId: string | null): Promise<Reply> =>
  house.as('dpo').post(`/v1/rights-requests/${await record(offenderId)}/answers`)
const recipientsIn = ({ body }: Reply): readonly Json[] => (body.forSubject as { recipients: Json[] }).recipients
const withhold = (more: Json = {}, as = 'ig-officer'): Promise<Reply> =>
  house.as(as).post(`/v1/offenders/${idOf('jordan')}/withholdings`, {
    ...{
      purpose: 'prevent-detect',
      ground: 'prevention-detection',
      lapsesOn: inDays(30),
      reasons: 'Telling would warn those who are being looked into.',
    },
    ...more,
  })

describe('who received my data', () => {
  it('scenario 54: is answered from the disclosure register and not from the log, which may be gone', async () => {
    const before = await answer(idOf('jordan'))
    expect(recipientsIn(before)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          recipient: 'Ridings Probation',
          supplier: 'Ridings Police',
          category: 'arrest-disposal',
          purpose: 'risk-management',
        }),
        expect.objectContaining({ recipient: 'Ridings Police', category: 'oasys', purpose: 'prevent-detect' }),
      ]),
    )
    await asOwner(house, `delete from access_log_payload where offender_id = '${idOf('jordan')}'`)
    const after = await answer(idOf('jordan'))
    expect(after.body.forSubject).toEqual(before.body.forSubject)
    expect(before.text).not.toContain('case-manager')
  })

  it('scenario 54: and a manager who reads the log to see how hard their staff work is refused', async () => {
    const asked = await enquire(house.as('analyst'), 'sam', 'identity')
    const reply = await house
      .as('ig-officer')
      .post(`/v1/access-log/${asked.entryId}/readings`, { purpose: 'productivity', justification: 'Appraisal' })
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.body.entry).toBeUndefined()
  })

  it('what is withheld looks like nothing: the answer is the same, word for word, as to somebody nobody holds', async () => {
    for (const purpose of ['prevent-detect', 'risk-management']) expect((await withhold({ purpose })).status).toBe(201)
    const replies = await Promise.all([answer(idOf('jordan')), answer(inventedId()), answer(null), answer(idOf('drew'))])
    const told = replies.map(({ body }) => JSON.stringify(body.forSubject))
    expect(new Set(told).size).toBe(1)
    expect(replies.map(({ body }) => (body.forFile as Json).withheld)).toEqual([expect.any(Number), 0, 0, 0])
    const restrictions = (replies[0]!.body.forFile as { restrictions: Json[] }).restrictions
    expect(restrictions.map(({ ground }) => ground)).toEqual(['prevention-detection', 'prevention-detection'])
    expect(restrictions.every(({ lapsesOn }) => lapsesOn === inDays(30))).toBe(true)
  })

  it('lapses on its day: from the next on it is told', async () => {
    await asOwner(house, `update disclosure_withholding set lapses_on = '${inDays(-1)}' where purpose = 'prevent-detect'`)
    const reply = await answer(idOf('jordan'))
    expect(new Set(recipientsIn(reply).map(({ purpose }) => purpose))).toEqual(new Set(['prevent-detect']))
    await asOwner(house, `update disclosure_withholding set lapses_on = '${inDays(0)}' where purpose = 'prevent-detect'`)
    expect(recipientsIn(await answer(idOf('jordan')))).toEqual([])
    await asOwner(house, `update disclosure_withholding set lapses_on = '${inDays(-1)}'`)
  })

  it('is withheld by processing activity: purpose, and category or recipient where they are named', async () => {
    expect((await withhold({ category: 'oasys', recipientAgencyId: 'ridings-police' })).status).toBe(201)
    const told = recipientsIn(await answer(idOf('jordan'))).map(({ category, purpose }) => `${String(purpose)} ${String(category)}`)
    expect(told).not.toContain('prevent-detect oasys')
    expect(told).toEqual(expect.arrayContaining(['prevent-detect identity', 'risk-management arrest-disposal']))
  })

  it('is nobody’s to withhold who does not answer for it, and nobody’s to read who does not answer people', async () => {
    for (const persona of ['analyst', 'spoc', 'nurse']) {
      const reply = await withhold({}, persona)
      expect([reply.status, reply.body.code]).toEqual([404, 'ncnd'])
      expect((await house.as(persona).post(`/v1/rights-requests/${inventedId()}/answers`)).body.code).toBe('need-to-know')
    }
    expect((await withhold({ lapsesOn: inDays(-1) })).body.code).toBe('invalid')
    expect((await withhold({ lapsesOn: inDays(400) })).body.code).toBe('invalid')
    expect((await withhold({ recipientAgencyId: 'no-such-agency' })).body.code).toBe('invalid')
  })

  it('an agency’s own officer withholds what that agency supplied or received, and no more', async () => {
    await asOwner(house, `update disclosure_withholding set lapses_on = '${inDays(-1)}'`)
    const appointment = { agencyId: 'ridings-police', sub: 'area-commander', role: 'dpo', fromAt: '2026-01-01T00:00:00Z' }
    const appointed = await house.as('admin').post('/v1/appointments', appointment)
    expect(appointed.status).toBe(201)
    const all = recipientsIn(await answer(idOf('jordan'))).length
    expect((await withhold({ purpose: 'risk-management' }, 'area-commander')).status).toBe(201)
    const told = recipientsIn(await answer(idOf('jordan')))
    expect(told.length).toBeLessThan(all)
    expect(
      told.filter(({ purpose, supplier, recipient }) => purpose === 'risk-management' && [supplier, recipient].includes('Ridings Police')),
    ).toEqual([])
  })

  it('exports as findUsage what it tells, and the entry says how much was kept back', async () => {
    const requestId = await record(idOf('jordan'))
    const reply = await house.as('dpo').post(`/v1/rights-requests/${requestId}/usages`)
    expect(reply.status).toBe(200)
    const { totalUsages, dataResponses, internalProcessings } = reply.body as {
      totalUsages: number
      dataResponses: Json[]
      internalProcessings: Json[]
    }
    const told = recipientsIn(await house.as('dpo').post(`/v1/rights-requests/${requestId}/answers`))
    expect(totalUsages).toBe(told.length)
    expect(dataResponses.length + internalProcessings.length).toBe(told.length)
    expect(reply.text).not.toContain('hidden')
    expect(await entryOf(house.database, reply)).toMatchObject({ event: 'rights-request', told: told.length, withheld: expect.any(Number) })
  })
})

describe('the clock of a request', () => {
  it('is a task of the data protection officer, which the answer closes', async () => {
    const requestId = await record(idOf('sam'))
    const tasks = async () =>
      ((await house.as('dpo').get('/v1/tasks?limit=100')).body.tasks as Json[]).filter(
        ({ detail }) => (detail as Json).requestId === requestId,
      )
    expect(await tasks()).toMatchObject([{ kind: 'rights-request' }])
    const path = `/v1/rights-requests/${requestId}/answers`
    expect((await house.as('dpo').post(path)).status).toBe(200)
    expect(await tasks()).toEqual([])
    // Whoever lost the first answer asks again.
    expect((await house.as('ig-officer').post(path)).status).toBe(200)
  })

  it.each([
    ['2026-01-15', '2026-01-10', '2026-02-16'],
    ['2026-01-31', '2026-01-31', '2026-03-02'],
    ['2026-11-25', '2026-11-20', '2026-12-29'],
    ['2026-04-01', '2026-04-10', '2026-05-11'],
  ])('received on %s and confirmed on %s runs until %s', (received, confirmed, due) => {
    expect(answerDueOn(received, confirmed)).toBe(due)
  })
})

describe('the shapes', () => {
  const police = { name: 'Ridings Police', kind: 'police' } as const
  const line = { releasedAt: new Date('2026-05-01T10:00:00Z'), category: 'identity', purpose: 'risk-management', supplier: police }
  it('an agency’s use of its own is internal, what another gave it is a response', () => {
    const provider = { name: 'Fresh Steps', kind: 'third-sector' } as const
    const { dataResponses, internalProcessings } = usagesOf([
      { ...line, recipient: police },
      { ...line, recipient: provider },
    ])
    expect(internalProcessings).toMatchObject([{ initiatorOrg: { type: 'GOV' }, source: { name: 'Ridings Police' } }])
    expect(dataResponses).toMatchObject([{ initiatorOrg: { type: 'NGO', name: 'Fresh Steps' }, target: { name: 'Ridings Police' } }])
  })

  it('every answer uses the same words', () => {
    expect(subjectAnswer([]).statement).toBe(subjectAnswer([{ ...line, recipient: police }]).statement)
  })
})
