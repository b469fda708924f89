import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agreementState } from '../../src/core/agreements/agreement.ts'
import { startOfLondonDay } from '../../src/core/london.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf, lineOf } from '../support/logged.ts'
import { agreementOf } from '../support/agreements.ts'
import { agree, dayFromToday, must, termsFor } from './support/agree.ts'
import { consentOf, enquire, idOf, listIn, recordConsent, somebody, withheldIn } from './support/requests.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
})
afterAll(() => house.close())

const adultPpo = () =>
  somebody((one) => one.cohort === 'ppo' && one.statutory === true && one.leadAgencyId === 'ridings-probation' && one.areaId === 'calder')

const disclosuresOf = async (entryId: string) => {
  const text = `select d.category, d.recipient_agency_id as recipient, d.recipient_person_sub as person, d.supplier_agency_id as supplier,
                       d.agreement_version as version, d.outbound, d.purpose from disclosure d where d.entry_id = $1 order by d.position`
  return (await house.database.owner.query({ text, values: [entryId] })).rows
}

describe('an agreement between the parties', () => {
  it('scenario 1: police arrest data go to the probation case manager, and the log says who, when, to whom and under which version', async () => {
    const person = adultPpo().id
    const reply = await enquire(house.as('case-manager'), person, 'arrest-disposal')
    expect(reply.status).toBe(200)
    const [record] = listIn(reply, 'records')
    expect(record).toMatchObject({
      category: 'arrest-disposal',
      supplier: { agencyId: 'ridings-police' },
      outbound: 'share',
      effect: 'permit-obligations',
      marking: 'official-sensitive',
      agreement: { reference: 'RIDINGS-IOM-001', version: 1 },
    })
    expect(record?.obligations).toContain('mark')
    expect((record?.items as unknown[]).length).toBeGreaterThan(0)

    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({
      event: 'disclosure',
      effect: 'permit',
      reason: null,
      offenderId: person,
      purpose: 'risk-management',
      legalGateway: 'dpa35-task',
      justification: 'Preparing the Calder conference',
      caller: {
        agencyId: 'ridings-probation',
        clientId: 'ridings-probation-records',
        personSub: 'case-manager',
        requestId: reply.requestId,
      },
    })
    expect(entry.at).toBe(reply.body.decidedAt)
    expect(entry.policy).toBe(reply.body.policy)
    const { version, hash } = record?.agreement as { version: number; hash: string }
    expect(lineOf(entry, 'arrest-disposal')).toMatchObject({ supplier: 'ridings-police', agreement: { version, hash } })
    expect(await disclosuresOf(reply.entryId)).toEqual([
      {
        category: 'arrest-disposal',
        recipient: 'ridings-probation',
        person: 'case-manager',
        supplier: 'ridings-police',
        version: 1,
        outbound: 'share',
        purpose: 'risk-management',
      },
    ])
  })

  it.each([
    ['justification', { justification: undefined }],
    ['justification of blanks', { justification: '   ' }],
    ['purpose', { purpose: undefined }],
    ['legal gateway', { legalGateway: null }],
  ])('scenario 2: without a %s the enquiry is incomplete, and that is logged', async (_missing, more) => {
    const reply = await enquire(house.as('case-manager'), adultPpo().id, 'arrest-disposal', more)
    expect([reply.status, reply.body.code, reply.body.stage]).toEqual([422, 'request-incomplete', 'R4'])
    expect(await entryOf(house.database, reply)).toMatchObject({ event: 'access-denied', effect: 'deny', reason: 'request-incomplete' })
  })

  it('scenario 3: the last day counts to its last second in London, summer time or not', () => {
    const version = agreementOf({ terms: { inForceTo: '2026-03-31' } })
    // Summer time has begun two days before: midnight in London is 23:00 in UTC.
    expect(agreementState(version, new Date('2026-03-31T22:59:59.999Z'))).toBe('in-force')
    expect(agreementState(version, new Date('2026-03-31T23:00:00.000Z'))).toBe('lapsed')
    const winter = agreementOf({ terms: { inForceTo: '2026-01-31' } })
    expect(agreementState(winter, new Date('2026-01-31T23:59:59.999Z'))).toBe('in-force')
    expect(agreementState(winter, new Date('2026-02-01T00:00:00.000Z'))).toBe('lapsed')
  })

  it('scenario 3: what was given today under an agreement that ends today is refused once the agreement ended yesterday', async () => {
    const ask = () =>
      enquire(house.as('housing-officer'), 'morgan', 'custody-release', { purpose: 'accommodation', legalGateway: 'gdpr-6-1-e' })
    const before = await ask()
    expect([before.status, before.body.code]).toEqual([403, 'isa-lapsed'])

    const [today, yesterday] = [await dayFromToday(house, 0), await dayFromToday(house, -1)]
    const grant = { providers: ['hmp-stonebeck'], recipients: ['calder-housing'] }
    const terms = termsFor('RELEASE-DATES-TODAY', grant, { inForceTo: today })
    const { agreementId } = await agree(house, terms)
    const permitted = await ask()
    expect(permitted.status).toBe(200)
    const until = listIn(permitted, 'records')[0]?.validUntil
    expect(until).toBe(startOfLondonDay(await dayFromToday(house, 1)).toISOString())

    await agree(house, { ...terms, inForceTo: yesterday }, agreementId)
    const refused = await ask()
    expect([refused.status, refused.body.code, refused.body.stage]).toEqual([403, 'isa-lapsed', 'R10a'])
    const entry = await entryOf(house.database, refused)
    expect(entry).toMatchObject({ effect: 'deny', reason: 'isa-lapsed' })
    expect(lineOf(entry, 'custody-release')).toMatchObject({ agreement: { agreementId, version: 2 } })
  })

  it('scenario 4: an agreement that police have not signed gives the provider nothing', async () => {
    const vetted = {
      agencyId: 'fresh-steps',
      sub: 'keyworker',
      displayName: 'Kit Keyworker',
      intelligenceVettedUntil: '2036-01-01T00:00:00Z',
    }
    must(await house.as('admin').post('/v1/people', vetted), 201)
    const reply = await enquire(house.as('keyworker'), 'sam', 'police-intel')
    expect([reply.status, reply.body.code]).toEqual([403, 'isa-party-unsigned'])
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ effect: 'deny', reason: 'isa-party-unsigned', caller: { agencyId: 'fresh-steps' } })
    expect(lineOf(entry, 'police-intel')).toMatchObject({ agreement: { version: 1 } })
  })

  it('scenario 5: an agreement on paper, in no registry, is none', async () => {
    const more = { legalGateway: 'gdpr-6-1-e', purpose: 'accommodation', justification: 'We signed a paper agreement with the council' }
    const reply = await enquire(house.as('landlord'), 'sam', 'accommodation', more)
    expect([reply.status, reply.body.code]).toEqual([403, 'isa-none'])
    expect(reply.body.nextStep).toEqual(expect.any(String))
    expect(await entryOf(house.database, reply)).toMatchObject({ effect: 'deny', reason: 'isa-none', caller: { personSub: 'landlord' } })
  })
})

describe('consent', () => {
  const standingOf = async (person: string) => {
    const text = 'select o.strand, o.lead_agency_id as lead from offender o where o.id = $1'
    return (await house.database.owner.query<{ strand: string; lead: string }>({ text, values: [idOf(person)] })).rows[0]
  }
  const askEngagement = (person: string) => enquire(house.as('analyst'), person, 'engagement')

  it('scenarios 6 and 7: engagement is shared while consent is given, and refused from the minute the person refuses', async () => {
    const permitted = await askEngagement('sam')
    expect(permitted.status).toBe(200)
    expect(listIn(permitted, 'records')[0]).toMatchObject({ category: 'engagement', supplier: { agencyId: 'fresh-steps' } })
    const line = lineOf(await entryOf(house.database, permitted), 'engagement')
    expect(line).toMatchObject({ outcome: 'record', facts: { consent: 'given', consentScope: 'covers' } })

    const said = await recordConsent(house.as('keyworker'), 'sam', consentOf('refused'))
    expect(said.status).toBe(201)
    expect(await entryOf(house.database, said)).toMatchObject({
      event: 'consent-changed',
      effect: 'permit',
      followUp: 'police-strand-decision',
      eventId: said.body.eventId,
    })

    const refused = await askEngagement('sam')
    expect([refused.status, refused.body.code, refused.body.stage]).toEqual([403, 'consent-refused', 'R15'])
    const entry = await entryOf(house.database, refused)
    expect(entry).toMatchObject({ event: 'access-denied', reason: 'consent-refused', caller: { personSub: 'analyst' } })
    expect(lineOf(entry, 'engagement')).toMatchObject({ outcome: 'withheld', consentEventId: said.body.eventId })
    expect(entry.at > (await entryOf(house.database, said)).at).toBe(true)
    expect(await standingOf('sam')).toEqual({ strand: 'rehabilitate-and-resettle', lead: 'fresh-steps' })
  })

  it('scenario 10: consent that has expired closes the gate and sets nothing else going', async () => {
    const reply = await askEngagement('robin')
    expect([reply.status, reply.body.code]).toEqual([403, 'consent-expired'])
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ effect: 'deny', reason: 'consent-expired' })
    expect(JSON.stringify(entry)).not.toContain('police-strand-decision')
    expect(await standingOf('robin')).toEqual({ strand: 'rehabilitate-and-resettle', lead: 'fresh-steps' })
  })

  it('scenario 11: a statutory adult’s refusal opens the police decision and gates no fact of supervision', async () => {
    const said = await recordConsent(house.as('case-manager'), 'jordan', consentOf('refused'))
    expect(await entryOf(house.database, said)).toMatchObject({ followUp: 'police-strand-decision' })
    const reply = await enquire(house.as('analyst'), 'jordan', 'stat-compliance')
    expect(reply.status).toBe(200)
    expect(listIn(reply, 'records').map((record) => record.supplier)).toContainEqual({ agencyId: 'ridings-probation' })
    const line = lineOf(await entryOf(house.database, reply), 'stat-compliance')
    expect(line).toMatchObject({ outcome: 'record', facts: { consent: 'refused', consentDependency: 'none' } })
    expect(await standingOf('jordan')).toMatchObject({ lead: 'ridings-probation' })
    // What does depend on consent is closed by the same words.
    const gated = await enquire(house.as('case-manager'), 'jordan', 'drug-treatment')
    expect(withheldIn(gated)).toEqual([{ category: 'drug-treatment', code: 'consent-refused', ruleId: 'r15-always-refused' }])
  })
})

describe('a child', () => {
  it('scenario 22: the reconviction score of a 17-year-old is refused to police', async () => {
    await house.database.owner.query({
      text: `update offender set born_on = (statement_timestamp() - interval '17 years 1 month')::date where id = $1`,
      values: [idOf('alex')],
    })
    const reply = await enquire(house.as('analyst'), 'alex', [{ id: 'ogrs', bestInterestsNote: 'To plan supervision that fits the child' }])
    expect([reply.status, reply.body.code, reply.body.stage]).toEqual([403, 'child', 'R16'])
    expect(withheldIn(reply)).toEqual([{ category: 'ogrs', code: 'child', ruleId: 'r16-ogrs' }])
    expect(await entryOf(house.database, reply)).toMatchObject({ effect: 'deny', reason: 'child', facts: { ageBand: 'juvenile' } })
  })
})
