import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries, entriesOf, entryOf, lineOf } from '../support/logged.ts'
import { agree, termsFor } from './support/agree.ts'
import { consentOf, enquire, inventedId, listIn, recordConsent, withheldIn } from './support/requests.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
})
afterAll(() => house.close())

describe('the power relied on', () => {
  it('scenario 34: section 115 is no power for a private landlord, whoever is asked about', async () => {
    const more = { legalGateway: 'cda115', purpose: 'accommodation' }
    for (const person of ['sam', 'pat', inventedId()]) {
      const reply = await enquire(house.as('landlord'), person, 'accommodation', more)
      expect([reply.status, reply.body.code]).toEqual([403, 'legal-gateway'])
      expect(reply.body.cites).toContain('s.115')
      const entry = await entryOf(house.database, reply)
      expect(entry).toMatchObject({
        effect: 'deny',
        reason: 'legal-gateway',
        legalGateway: 'cda115',
        caller: { agencyId: 'hollins-lettings' },
      })
    }
  })

  it('scenario 43: police data for accommodation without a named law are refused as of an incompatible purpose', async () => {
    const more = { purpose: 'accommodation', legalGateway: 'cda115' }
    const reply = await enquire(house.as('housing-officer'), 'sam', 'arrest-disposal', more)
    expect([reply.status, reply.body.code, reply.body.stage]).toEqual([403, 'purpose-incompatible', 'R9'])
    expect(reply.body.cites).toContain('s.36(4)')
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ reason: 'purpose-incompatible', purpose: 'accommodation', caller: { personSub: 'housing-officer' } })
    expect(lineOf(entry, 'arrest-disposal')).toMatchObject({ facts: { authorisingLaw: 'not-named', dataRegime: 'law-enforcement' } })
    expect(house.answered('ridings-police')).toBe(0)

    // The agreement that does name a law gives the same officer the offence history for the same purpose.
    const named = await enquire(house.as('housing-officer'), 'sam', 'offence-history', more)
    expect(named.status).toBe(200)
  })

  it('scenario 44: health data under an agreement without a policy document are refused', async () => {
    await recordConsent(house.as('keyworker'), 'sam', consentOf('given'))
    const more = { purpose: 'rehab-support', legalGateway: 'gdpr-6-1-e' }
    const reply = await enquire(house.as('keyworker'), 'sam', 'health-mental', more)
    expect([reply.status, reply.body.code, reply.body.stage]).toEqual([403, 'no-policy-doc', 'R17'])
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ effect: 'deny', reason: 'no-policy-doc', caller: { agencyId: 'fresh-steps' } })
    expect(lineOf(entry, 'health-mental')).toMatchObject({ facts: { policyDocument: 'none', consent: 'given' }, agreement: { version: 1 } })
  })
})

/** What two answers must have in common to be the same: everything but the ids and dates of the request itself. */
const shapeOf = (reply: Reply): unknown => {
  const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
  const headers = [...reply.headers].filter(([name]) => !['date', 'ratelimit'].includes(name))
  return [reply.status, headers.map(([name, value]) => [name, value.replace(ids, 'id')]), reply.text.replace(ids, 'id')]
}

describe('what is neither confirmed nor denied', () => {
  it('scenario 35: a potentially dangerous person and an invented name get a nurse the same answer, and the log tells them apart', async () => {
    const more = { purpose: 'safeguarding', legalGateway: 'gdpr-6-1-e' }
    const real = await enquire(house.as('nurse'), 'pat', 'identity', more)
    const invented = await enquire(house.as('nurse'), inventedId(), 'identity', more)
    expect(real.status).toBe(404)
    expect(real.body.code).toBe('ncnd')
    expect(shapeOf(real)).toEqual(shapeOf(invented))

    const [logged, loggedInvented] = [await entryOf(house.database, real), await entryOf(house.database, invented)]
    expect([logged.effect, loggedInvented.effect]).toEqual(['deny-ncnd', 'deny-ncnd'])
    const rules = (entry: typeof logged) => JSON.stringify(lineOf(entry, 'identity').reasons)
    expect(rules(logged)).toContain('r06-pdp')
    expect(rules(loggedInvented)).not.toContain('r06-pdp')
    expect(rules(loggedInvented)).toContain('r05-nobody')
  })

  it('scenario 35: an analyst with a route to everybody in the area is told no more', async () => {
    const real = await enquire(house.as('analyst'), 'pat', 'arrest-disposal identity')
    const invented = await enquire(house.as('analyst'), inventedId(), 'arrest-disposal identity')
    expect(shapeOf(real)).toEqual(shapeOf(invented))
    expect(await entryOf(house.database, real)).toMatchObject({ effect: 'deny-ncnd', reason: 'pdp-excluded', facts: { subject: 'pdp' } })
    expect(await entryOf(house.database, invented)).toMatchObject({ effect: 'deny-ncnd', reason: 'ncnd', facts: { subject: 'unknown' } })
    expect(house.answered('ridings-police')).toBe(1)
  })

  it('scenario 37: MAPPA material is refused to a provider outside the scheme, held or not, agreement or not', async () => {
    const more = { legalGateway: 'gdpr-6-1-e' }
    const ask = (person: string, categories = 'mappa') => enquire(house.as('keyworker'), person, categories, more)
    // As long as no agreement names it, that is told of everybody alike.
    const without = await ask('sam')
    expect([without.status, without.body.code]).toEqual([403, 'isa-category'])
    expect(shapeOf(await ask(inventedId()))).toEqual(shapeOf(without))

    const grant = { providers: ['ridings-probation'], recipients: ['fresh-steps'], categories: [{ id: 'mappa' as const }] }
    await agree(house, termsFor('MAPPA-BY-MISTAKE', { ...grant, purposes: ['risk-management'] }))
    const notHeld = await ask('sam')
    expect([notHeld.status, notHeld.body.code]).toEqual([404, 'ncnd'])
    expect(shapeOf(await ask(inventedId()))).toEqual(shapeOf(notHeld))
    expect(await entryOf(house.database, notHeld)).toMatchObject({ effect: 'deny-ncnd', reason: 'scheme-scope' })
    const besideIdentity = await ask('sam', 'identity mappa')
    expect(withheldIn(besideIdentity)).toMatchObject([{ category: 'mappa', code: 'ncnd' }])

    // Two agencies of the scheme keep something: nothing in the answers may count them.
    const item = { items: [{ fields: { level: 'Level 2' } }] }
    const path = '/v1/offenders/' + String(besideIdentity.body.offenderId) + '/records/mappa'
    expect((await house.as('analyst').put(path, item)).status).toBe(200)
    expect((await house.as('deputy').put(path, item)).status).toBe(200)
    expect(shapeOf(await ask('sam'))).toEqual(shapeOf(notHeld))
    const held = await ask('sam', 'identity mappa')
    expect(listIn(held, 'withheld')).toEqual(listIn(besideIdentity, 'withheld'))
    expect(listIn(held, 'unavailable')).toEqual([])
  })
})

describe('the log', () => {
  const shut = (verb: 'revoke' | 'grant') =>
    house.database.owner.query({ text: `${verb} insert on access_log_payload ${verb === 'grant' ? 'to' : 'from'} gateway_app` })

  it('scenario 51: while it cannot be written nothing is released, refused or changed, and all of it resumes', async () => {
    await recordConsent(house.as('keyworker'), 'sam', consentOf('given'))
    const before = await countEntries(house.database)
    await shut('revoke')
    try {
      const replies = await Promise.all([
        enquire(house.as('analyst'), 'sam', 'engagement identity'),
        enquire(house.as('analyst'), 'sam', 'selection-score'),
        enquire(house.as('nurse'), inventedId(), 'identity'),
        enquire(house.as('analyst'), 'sam', 'identity', { justification: null }),
        house.as('analyst').post('/v1/enquiries', { offenderId: 'nobody' }),
        house
          .as('analyst')
          .post('/v1/searches', { list: 'own-area', purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Briefing' }),
        house.as('registrar').get('/v1/agreements'),
        recordConsent(house.as('keyworker'), 'sam', consentOf('withdrawn')),
        house.send({ method: 'GET', url: '/v1/me/access' }),
      ])
      for (const reply of replies) {
        expect([reply.status, reply.body.code]).toEqual([503, 'unavailable'])
        expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
        expect(Object.keys(reply.body).sort()).toEqual(['code', 'detail', 'nextStep', 'status', 'title', 'type'])
        expect(await entriesOf(house.database, reply)).toEqual([])
      }
    } finally {
      await shut('grant')
    }
    expect(await countEntries(house.database)).toBe(before)
    // The withdrawal was not answered, so it was not made.
    const after = await enquire(house.as('analyst'), 'sam', 'engagement identity')
    expect(after.status).toBe(200)
    expect(listIn(after, 'records').map((record) => record.category)).toEqual(['engagement', 'identity'])
  })
})
