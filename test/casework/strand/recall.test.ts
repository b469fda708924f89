import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../src/gateway/new-id.ts'
import { type Casework, idOf, openCasework, RR } from './strand-support.ts'

let house: Casework
let minute: (id: string, matter?: string) => Promise<string>
beforeAll(async () => {
  house = await openCasework()
  const { owner } = house.database
  for (const sub of ['deputy', 'case-manager']) {
    await owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, area_id, from_at) values ($1, 'ridings-probation', $2, 'aco-probation', 'calder', '2026-01-05')`,
      values: [newId(), sub],
    })
  }
  minute = async (id, matter = 'recall') => {
    const conferenceId = await house.conference(id)
    const body = { reference: 'M-1', matter, offenderId: id, riskOutweighsConfidentiality: true, article8Grounds: ['public-safety'] }
    return idOf(await house.as('spoc').post(`/v1/conferences/${conferenceId}/minute-references`, body), 'minuteReferenceId')
  }
})
afterAll(() => house.close())

const statutory = { cohort: 'iom', strand: RR, lead: 'ridings-probation', statutory: true, supervisor: 'ridings-probation' } as const
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const recall = (as: string, id: string, more: object = {}) =>
  house.as(as).post(`/v1/offenders/${id}/recalls`, {
    ...{ grounds: 'Two breaches in a week.', policeExchangeAt: ago(90), applicationAt: ago(5), ...more },
  })
const authorise = (as: string, id: string, minuteReferenceId: string) =>
  house.as(as).post(`/v1/offenders/${id}/recall-authorisations`, { minuteReferenceId, justification: 'Imminent risk to a named person.' })

describe('recall', () => {
  it('scenario 47: two hours needs an officer who is not the proposer and a minute; otherwise 24 hours is what there is', async () => {
    const id = await house.person(statutory)
    expect(await recall('case-manager', id, { tier: '2h' })).toMatchObject({
      status: 422,
      body: { code: 'recall-authority', stage: 'R34' },
    })
    const minuteId = await minute(id)
    const own = idOf(await authorise('case-manager', id, minuteId), 'authorisationId')
    expect(await recall('case-manager', id, { tier: '2h', authorisationId: own })).toMatchObject({
      status: 422,
      body: { code: 'separation-of-duties' },
    })
    const authorisationId = idOf(await authorise('deputy', id, minuteId), 'authorisationId')
    expect(await house.count('recall', id)).toBe(0)
    const made = await recall('case-manager', id, { tier: '2h', authorisationId })
    expect(made).toMatchObject({ status: 201, body: { tier: '2h', exception: false } })
    const [due, applied] = [new Date(String(made.body.dueAt)), new Date((await house.loggedOf(made)).applicationAt as string)]
    expect(due.getTime() - applied.getTime()).toBe(2 * 3_600_000)
    expect(await recall('case-manager', id, { tier: '2h', authorisationId })).toMatchObject({
      status: 422,
      body: { code: 'recall-authority' },
    })
    expect(await recall('case-manager', id)).toMatchObject({ status: 201, body: { tier: '24h' } })
    expect(await house.events(id)).toEqual(['recalled', 'recalled'])
  })

  it('takes no authority from a minute of something else, of somebody else, or from whoever is no such officer', async () => {
    const [id, other] = [await house.person(statutory), await house.person(statutory)]
    expect(await authorise('deputy', id, await minute(id, 'review'))).toMatchObject({ status: 422, body: { code: 'recall-authority' } })
    expect(await authorise('deputy', id, await minute(other))).toMatchObject({ status: 422, body: { ruleId: 'recall-minuted' } })
    expect(await authorise('analyst', id, await minute(id))).toMatchObject({ status: 403, body: { code: 'recall-authority' } })
    const authorisationId = idOf(await authorise('deputy', other, await minute(other)), 'authorisationId')
    expect(await recall('case-manager', id, { tier: '2h', authorisationId })).toMatchObject({ status: 422 })
  })

  it('comes after the exchange with the police; an exception is let through and reported', async () => {
    const id = await house.person(statutory)
    const refused = { status: 422, body: { code: 'police-exchange' } }
    expect(await recall('case-manager', id, { policeExchangeAt: null })).toMatchObject(refused)
    expect(await recall('case-manager', id, { policeExchangeAt: ago(1) })).toMatchObject(refused)
    const exception = 'The duty desk could not be reached for three hours.'
    expect(await recall('case-manager', id, { policeExchangeAt: null, exception })).toMatchObject({
      status: 201,
      body: { exception: true },
    })
    expect(await house.openTasks(id)).toEqual(['recall-report ridings-partnership'])
  })

  it('is proposed by who supervises, for a person under supervision who is not held already', async () => {
    const id = await house.person(statutory)
    expect(await recall('analyst', id)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect(await recall('constable-wharfe', id)).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    expect(await recall('case-manager', id, { grounds: ' ' })).toMatchObject({ status: 422, body: { code: 'evidence' } })
    const free = await house.person({ cohort: 'ppo', strand: RR, lead: 'ridings-probation' })
    expect((await recall('case-manager', free)).status).toBe(400)
    const held = await house.person({ ...statutory, lead: 'hmp-stonebeck', custody: 'hmp-stonebeck' })
    expect((await recall('case-manager', held)).status).toBe(400)
  })
})
