import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enquiryOf, idOf } from '../../journeys/support/requests.ts'
import type { Json, Reply } from '../../support/ask.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { inDays } from '../support.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
})
afterAll(() => house.close())

const put = (as: string, name: string, category: string, items: readonly Json[]) =>
  house.as(as).put(`/v1/offenders/${idOf(name)}/records/${category}`, { items })
const recordOf = (reply: Reply) =>
  ((reply.body.records ?? []) as { items: { fields: Record<string, unknown> }[]; withheldItems?: object[] }[])[0]

describe('the intelligence units', () => {
  const report = (reference: string, conditions: readonly string[]): Json => ({
    fields: { reference, text: 'Said to be about at night.' },
    ...{ nature: 'assessment', restricted: false, grade: { source: '2', intelligence: 'b', handling: 'p' }, conditions },
  })

  it('are the only way out: what the police hold and BIU has not let out stays with them', async () => {
    // An item of their own, beside those of their system.
    expect((await put('analyst', 'casey', 'police-intel', [report('U-1', ['released-by-biu']), report('U-2', [])])).status).toBe(200)
    const asked = enquiryOf('casey', 'police-intel', { legalGateway: 'cda115' })
    const { owner } = house.database
    await owner.query({ text: `update person set intelligence_vetted_until = '2036-01-01' where person.sub = 'case-manager'` })
    await owner.query({ text: `delete from identifier where offender_id = $1 and kind = 'pnc-id'`, values: [idOf('casey')] })
    const told = recordOf(await house.as('case-manager').post('/v1/enquiries', asked))
    expect(told?.items.map(({ fields }) => fields.reference)).toEqual(['U-1'])
    expect(JSON.stringify(told)).toContain('release-point')
    const own = recordOf(await house.as('analyst').post('/v1/enquiries', enquiryOf('casey', 'police-intel')))
    expect(own?.items.map(({ fields }) => fields.reference)).toEqual(['U-1', 'U-2'])
  })

  it('say themselves what they let out: nobody else writes it onto a record', async () => {
    const marked = report('U-3', ['released-by-biu'])
    expect(await put('chair', 'casey', 'police-intel', [marked])).toMatchObject({
      status: 403,
      body: { code: 'release-point', stage: 'R18' },
    })
    expect(await put('analyst', 'casey', 'police-intel', [report('U-3', ['released-by-piu'])])).toMatchObject({ status: 403 })
    expect(await put('analyst', 'casey', 'police-intel', [report('U-3', ['released-by-somebody'])])).toMatchObject({ status: 403 })
    expect((await put('chair', 'casey', 'police-intel', [report('U-3', [])])).status).toBe(200)
    expect((await put('analyst', 'casey', 'police-intel', [marked])).status).toBe(200)
  })
})

describe('a ViSOR pointer', () => {
  const pointer = {
    restricted: false,
    fields: { manager: 'M Anager', telephone: '01632 960001', agency: 'Ridings Police', area: 'Calder' },
  }
  const ask = (as: string) => house.as(as).post('/v1/enquiries', enquiryOf('jordan', 'visor-pointer'))

  it('names the manager to a member who is trained and vetted, and is nothing at all to everybody else', async () => {
    expect((await put('analyst', 'jordan', 'visor-pointer', [pointer])).status).toBe(200)
    const { owner } = house.database
    const nobody = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01'
    const alike = async (as: string, code = 'ncnd') => {
      const invented = await house.as(as).post('/v1/enquiries', enquiryOf(nobody, 'visor-pointer'))
      const reply = await ask(as)
      expect([as, reply.status, reply.body.code]).toEqual([as, code === 'ncnd' ? 404 : 403, code])
      expect({ ...reply.body, entryId: '' }).toEqual({ ...invented.body, entryId: '' })
    }
    for (const as of ['analyst', 'case-manager']) await alike(as)
    await alike('keyworker', 'isa-category')
    await owner.query({
      text: `update agency set schemes = schemes || '{visor}' where agency.id in ('ridings-police', 'ridings-probation')`,
    })
    for (const as of ['analyst', 'case-manager']) await alike(as)
    await owner.query({ text: `update person set visor_trained_until = '2036-01-01' where person.sub in ('analyst', 'case-manager')` })
    // Another test has vetted the case manager; training without vetting is not enough.
    await owner.query({ text: `update person set intelligence_vetted_until = null where person.sub = 'case-manager'` })
    await alike('case-manager')
    const reply = await ask('analyst')
    expect(reply.status).toBe(200)
    expect(recordOf(reply)?.items.map(({ fields }) => fields)).toEqual([pointer.fields])
    await owner.query({ text: `update person set visor_trained_until = '2026-01-01' where person.sub = 'analyst'` })
    await alike('analyst')
  })
})

describe('the police’s tracker', () => {
  const jordan = { offenderId: idOf('jordan') }
  const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the Calder conference' }
  const caseOf = async (as: string) => (await house.as(as).post(`/v1/offenders/${jordan.offenderId}/case`, looking)).body
  const tell = (status: string, asOf: string) =>
    house.asSystem('ridings-police-records').post(`/v1/offenders/${jordan.offenderId}/tracker-statuses`, { status, asOf })

  it('tells a status that the police see, that nobody else does, and that moves nobody', async () => {
    const before = await caseOf('case-manager')
    expect((await tell('tracked', inDays(-5))).status).toBe(201)
    expect((await tell('ended', inDays(-1))).status).toBe(201)
    expect((await tell('suspended', inDays(-3))).status).toBe(201)
    expect((await caseOf('analyst')).tracker).toEqual({ status: 'ended', asOf: inDays(-1) })
    const after = await caseOf('case-manager')
    expect(after).not.toHaveProperty('tracker')
    expect({ strand: after.strand, lead: after.leadAgencyId }).toEqual({ strand: before.strand, lead: before.leadAgencyId })
  })
})

describe('a referral', () => {
  const person = { givenName: 'Refa', familyName: 'Referred', bornOn: '1988-02-03' }
  const refer = (as: string, more: Json = {}) =>
    house.as(as).post('/v1/referrals', { from: 'mappa', areaId: 'calder', cohort: 'iom', helpNeeded: ['accommodation'], person, ...more })
  const why = { purpose: 'selection', legalGateway: 'cda115', justification: 'Matching for the next conference.' }
  const readAs = async (as: string, nominationId: unknown) =>
    (await house.as(as).post(`/v1/nominations/${String(nominationId)}/readings`, why)).body

  it('from MAPPA is a nomination with the help that is wanted; that it is from MAPPA is for MAPPA’s members to know', async () => {
    const { nominationId } = (await refer('case-manager')).body
    expect(await readAs('chair', nominationId)).toMatchObject({ referredFrom: 'mappa', helpNeeded: ['accommodation'], grounds: '' })
    const administrator = await readAs('spoc', nominationId)
    expect(administrator).toMatchObject({ helpNeeded: ['accommodation'], grounds: '' })
    expect(administrator).not.toHaveProperty('referredFrom')
    const tasks = (await house.as('spoc').get('/v1/tasks?limit=100')).body.tasks as { kind: string; detail: { nominationId: string } }[]
    const task = tasks.find(({ detail }) => detail.nominationId === nominationId)
    expect([task?.kind, JSON.stringify(task).includes('mappa')]).toEqual(['nomination-matching', false])
  })

  it('is made by managers of the scheme, of nobody’s papers, and answered alike whoever is named', async () => {
    expect(await refer('keyworker')).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
    expect(await refer('yos-worker')).toMatchObject({ status: 403 })
    expect((await refer('yos-worker', { from: 'yos', cohort: 'dyo' })).status).toBe(202)
    expect((await refer('case-manager', { papers: 'Level 2 minutes' })).status).toBe(400)
    expect((await refer('case-manager', { helpNeeded: ['read the minutes of level 2'] })).status).toBe(400)
    const known = await refer('case-manager', { person: { givenName: 'Pat', familyName: 'Mirageby', bornOn: '1979-11-30' } })
    const nobody = await refer('case-manager', { person: { givenName: 'Noo', familyName: 'Bodyatal', bornOn: '1979-11-30' } })
    expect([known.status, known.text.length]).toEqual([nobody.status, nobody.text.length])
  })
})
