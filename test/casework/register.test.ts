import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entriesOf } from '../support/logged.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { conferenceOf, everyView, inDays, manager, nominate, owner, register, registrationOf } from './support.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const count = async (table: string): Promise<number> => {
  const { rows } = await gateway.database.owner.query<{ count: number }>({ text: `select count(*) as count from ${table}` })
  return rows[0]!.count
}

describe('a nomination', () => {
  it('is made by any partner, and is answered alike whoever is named', async () => {
    const body = { areaId: 'calder', cohort: 'ppo', grounds: 'Repeated thefts.' }
    const persons = [
      { givenName: 'Jordan', familyName: 'Examplewood', bornOn: '2007-05-14' },
      { givenName: 'Pat', familyName: 'Mirageby', bornOn: '1979-11-30' },
      { givenName: 'Nobody', familyName: 'Atall' },
    ]
    const shapes = new Set<string>()
    for (const persona of ['nurse', 'youth-mentor', 'housing-officer', 'case-manager']) {
      for (const person of persons) {
        const reply = await gateway.as(persona).post('/v1/nominations', { ...body, person })
        shapes.add(`${reply.status} ${Object.keys(reply.body).join()} ${reply.text.length}`)
        expect(await entriesOf(gateway.database, reply)).toHaveLength(1)
      }
    }
    expect([...shapes]).toHaveLength(1)
    expect([...shapes][0]).toMatch(/^202 /)
  })

  it('is read by the officers of the area’s conference, and by nobody else', async () => {
    const nominationId = await nominate(gateway)
    const why = { purpose: 'selection', legalGateway: 'cda115', justification: 'Matching for the next conference.' }
    const path = `/v1/nominations/${nominationId}/readings`
    const read = await gateway.as('spoc').post(path, why)
    expect(read).toMatchObject({
      status: 200,
      body: { person: { givenName: 'Frankie' }, nominatedBy: 'calder-housing', registered: false },
    })
    expect(read.body.grounds).toMatch(/hostel/)
    expect(await gateway.as('spoc').post(path, { purpose: 'selection' })).toMatchObject({
      status: 422,
      body: { code: 'request-incomplete' },
    })
    for (const persona of ['housing-officer', 'constable-wharfe', 'analyst'])
      expect(await gateway.as(persona).post(path, why)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    const { rows } = await gateway.database.owner.query<{ sealed: Buffer }>({
      ...{ text: 'select n.sealed from nomination n where n.id = $1', values: [nominationId] },
    })
    expect(rows[0]!.sealed.includes('hostel')).toBe(false)
  })
})

describe('a registration', () => {
  it('puts the person into the cohort with lead, plan, named people, review and one entry', async () => {
    const reply = await register(gateway)
    expect(reply).toMatchObject({ status: 201, body: { leadAgencyId: 'ridings-probation', row: 'L5', reviewOn: inDays(100) } })
    const [entry, ...more] = await entriesOf(gateway.database, reply)
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      operation: 'register',
      effect: 'permit',
      cohort: 'iom',
      criteriaVersion: 'matrix-2026-2',
      offenderId: reply.body.offenderId,
    })
    const seen = await gateway.as('keyworker').post('/v1/enquiries', {
      ...{ offenderId: reply.body.offenderId, categories: [{ id: 'cohort-status' }], purpose: 'risk-management' },
      ...{ legalGateway: 'dpa36-4-authorised', justification: 'First contact on the new plan.' },
    })
    expect(seen.status).toBe(200)
    const { rows } = await gateway.database.owner.query<{ kind: string; agencyId: string }>({
      text: `select r.kind, r.agency_id as "agencyId" from case_relationship r where r.offender_id = $1 order by r.kind`,
      values: [reply.body.offenderId],
    })
    expect(rows).toEqual([
      { kind: 'intervention-owner', agencyId: 'fresh-steps' },
      { kind: 'lead-case-manager', agencyId: 'ridings-probation' },
      { kind: 'nominating-agency', agencyId: 'calder-housing' },
    ])
  })

  it('18: a new youth PPO is refused, and dyo is what is suggested', async () => {
    const before = await count('offender')
    const reply = await register(gateway, { cohort: 'ppo', bornOn: inDays(-17 * 365) })
    expect(reply).toMatchObject({ status: 422, body: { code: 'juvenile-ppo-closed', stage: 'R33' } })
    expect(reply.body.nextStep).toMatch(/deter young offender/)
    expect(reply.body.errors).toEqual([{ path: '/cohort', message: 'is closed to young people; register as dyo' }])
    expect(await count('offender')).toBe(before)
    const [entry, ...more] = await entriesOf(gateway.database, reply)
    expect([entry?.effect, entry?.reason, more]).toEqual(['deny', 'juvenile-ppo-closed', []])
  })

  const youth = {
    cohort: 'dyo',
    bornOn: inDays(-16 * 366),
    supervisorAgencyId: 'calder-yos',
    plan: { leadCaseManager: { agencyId: 'calder-yos', personSub: 'yos-worker' }, interventions: [owner], reviewOn: inDays(90) },
  }
  const dyo = { sentence: 'community-order', assetScore: 'high', riskOfSeriousHarm: 'low', selectedBy: 'calder-yos' }

  it('takes a deter young offender whom the youth offending service selects, convicted for the first time or not', async () => {
    expect(await register(gateway, { ...youth, dyo })).toMatchObject({ status: 201, body: { row: 'L6', leadAgencyId: 'calder-yos' } })
    expect((await register(gateway, { ...youth, dyo: { ...dyo, assetScore: 'not-high', riskOfSeriousHarm: 'very-high' } })).status).toBe(
      201,
    )
  })

  it.each([
    ['an adult as dyo', { ...youth, bornOn: '1990-01-01', dyo }, 'cohort-criteria', '/cohort'],
    ['a dyo without sentence and assessment', { ...youth }, 'cohort-criteria', '/dyo'],
    ['a dyo whom police selected', { ...youth, dyo: { ...dyo, selectedBy: 'ridings-police' } }, 'cohort-criteria', '/dyo/selectedBy'],
    [
      'a dyo with neither score nor risk',
      { ...youth, dyo: { ...dyo, assetScore: 'not-high', riskOfSeriousHarm: 'medium' } },
      'cohort-criteria',
      '/dyo',
    ],
    ['a view missing', { views: everyView().slice(1) }, 'views-missing', '/views'],
    ['a view given twice', { views: [...everyView(), everyView()[0]!] }, 'views-missing', '/views/8'],
    ['views without evidence', { views: everyView([]) }, 'evidence', '/views'],
    ['a score alone without a reason', { scoreOnly: true }, 'automated-decision', '/scoreOnlyReason'],
    [
      'a score alone without a score',
      { scoreOnly: true, score: null, scoreOnlyReason: 'Far above the line.' },
      'automated-decision',
      '/score',
    ],
    [
      'a review too far away',
      { plan: { leadCaseManager: manager, interventions: [owner], reviewOn: inDays(113) } },
      'review-date',
      '/reviewOn',
    ],
    ['a conference that was never held', { conferenceId: '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01' }, 'conference-ref', '/conferenceId'],
    ['nobody leading it', { statutory: false, strand: 'rehabilitate-and-resettle' }, 'provider-unnamed', undefined],
  ])('is refused with %s, and leaves nothing but its entry', async (_title, more, code, path) => {
    const before = [await count('offender'), await count('registration'), await count('task where closed_at is null')]
    const reply = await register(gateway, more)
    expect(reply).toMatchObject({ status: 422, body: { code } })
    expect((reply.body.errors as { path: string }[] | undefined)?.[0]?.path).toBe(path)
    // The nomination of the attempt itself waits.
    expect([await count('offender'), await count('registration'), await count('task where closed_at is null')]).toEqual([
      before[0],
      before[1],
      before[2]! + 1,
    ])
    expect(await entriesOf(gateway.database, reply)).toMatchObject([{ effect: 'deny', reason: code }])
  })

  it('is refused where a person named in the plan is nobody', async () => {
    const plan = { leadCaseManager: manager, interventions: [{ ...owner, personSub: 'ghost' }], reviewOn: inDays(50) }
    expect(await register(gateway, { plan })).toMatchObject({ status: 400, body: { errors: [{ path: '/plan/interventions/0' }] } })
  })

  it('on the score alone is reported to information governance', async () => {
    const reply = await register(gateway, { scoreOnly: true, scoreOnlyReason: 'Six burglaries in a week.', views: everyView([]) })
    expect(reply.status).toBe(201)
    const tasks = await gateway.as('ig-officer').get('/v1/tasks?limit=100')
    const mine = (tasks.body.tasks as { kind: string; detail: { registrationId: string } }[]).filter(
      ({ kind }) => kind === 'score-only-report',
    )
    expect(mine.map(({ detail }) => detail.registrationId)).toEqual([reply.body.registrationId])
  })

  it('is made once, and only by the officers of the area', async () => {
    const conferenceId = await conferenceOf(gateway)
    const nominationId = await nominate(gateway)
    const path = `/v1/nominations/${nominationId}/registration`
    for (const persona of ['case-manager', 'constable-wharfe', 'housing-officer'])
      expect((await gateway.as(persona).post(path, registrationOf(conferenceId))).status).toBe(404)
    const both = await Promise.all(['spoc', 'chair'].map((persona) => gateway.as(persona).post(path, registrationOf(conferenceId))))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('says nothing where the number nominated is that of someone who may not be spoken of', async () => {
    const owner_ = gateway.database.owner
    const { rows } = await owner_.query<{ value: string }>({
      text: `select i.value from identifier i join offender o on o.id = i.offender_id where o.basis = 'pdp' and i.kind = 'pnc-id'`,
    })
    const nominationId = await nominate(gateway, {
      person: { givenName: 'P', familyName: 'M', bornOn: '1979-11-30', identifiers: [{ kind: 'pnc-id', value: rows[0]!.value }] },
    })
    const before = await count('offender')
    const reply = await gateway.as('spoc').post(`/v1/nominations/${nominationId}/registration`, registrationOf(await conferenceOf(gateway)))
    expect(reply).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    expect(await count('offender')).toBe(before)
  })
})
