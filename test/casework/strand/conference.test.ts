import { sundayBefore } from '../../support/free-days.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { daysAfter } from '../../../src/core/london.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { entryOf } from '../../support/logged.ts'
import { type Casework, idOf, openCasework, RR, today } from './strand-support.ts'

let house: Casework
beforeAll(async () => {
  house = await openCasework()
})
afterAll(() => house.close())

const chair = { agencyId: 'ridings-police', sub: 'chair' }
const meeting = (more: object = {}) => ({
  kind: 'case-conference',
  areaId: 'calder',
  heldOn: sundayBefore(daysAfter(today, -200)),
  chair,
  ...more,
})
const volunteer = { cohort: 'iom', strand: RR, lead: 'fresh-steps' } as const

describe('conferences as records', () => {
  it('are kept by the area’s contact, under a chair of that day or somebody with the chair’s accepted delegation for it', async () => {
    const made = await house.as('spoc').post('/v1/conferences', meeting())
    expect(made).toMatchObject({ status: 201, body: { chairedAs: 'chair' } })
    expect(await house.as('spoc').post('/v1/conferences', meeting())).toMatchObject({ status: 409 })
    const byDeputy = meeting({ kind: 'dmm', chair: { agencyId: 'ridings-probation', sub: 'deputy' } })
    // The appointment as deputy is only an offer; what is accepted now does not reach back to that day (R44).
    expect(await house.as('chair').post('/v1/conferences', byDeputy)).toMatchObject({ status: 400 })
    const delegation = await house.as('chair').post('/v1/delegations', {
      ...{ areaId: 'calder', deputy: { agencyId: 'ridings-probation', sub: 'deputy' }, acts: ['chair-meeting'] },
      ...{ fromAt: '2026-01-10T00:00:00Z', toAt: `${daysAfter(today, 30)}T00:00:00Z` },
    })
    const delegationId = idOf(delegation, 'delegationId')
    const later = { ...byDeputy, heldOn: sundayBefore(daysAfter(today, 14)) }
    const unaccepted = await house.as('chair').post('/v1/conferences', later)
    expect(unaccepted).toMatchObject({ status: 403, body: { code: 'delegation', ruleId: 'meeting-chaired-under-delegation' } })
    expect(await house.as('deputy').post(`/v1/delegations/${delegationId}/answer`, { decision: 'accept' })).toMatchObject({ status: 201 })
    expect(await house.as('chair').post('/v1/conferences', byDeputy)).toMatchObject({ status: 403, body: { code: 'delegation' } })
    const chaired = await house.as('chair').post('/v1/conferences', later)
    expect(chaired).toMatchObject({ status: 201, body: { chairedAs: 'deputy-chair' } })
    expect(await entryOf(house.database, chaired)).toMatchObject({ actedAs: 'delegate', actingFor: chair, delegationId })
    const notChair = meeting({ kind: 'marac', chair: { agencyId: 'ridings-probation', sub: 'case-manager' } })
    expect(await house.as('spoc').post('/v1/conferences', notChair)).toMatchObject({ status: 400 })
    expect(await house.as('spoc').post('/v1/conferences', meeting({ kind: 'marac', heldOn: '2020-01-01' }))).toMatchObject({ status: 400 })
    expect(await house.as('keyworker').post('/v1/conferences', meeting({ kind: 'mash' }))).toMatchObject({ status: 403 })
    expect(await house.as('spoc').post('/v1/conferences', meeting({ areaId: 'holme' }))).toMatchObject({ status: 403 })
  })

  it('show who works in the area the meetings, and only who discusses them the cases', async () => {
    const id = await house.person(volunteer)
    const conferenceId = await house.conference(id)
    const path = `/v1/conferences/${conferenceId}`
    expect((await house.as('keyworker').get(path)).body.agenda).toEqual([{ offenderId: id, item: 'strand' }])
    expect((await house.as('area-commander').get(path)).body.agenda).toBeNull()
    expect((await house.as('ig-officer').get(path)).body.agenda).toBeNull()
    expect((await house.as('constable-wharfe').get(path)).status).toBe(404)
    const listed = async (as: string) => {
      const { body } = await house.as(as).get('/v1/conferences?limit=100')
      return (body.conferences as { areaId: string }[]).filter(({ areaId }) => areaId === 'calder').length
    }
    expect([await listed('keyworker'), await listed('constable-wharfe'), await listed('landlord')]).toEqual([await listed('spoc'), 0, 0])
    expect(await listed('spoc')).toBeGreaterThan(0)
    const page = await house.as('spoc').get('/v1/conferences?limit=1')
    const next = await house.as('spoc').get(`/v1/conferences?limit=1&cursor=${String(page.body.nextCursor)}`)
    expect(next.body.conferences).not.toEqual(page.body.conferences)
  })

  it('take on their agenda cases of their own area only, and say no more of others than of the invented', async () => {
    const id = await house.person(volunteer)
    const conferenceId = await house.conference(id)
    const put = (offenderId: string) => house.as('spoc').post(`/v1/conferences/${conferenceId}/agenda`, { offenderId, item: 'review' })
    expect((await put(id)).status).toBe(201)
    expect((await put(id)).status).toBe(409)
    const elsewhere = await house.person(volunteer)
    await house.database.owner.query({ text: `update offender set area_id = 'holme' where id = $1`, values: [elsewhere] })
    const strip = ({ status, body }: Awaited<ReturnType<typeof put>>) => JSON.stringify([status, { ...body, entryId: '' }])
    const answers = [strip(await put(elsewhere)), strip(await put(newId()))]
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('ncnd')
  })

  it('record where the minutes say so, and for a case the finding that the risk outweighs confidentiality, on its grounds', async () => {
    const id = await house.person(volunteer)
    const conferenceId = await house.conference(id)
    const add = (more: object, as = 'spoc') =>
      house.as(as).post(`/v1/conferences/${conferenceId}/minute-references`, {
        ...{
          reference: 'M-7',
          matter: 'strand',
          offenderId: id,
          riskOutweighsConfidentiality: true,
          article8Grounds: ['crime-disorder'],
          ...more,
        },
      })
    expect(await add({ riskOutweighsConfidentiality: false })).toMatchObject({ status: 422, body: { ruleId: 'minute-risk-found' } })
    expect(await add({ article8Grounds: [] })).toMatchObject({ status: 422, body: { ruleId: 'minute-grounds' } })
    expect(await add({ article8Grounds: ['national-security'] })).toMatchObject({ status: 400 })
    expect(await add({}, 'keyworker')).toMatchObject({ status: 403 })
    const added = await add({})
    expect(added.status).toBe(201)
    expect((await add({})).status).toBe(409)
    const shown = await house.as('spoc').get(`/v1/conferences/${conferenceId}`)
    expect(shown.body.minuteReferences).toEqual([
      { minuteReferenceId: idOf(added, 'minuteReferenceId'), reference: 'M-7', matter: 'strand' },
    ])
    expect(shown.text).toContain(id)
    expect(JSON.stringify(shown.body.minuteReferences)).not.toContain(id)
  })

  it('take up what waited for the area’s next one', async () => {
    const id = await house.person(volunteer)
    await house.consent('keyworker', id, 'refused')
    const decided = await house
      .as('analyst')
      .post(`/v1/offenders/${id}/police-decisions`, { outcome: 'catch-and-control', justification: 'Risk.' })
    const policeDecisionId = idOf(decided, 'policeDecisionId')
    await house.move('analyst', id, { lead: 'ridings-police', toStrand: 'catch-and-control', trigger: 'consent-refused', policeDecisionId })
    const conferenceId = await house.conference()
    const shown = await house.as('chair').get(`/v1/conferences/${conferenceId}`)
    expect(shown.body.agenda).toContainEqual({ offenderId: id, item: 'strand' })
  })
})
