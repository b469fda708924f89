import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compilePolicies } from '../../src/core/decision/policy.ts'
import { replayEntry } from '../../src/gateway/enquiry/replay-entry.ts'
import { must } from '../journeys/support/agree.ts'
import { enquire, idOf, inventedId, listIn } from '../journeys/support/requests.ts'
import { fingerprint } from '../journeys/support/fingerprint.ts'
import type { Json } from '../support/ask.ts'
import { shipped } from '../support/facts.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries, entryOf } from '../support/logged.ts'
import { age, asOwner, emergencyIn, emergencyOf, eventsFor, open, tasksFor } from './support.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
  await house.database.owner.query({ text: `update agency set kind = 'councillor' where id = 'hollins-lettings'` })
})
afterAll(() => house.close())

const rules = shipped.bundle.change!.emergency!
const least = new Map(rules.categories.map(({ id, fields }) => [id as string, fields]))
const disclosed = async (entryId: string): Promise<number> =>
  (await house.database.owner.query({ text: 'select from disclosure where entry_id = $1', values: [entryId] })).rows.length

describe('scenario 50: a threat to life, the agreement has lapsed', () => {
  let emergencyId: unknown
  let entryId: string

  it('the ordinary way is refused to probation, and emergency access gives the least there is, to be looked at for four hours', async () => {
    await asOwner(
      house,
      `update agreement_version set terms = jsonb_set(terms, '{inForceTo}', '"2026-01-31"') where terms ->> 'reference' = 'RIDINGS-IOM-001';
       update agency set version = version + 1`,
    )
    const ordinary = await enquire(house.as('case-manager'), 'jordan', 'arrest-disposal')
    expect([ordinary.status, ordinary.body.code]).toEqual([403, 'isa-lapsed'])
    const reply = await open(house, 'case-manager', 'jordan')
    expect(reply.status).toBe(201)
    const records = listIn(reply, 'records')
    expect(records.map(({ category }) => category)).toEqual(expect.arrayContaining(['identity', 'address', 'oasys']))
    for (const record of records) {
      for (const { fields } of record.items as { fields: Json }[])
        expect(Object.keys(fields).filter((field) => !least.get(record.category as string)!.includes(field))).toEqual([])
      expect(record.obligations).toEqual(expect.arrayContaining(['no-copy', 'no-onward', 'expires-at', 'named-recipient', 'report-back']))
      expect(record.agreement).toBeNull()
    }
    const { openedAt, expiresAt } = emergencyIn(reply) as Record<string, string>
    expect(Date.parse(expiresAt!) - Date.parse(openedAt!)).toBe(4 * 3_600_000)
    emergencyId = emergencyIn(reply).emergencyId
    entryId = reply.entryId
  })

  it('the entry says who, why, for whom and what, and the register has a line of each release', async () => {
    const entry = await entryOf(house.database, { entryId })
    expect(entry).toMatchObject({
      ...{ event: 'emergency-opened', effect: 'permit', purpose: 'emergency-life', operation: 'openEmergencyAccess' },
      ...{ offenderId: idOf('jordan'), legalGateway: 'vital-interests', emergency: { emergencyId, condition: 'sch8-3' } },
      caller: { agencyId: 'ridings-probation', personSub: 'case-manager' },
    })
    expect(entry.justification).toContain('would kill her')
    expect(await disclosed(entryId)).toBeGreaterThan(2)
    const again = replayEntry(entry, compilePolicies(shipped.bundle))
    expect(again.decisions).toBeGreaterThan(5)
    expect(again.differences).toEqual([])
  })

  it('chair, owners and information governance are told in the same commit, with the clocks of the review', async () => {
    const [triage, decision] = await tasksFor(house, 'ig-officer', emergencyId)
    expect([triage?.kind, decision?.kind]).toEqual(['emergency-triage', 'emergency-decision'])
    expect(Date.parse(triage!.dueAt as string)).toBeLessThan(Date.parse(decision!.dueAt as string))
    expect((await tasksFor(house, 'chair', emergencyId)).map(({ kind }) => kind)).toEqual(['emergency-decision'])
    for (const agencyId of ['ridings-partnership', 'ridings-police'])
      expect(await eventsFor(house, agencyId, emergencyId)).toEqual(['emergency-opened'])
    expect(await eventsFor(house, 'ridings-health', emergencyId)).toEqual([])
  })

  it('who opened it does not review it; a colleague who chairs nothing does not know of it', async () => {
    const path = `/v1/emergency-accesses/${String(emergencyId)}/reviews`
    const justified = { step: 'decision', outcome: 'justified', justification: 'It was right' }
    const own = await house.as('case-manager').post(path, justified)
    expect([own.status, own.body.code, own.body.stage]).toEqual([403, 'separation-of-duties', 'R40'])
    for (const persona of ['nurse', 'analyst', 'dpo', 'spoc'])
      expect([(await house.as(persona).post(path, justified)).status, persona]).toEqual([404, persona])
  })

  it('two decide, the graver stands, and what is not justified starts the 72 hours at once', async () => {
    const path = `/v1/emergency-accesses/${String(emergencyId)}`
    const triage = must(await house.as('ig-officer').post(`${path}/reviews`, { step: 'triage', justification: 'Looks plausible' }), 201)
    expect(triage).toMatchObject({ conclusion: null, breach: null, outcome: 'looked-at' })
    const chair = { step: 'decision', outcome: 'justified', justification: 'I would have done the same' }
    const first = must(await house.as('chair').post(`${path}/reviews`, chair), 201)
    expect(first).toMatchObject({ reviewer: 'chair', conclusion: null, breach: null })
    const grave = { step: 'decision', outcome: 'not-justified', justification: 'There was nobody at risk' }
    const second = must(await house.as('ig-officer').post(`${path}/reviews`, grave), 201)
    const breach = second.breach as { breachId: string; awareAt: string; notifyBy: string }
    expect(second).toMatchObject({ reviewer: 'ig-officer', conclusion: 'not-justified' })
    expect(Date.parse(breach.notifyBy) - Date.parse(breach.awareAt)).toBe(72 * 3_600_000)
    const [task] = (await tasksFor(house, 'dpo', emergencyId)).filter(({ kind }) => kind === 'breach-assessment')
    expect(task).toMatchObject({ dueAt: breach.notifyBy })
    expect(await countEntries(house.database, `p.event = 'breach-recorded' and p.offender_id = '${idOf('jordan')}'`)).toBe(1)
    expect(await eventsFor(house, 'ridings-probation', emergencyId)).toEqual([
      // An owner as well: some of what was shown is its own.
      'emergency-opened',
      'breach-recorded',
      'emergency-reviewed',
    ])
    expect(await tasksFor(house, 'ig-officer', emergencyId)).toEqual([])
    const twice = await house.as('ig-second').post(`${path}/reviews`, grave)
    expect([twice.status, twice.body.code]).toEqual([409, 'conflict'])
    const read = must(await house.as('chair').post(`${path}/readings`, undefined), 200)
    expect(read).toMatchObject({ threat: expect.stringContaining('kill her'), personSub: 'case-manager' })
    expect((read.reviews as Json[]).map(({ outcome }) => outcome)).toEqual(['looked-at', 'justified', 'not-justified'])
    // What was found not to be justified is not looked at again either.
    expect((await house.as('case-manager').post(`${path}/views`)).body.ruleId).toBe('r39-expired')
  })
})

describe('who may open it, and for what', () => {
  it('scenario 33: a councillor may not, and neither may a third-sector worker or a system', async () => {
    for (const persona of ['landlord', 'keyworker']) {
      for (const person of ['jordan', inventedId()]) {
        const reply = await open(house, persona, person)
        expect([reply.status, reply.body.code, reply.body.stage]).toEqual([403, 'emergency-scope', 'R38'])
      }
    }
    const system = await house.asSystem('ridings-police-records').post('/v1/emergency-accesses', emergencyOf('jordan'))
    expect([system.status, system.body.code]).toEqual([403, 'auth'])
    expect(
      await house.database.owner.query({ text: `select from emergency_access where agency_id in ('hollins-lettings', 'fresh-steps')` }),
    ).toMatchObject({ rows: [] })
  })

  it('who works in another area may: the area and role limb gives way, and only it', async () => {
    expect((await enquire(house.as('constable-wharfe'), 'sam', 'identity')).status).toBe(404)
    const reply = await open(house, 'constable-wharfe', 'sam')
    expect(reply.status).toBe(201)
    expect(listIn(reply, 'records').map(({ category }) => category)).toContain('identity')
  })

  it('nobody, who left the cohort, and a potentially dangerous person are answered alike; the log knows which', async () => {
    const replies = await Promise.all([inventedId(), 'pat', 'lee'].map((person) => open(house, 'analyst', person)))
    expect(new Set(replies.map((reply) => fingerprint(reply)))).toHaveLength(1)
    expect(replies[0]?.status).toBe(404)
    const reasons = await Promise.all(replies.map(async (reply) => (await entryOf(house.database, reply)).reason))
    expect(reasons).toEqual(['ncnd', 'pdp-excluded', 'subject-scope'])
  })

  it('without a condition nothing sensitive is given, and a power of the police is theirs alone', async () => {
    const bare = await open(house, 'prison-officer', 'jordan', { condition: null })
    expect(bare.status).toBe(201)
    expect(listIn(bare, 'withheld')).toContainEqual(
      expect.objectContaining({ category: 'oasys', code: 'sensitive-condition', stage: 'R17' }),
    )
    const police = await open(house, 'nurse', 'jordan', { legalGateway: 'police-common-law' })
    expect([police.status, police.body.code, police.body.ruleId]).toEqual([403, 'legal-gateway', 'r38-police-power'])
    expect((await open(house, 'analyst', 'jordan', { legalGateway: 'police-common-law' })).status).toBe(201)
  })

  it('for a child a note of their best interests stays needed', async () => {
    const without = await open(house, 'analyst', 'alex')
    expect([without.status, without.body.code]).toEqual([403, 'child'])
    expect((await open(house, 'analyst', 'alex', { bestInterestsNote: 'To keep him alive' })).status).toBe(201)
  })

  it('without a threat in words it is no request', async () => {
    expect((await open(house, 'analyst', 'jordan', { threat: 'x' })).body.code).toBe('invalid')
  })
})

describe('how long it lasts', () => {
  it('whoever opened it looks again until it ends, each look logged; nobody else does', async () => {
    const reply = await open(house, 'deputy', 'sam')
    expect(reply.status).toBe(201)
    const path = `/v1/emergency-accesses/${String(emergencyIn(reply).emergencyId)}/views`
    const again = await house.as('deputy').post(path)
    expect(again.status).toBe(200)
    expect(listIn(again, 'records').map(({ category }) => category)).toEqual(listIn(reply, 'records').map(({ category }) => category))
    expect(await disclosed(again.entryId)).toBeGreaterThan(0)
    for (const record of listIn(again, 'records'))
      expect(Date.parse(record.validUntil as string)).toBeLessThanOrEqual(Date.parse(emergencyIn(reply).expiresAt as string))
    expect((await house.as('case-manager').post(path)).body.code).toBe('not-found')
    await age(house, emergencyIn(reply).emergencyId, '4 hours')
    const late = await house.as('deputy').post(path)
    expect([late.status, late.body.ruleId]).toEqual([403, 'r39-expired'])
    expect(await disclosed(late.entryId)).toBe(0)
  })

  it('unreviewed after its time, it suspends the right of whoever opened it, until both have decided', async () => {
    const reply = await open(house, 'area-commander', 'sam')
    const { emergencyId } = emergencyIn(reply)
    await age(house, emergencyId, '12 days')
    const refused = await open(house, 'area-commander', 'jordan')
    expect([refused.status, refused.body.code, refused.body.stage]).toEqual([403, 'emergency-suspended', 'R40'])
    expect((await open(house, 'area-commander', inventedId())).body.code).toBe('emergency-suspended')
    expect((await open(house, 'analyst', 'jordan')).status).toBe(201)
    const decision = { step: 'decision', outcome: 'justified', justification: 'Rightly done, late looked at' }
    const path = `/v1/emergency-accesses/${String(emergencyId)}/reviews`
    must(await house.as('chair').post(path, decision), 201)
    expect((await open(house, 'area-commander', 'jordan')).body.code).toBe('emergency-suspended')
    const last = must(await house.as('ig-second').post(path, decision), 201)
    expect(last).toMatchObject({ conclusion: 'justified', breach: null })
    expect((await open(house, 'area-commander', 'jordan')).status).toBe(201)
  })

  it('where the chair opened it, a deputy who accepted to act for the chair decides, and the chair does not (R44)', async () => {
    const before = emergencyIn(await open(house, 'chair', 'jordan'))
    const early = `/v1/emergency-accesses/${String(before.emergencyId)}`
    // The appointment alone is only an offer: until it is accepted, the chairs of other conferences are asked.
    expect((await house.as('deputy').post(`${early}/reviews`, { step: 'triage', justification: 'A look' })).status).toBe(404)
    expect(await tasksFor(house, 'deputy', before.emergencyId)).toEqual([])
    const offers = must(await house.as('deputy').get('/v1/delegations'), 200).standingOffers as readonly { appointmentId: string }[]
    must(await house.as('deputy').post(`/v1/delegations/${offers[0]!.appointmentId}/answer`, { decision: 'accept' }), 201)
    const reply = await open(house, 'chair', 'jordan')
    const { emergencyId } = emergencyIn(reply)
    expect((await tasksFor(house, 'deputy', emergencyId)).map(({ kind }) => kind)).toEqual(['emergency-decision'])
    const path = `/v1/emergency-accesses/${String(emergencyId)}/reviews`
    const decision = { step: 'decision', outcome: 'justified', justification: 'It was right' }
    expect((await house.as('chair').post(path, decision)).body.code).toBe('separation-of-duties')
    const decided = await house.as('deputy').post(path, decision)
    expect(must(decided, 201)).toMatchObject({ reviewer: 'chair' })
    expect(await entryOf(house.database, decided)).toMatchObject({
      ...{ actedAs: 'delegate', actingFor: { agencyId: 'ridings-police', sub: 'chair' }, delegationId: offers[0]!.appointmentId },
    })
  })
})
