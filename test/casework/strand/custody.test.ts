import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CC, type Casework, idOf, openCasework, PD, RR } from './strand-support.ts'

let house: Casework
beforeAll(async () => {
  house = await openCasework()
})
afterAll(() => house.close())

const statutory = { cohort: 'iom', strand: CC, lead: 'ridings-probation', statutory: true, supervisor: 'ridings-probation' } as const
const volunteer = { cohort: 'iom', strand: RR, lead: 'fresh-steps' } as const

const custody = (as: string, id: string, status: string, more: object = { establishmentId: 'hmp-stonebeck' }) =>
  house.as(as).post(`/v1/offenders/${id}/custody-events`, { status, happenedAt: new Date().toISOString(), ...more })

describe('custody', () => {
  it('puts strand and lead at once, refuses any other strand while it lasts, and overtakes a move that waited', async () => {
    const id = await house.person({ cohort: 'ppo', strand: CC, lead: 'ridings-police' })
    const waiting = await house.move('analyst', id, { lead: 'ridings-probation', toStrand: RR, trigger: 'engaging-well' })
    const entered = await custody('analyst', id, 'remand')
    expect(entered).toMatchObject({ status: 201, body: { effect: 'entry' } })
    expect(await house.now(id)).toMatchObject({ strand: RR, lead: 'hmp-stonebeck', custody: 'hmp-stonebeck' })
    expect(await house.openTasks(id)).toEqual([])
    const path = `/v1/offenders/${id}/strand-changes/${idOf(waiting, 'changeId')}/acceptance`
    expect((await house.as('case-manager').post(path, { decision: 'accepted' })).status).toBe(409)
    for (const toStrand of [CC, PD]) {
      const asked = { lead: 'hmp-stonebeck', toStrand, trigger: 'conference-decision' }
      expect(await house.move('prison-officer', id, asked)).toMatchObject({ status: 422, body: { code: 'custody-strand', stage: 'R30' } })
      expect(await house.move('analyst', id, asked)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    }
    await house.consent('case-manager', id, 'refused')
    const cited = { lead: 'ridings-police', toStrand: CC, trigger: 'consent-refused' }
    expect(await house.move('analyst', id, cited)).toMatchObject({ status: 422, body: { code: 'custody-strand', stage: 'R30' } })
    expect(await house.events(id)).toContain('custody-entered')
  })

  it('takes temporary release for custody, a police cell for neither, and licence or curfew for release', async () => {
    for (const status of ['licence', 'hdc']) {
      const id = await house.person(statutory)
      expect((await custody('analyst', id, 'police-cells', {})).body).toMatchObject({ effect: 'none' })
      expect(await house.now(id)).toMatchObject({ strand: CC, custody: null, version: 1 })
      await custody('case-manager', id, 'sentenced')
      expect((await custody('prison-officer', id, 'rotl')).body).toMatchObject({ effect: 'none' })
      expect(await house.now(id)).toMatchObject({ custody: 'hmp-stonebeck', lead: 'hmp-stonebeck' })
      expect((await custody('case-manager', id, 'sentenced', { establishmentId: 'hmp-ravensgill' })).body).toMatchObject({
        effect: 'transfer',
      })
      expect(await house.now(id)).toMatchObject({ custody: 'hmp-ravensgill', lead: 'hmp-ravensgill' })
      expect((await custody('case-manager', id, status, {})).body).toMatchObject({ effect: 'release' })
      expect(await house.now(id)).toMatchObject({ custody: null, strand: RR, lead: 'hmp-ravensgill' })
    }
  })

  it('opens a decision on strand and lead at release, tells the police, and lets the incoming lead record it', async () => {
    const id = await house.person(statutory)
    await custody('case-manager', id, 'sentenced')
    await custody('case-manager', id, 'licence', {})
    expect(await house.openTasks(id)).toEqual(['strand-after-release ridings-probation'])
    const told = await house.database.owner.query<{ agency: string }>({
      text: `select d.agency_id as agency from event e join event_delivery d on d.event_id = e.id where e.offender_id = $1 and e.kind = 'released'`,
      values: [id],
    })
    expect(told.rows.map(({ agency }) => agency)).toContain('ridings-police')
    const asked = { lead: 'ridings-probation', toStrand: PD, trigger: 'release' }
    expect(await house.move('analyst', id, asked)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    const moved = await house.move('case-manager', id, asked)
    expect(moved).toMatchObject({ status: 201, body: { state: 'effective', row: 'L5', leadAgencyId: 'ridings-probation' } })
    expect([await house.now(id), await house.openTasks(id)]).toMatchObject([{ strand: PD, lead: 'ridings-probation' }, []])
    expect(await house.move('case-manager', id, { ...asked, toStrand: CC })).toMatchObject({
      status: 422,
      body: { ruleId: 'strand-after-release' },
    })
  })

  it('keeps a refusal made in custody until release, when the police are asked', async () => {
    const id = await house.person(volunteer)
    await custody('analyst', id, 'remand')
    await house.consent('keyworker', id, 'refused')
    const decide = () => house.as('analyst').post(`/v1/offenders/${id}/police-decisions`, { outcome: CC, justification: 'Risk.' })
    expect(await house.openTasks(id)).toEqual([])
    expect(await decide()).toMatchObject({ status: 422, body: { code: 'custody-strand' } })
    await custody('analyst', id, 'bail', {})
    expect(await house.openTasks(id)).toEqual(['police-strand-decision ridings-police', 'strand-after-release ridings-police'])
    expect((await decide()).status).toBe(201)
  })

  it('holds an open question of the police when custody comes first, and asks it again after', async () => {
    const id = await house.person(volunteer)
    await house.consent('keyworker', id, 'refused')
    await custody('analyst', id, 'remand')
    expect(await house.openTasks(id)).toEqual([])
    await custody('analyst', id, 'bail', {})
    expect(await house.openTasks(id)).toContain('police-strand-decision ridings-police')
  })

  it('is recorded by those who hold the person or supervise and police, of their own establishment, and never ahead', async () => {
    const id = await house.person(statutory)
    expect(await custody('keyworker', id, 'remand')).toMatchObject({ status: 403, body: { code: 'originator' } })
    expect(await custody('prison-officer', id, 'remand')).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    await house.database.owner.query({
      text: `insert into identifier (kind, value, offender_id, agency_id) values ('prison-number', $1, $2, 'hmp-stonebeck')`,
      values: [`T${id.slice(-8).toUpperCase()}`, id],
    })
    expect(await custody('prison-officer', id, 'remand', { establishmentId: 'hmp-ravensgill' })).toMatchObject({ status: 403 })
    expect(await custody('prison-officer', id, 'licence', {})).toMatchObject({ status: 400 })
    expect(await custody('prison-officer', id, 'remand', { establishmentId: 'ridings-police' })).toMatchObject({ status: 400 })
    const ahead = { establishmentId: 'hmp-stonebeck', happenedAt: '2999-01-01T00:00:00Z' }
    expect(await custody('prison-officer', id, 'remand', ahead)).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect((await house.now(id)).version).toBe(1)
    expect(await custody('prison-officer', id, 'remand')).toMatchObject({ status: 201, body: { effect: 'entry' } })
  })
})
