import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../src/gateway/new-id.ts'
import { adult, CC, type Casework, child, idOf, openCasework, PD, planFor, RR } from './strand-support.ts'

let house: Casework
beforeAll(async () => {
  house = await openCasework()
})
afterAll(() => house.close())

const statutory = { cohort: 'ppo', strand: RR, lead: 'ridings-probation', statutory: true, supervisor: 'ridings-probation' } as const
const volunteer = { cohort: 'iom', strand: RR, lead: 'fresh-steps' } as const
const dipClient = { cohort: 'iom', strand: RR, lead: 'calder-dip', dip: true } as const

describe('the two rights, evidence and strand', () => {
  it('scenario 13: police add evidence under a probation lead, cannot move the strand, and probation moves it citing that evidence', async () => {
    const id = await house.person(statutory)
    const added = await house.evidence('analyst', id, 'arrest-disposal')
    expect(added).toMatchObject({ status: 201, body: { state: 'accepted' } })
    const evidenceIds = [idOf(added, 'evidenceId')]
    const asked = { lead: 'ridings-probation', toStrand: CC, trigger: 'arrest-disposal', evidenceIds }
    expect(await house.move('analyst', id, asked)).toMatchObject({ status: 403, body: { code: 'not-lead', stage: 'R29' } })
    const moved = await house.move('case-manager', id, asked)
    expect(moved).toMatchObject({ status: 201, body: { state: 'effective', row: 'L1', leadAgencyId: 'ridings-probation' } })
    expect(await house.now(id)).toMatchObject({ strand: CC, lead: 'ridings-probation' })
    expect(await house.loggedOf(moved)).toMatchObject({
      event: 'strand-changed',
      effect: 'permit',
      evidenceIds,
      fromStrand: RR,
      toStrand: CC,
    })
    expect(await house.events(id)).toEqual(['evidence-added', 'strand-changed'])
    expect([await house.count('strand_change', id), await house.count('interventions_plan', id)]).toEqual([1, 1])
  })

  it('scenario 14: a breached DRR moves a statutory DIP client, whose lead stays probation under row L9', async () => {
    const id = await house.person({ ...statutory, cohort: 'iom', dip: true })
    const added = await house.evidence('case-manager', id, 'non-compliance-drr')
    const asked = { lead: 'ridings-probation', toStrand: CC, trigger: 'non-compliance-drr', evidenceIds: [idOf(added, 'evidenceId')] }
    expect(await house.move('case-manager', id, asked)).toMatchObject({
      status: 201,
      body: { row: 'L9', leadAgencyId: 'ridings-probation' },
    })
  })

  it('counts what a partner submits once the lead accepts it, and the submitter stays its originator', async () => {
    const id = await house.person(statutory)
    const submitted = await house.evidence('keyworker', id, 'attitude-attendance')
    expect(submitted.body).toMatchObject({ state: 'submitted' })
    expect(await house.openTasks(id)).toEqual(['evidence-acceptance ridings-probation'])
    const evidenceIds = [idOf(submitted, 'evidenceId')]
    const asked = { lead: 'ridings-probation', toStrand: PD, trigger: 'attitude-attendance', evidenceIds }
    expect(await house.move('case-manager', id, asked)).toMatchObject({
      status: 422,
      body: { code: 'evidence', ruleId: 'strand-evidence-stands' },
    })
    const path = `/v1/offenders/${id}/evidence/${evidenceIds[0]}/acceptance`
    expect(await house.as('keyworker').post(path, { decision: 'accepted' })).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    const accepted = await house.as('case-manager').post(path, { decision: 'accepted' })
    expect([accepted.status, await house.loggedOf(accepted)]).toMatchObject([200, { originator: 'fresh-steps' }])
    expect((await house.as('case-manager').post(path, { decision: 'declined' })).status).toBe(409)
    expect((await house.move('case-manager', id, asked)).status).toBe(201)
    expect(await house.openTasks(id)).toEqual([])
  })

  it('supersedes evidence by a correction of its own originator, on which nothing rests any more', async () => {
    const id = await house.person(statutory)
    const first = idOf(await house.evidence('analyst', id, 'police-intel'), 'evidenceId')
    expect(await house.evidence('keyworker', id, 'police-intel')).toMatchObject({ status: 403, body: { code: 'originator' } })
    expect(await house.evidence('case-manager', id, 'partner-intel', { corrects: first })).toMatchObject({ status: 403 })
    expect(await house.evidence('analyst', id, 'police-intel', { corrects: first })).toMatchObject({ status: 201 })
    expect(await house.evidence('analyst', id, 'police-intel', { corrects: first })).toMatchObject({
      status: 409,
      body: { code: 'evidence' },
    })
    const asked = { lead: 'ridings-probation', toStrand: CC, trigger: 'police-intel', evidenceIds: [first] }
    expect(await house.move('case-manager', id, asked)).toMatchObject({ status: 422, body: { ruleId: 'strand-evidence-stands' } })
  })
})

describe('who leads after the move', () => {
  it('scenario 15: a DIP client goes to catch and control only with sufficient justification, led by DIP police once they accept', async () => {
    const id = await house.person(dipClient)
    const control = { lead: 'ridings-dip-police', toStrand: CC, trigger: 'partner-intel' }
    expect(await house.move('dip-worker', id, { ...control, justification: ' ' })).toMatchObject({
      status: 422,
      body: { code: 'evidence' },
    })
    expect(await house.move('dip-worker', id, control)).toMatchObject({ status: 422, body: { code: 'evidence' } })
    const evidenceIds = [idOf(await house.evidence('dip-worker', id, 'partner-intel'), 'evidenceId')]
    const asked = await house.move('dip-worker', id, { ...control, evidenceIds })
    expect(asked.body).toMatchObject({ state: 'awaiting-acceptance', row: 'L10', leadAgencyId: 'ridings-dip-police' })
    expect(await house.now(id)).toMatchObject({ strand: RR, lead: 'calder-dip' })
    expect(await house.openTasks(id)).toEqual(['strand-acceptance ridings-dip-police'])
    const path = `/v1/offenders/${id}/strand-changes/${idOf(asked, 'changeId')}/acceptance`
    expect(await house.as('dip-worker').post(path, { decision: 'accepted' })).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect((await house.as('dip-constable').post(path, { decision: 'accepted' })).status).toBe(200)
    expect(await house.now(id)).toMatchObject({ strand: CC, lead: 'ridings-dip-police' })
    expect(await house.openTasks(id)).toEqual([])

    const other = await house.person(dipClient)
    const evidence = idOf(await house.evidence('dip-worker', other, 'attitude-attendance'), 'evidenceId')
    const deter = { lead: 'calder-dip', toStrand: PD, trigger: 'attitude-attendance', evidenceIds: [evidence] }
    expect(await house.move('dip-worker', other, deter)).toMatchObject({
      status: 201,
      body: { state: 'effective', leadAgencyId: 'calder-dip' },
    })
  })

  it('scenario 17: police lead a juvenile non-statutory PPO; a provider writes only under an override that both accepted', async () => {
    const id = await house.person({ cohort: 'ppo', strand: RR, lead: 'ridings-police', bornOn: child })
    const conferenceId = await house.conference(id)
    const providerPlan = planFor('young-horizons')
    const byProvider = { lead: 'young-horizons', toStrand: PD, trigger: 'conference-decision', conferenceId }
    expect(await house.move('youth-mentor', id, byProvider)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    const override = {
      lead: 'young-horizons',
      toStrand: RR,
      trigger: 'engaging-well',
      providerAgencyId: 'young-horizons',
      plan: providerPlan,
    }
    expect(await house.move('analyst', id, override)).toMatchObject({ status: 422, body: { code: 'conference-ref' } })
    const asked = await house.move('analyst', id, { ...override, conferenceId })
    expect(asked.body).toMatchObject({ state: 'awaiting-acceptance', row: 'L4', leadAgencyId: 'young-horizons' })
    const path = `/v1/offenders/${id}/strand-changes/${idOf(asked, 'changeId')}/acceptance`
    expect((await house.as('youth-mentor').post(path, { decision: 'accepted' })).status).toBe(200)
    expect(await house.now(id)).toMatchObject({ strand: RR, lead: 'young-horizons', override: true })
    const back = { lead: 'ridings-police', toStrand: PD, trigger: 'conference-decision', conferenceId }
    expect((await house.move('youth-mentor', id, back)).body).toMatchObject({ leadAgencyId: 'ridings-police' })
  })

  it('scenario 19: nobody moves to rehabilitate and resettle in row L7 without a named, signed provider that delivers', async () => {
    const id = await house.person({ ...volunteer, strand: CC, lead: 'ridings-police' })
    const conferenceId = await house.conference(id)
    const asked = { lead: 'fresh-steps', toStrand: RR, trigger: 'engaging-well', conferenceId }
    const unnamed = { status: 422, body: { code: 'provider-unnamed' } }
    expect(await house.move('analyst', id, asked)).toMatchObject(unnamed)
    expect(await house.move('analyst', id, { ...asked, providerAgencyId: 'hollins-lettings' })).toMatchObject(unnamed)
    const notDelivering = { ...asked, providerAgencyId: 'fresh-steps', plan: planFor('ridings-police') }
    expect(await house.move('analyst', id, notDelivering)).toMatchObject(unnamed)
    const moved = await house.move('analyst', id, { ...asked, providerAgencyId: 'fresh-steps' })
    expect(moved).toMatchObject({ status: 201, body: { state: 'awaiting-acceptance', leadAgencyId: 'fresh-steps' } })
  })

  it('scenario 20: row L7 moves at the conference only: no reference, another area’s or one without the case is refused', async () => {
    const id = await house.person(volunteer)
    const evidenceIds = [idOf(await house.evidence('keyworker', id, 'partner-intel'), 'evidenceId')]
    const asked = { lead: 'ridings-police', toStrand: CC, trigger: 'partner-intel', evidenceIds }
    const unreferenced = { status: 422, body: { code: 'conference-ref' } }
    expect(await house.move('keyworker', id, asked)).toMatchObject(unreferenced)
    expect(await house.move('keyworker', id, { ...asked, conferenceId: newId() })).toMatchObject(unreferenced)
    expect(await house.move('keyworker', id, { ...asked, conferenceId: await house.conference() })).toMatchObject(unreferenced)
    expect(await house.move('keyworker', id, { ...asked, conferenceId: await house.conference(id) })).toMatchObject({ status: 201 })
  })

  it('scenario 40: a third-sector lead has what a probation lead has, step for step', async () => {
    const steps = async (setting: Parameters<Casework['person']>[0], as: string): Promise<unknown[]> => {
      const id = await house.person(setting)
      // The law that each may rest on is its own; what it may do with the case is not.
      const law =
        setting.lead === 'fresh-steps'
          ? { purpose: 'rehab-support', legalGateway: 'gdpr-6-1-e' }
          : { purpose: 'risk-management', legalGateway: 'dpa35-task' }
      const view = { ...law, justification: 'Preparing the conference.' }
      const read = await house.as(as).post(`/v1/offenders/${id}/case`, view)
      const added = await house.evidence(as, id, 'engagement')
      const conferenceId = await house.conference(id)
      const evidenceIds = [idOf(await house.evidence(as, id, 'attitude-attendance'), 'evidenceId')]
      const lead = setting.lead === 'fresh-steps' ? 'ridings-police' : setting.lead
      const moved = await house.move(as, id, { lead, toStrand: PD, trigger: 'attitude-attendance', evidenceIds, conferenceId })
      const person = { givenName: 'Nova', familyName: 'Newby', bornOn: '1999-02-03' }
      const nominated = await house.as(as).post('/v1/nominations', { areaId: 'calder', cohort: 'iom', person, grounds: 'Four burglaries.' })
      return [read.status, read.body.strand, added.status, added.body.state, moved.status, nominated.status]
    }
    const third = await steps(volunteer, 'keyworker')
    expect(third).toEqual([200, RR, 201, 'accepted', 201, 202])
    expect(await steps({ ...statutory, cohort: 'iom' }, 'case-manager')).toEqual(third)
  })

  it('keeps youth offending as lead of a case it still supervises at 18', async () => {
    const id = await house.person({
      cohort: 'dyo',
      strand: RR,
      lead: 'calder-yos',
      statutory: true,
      supervisor: 'calder-yos',
      bornOn: adult,
    })
    const moved = await house.move('yos-worker', id, { lead: 'calder-yos', toStrand: PD, trigger: 'age-18' })
    expect(moved).toMatchObject({ status: 201, body: { row: 'L5', leadAgencyId: 'calder-yos', state: 'effective' } })
    expect(await house.loggedOf(moved)).toMatchObject({ supervisorDiffers: true })
  })
})

describe('what is read is what is changed', () => {
  it('asks for If-Match, refuses one that is behind, and tells a stranger neither', async () => {
    const id = await house.person(statutory)
    const asked = { lead: 'ridings-probation', toStrand: PD, trigger: 'engaging-well' }
    expect(await house.move('case-manager', id, { ...asked, ifMatch: '' })).toMatchObject({
      status: 428,
      body: { code: 'precondition-required' },
    })
    expect(await house.move('case-manager', id, { ...asked, ifMatch: '"999"' })).toMatchObject({ status: 412 })
    expect(await house.move('constable-wharfe', id, { ...asked, ifMatch: '' })).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    expect(await house.move('keyworker', id, { ...asked, ifMatch: '' })).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect([await house.count('strand_change', id), await house.count('interventions_plan', id)]).toEqual([0, 0])
  })

  it('gives the ETag with the case, and two who read the same version end with one change and one refusal', async () => {
    const id = await house.person(statutory)
    const view = { purpose: 'risk-management', legalGateway: 'cda115', justification: 'Preparing a move.' }
    const read = await house.as('case-manager').post(`/v1/offenders/${id}/case`, view)
    expect(read).toMatchObject({ status: 200, body: { strand: RR, leadAgencyId: 'ridings-probation', row: 'L1' } })
    const ifMatch = read.headers.get('etag')!
    const race = await Promise.all(
      ['case-manager', 'deputy'].map((as) =>
        house.move(as, id, { lead: 'ridings-probation', toStrand: PD, trigger: 'engaging-well', ifMatch }),
      ),
    )
    expect(race.map(({ status }) => status).sort()).toEqual([201, 412])
    expect(race.find(({ status }) => status === 412)!.body).toMatchObject({ code: 'precondition-failed' })
    expect([await house.count('strand_change', id), (await house.now(id)).strand]).toEqual([1, PD])
    const again = await house.as('case-manager').post(`/v1/offenders/${id}/case`, view)
    expect(again.headers.get('etag')).toBe(race.find(({ status }) => status === 201)!.headers.get('etag'))
  })

  it('lets one move wait at a time, and leaves the case with its lead when the incoming one declines', async () => {
    const id = await house.person({ cohort: 'ppo', strand: CC, lead: 'ridings-police' })
    const asked = await house.move('analyst', id, { lead: 'ridings-probation', toStrand: RR, trigger: 'engaging-well' })
    expect(asked.body).toMatchObject({ row: 'L3', state: 'awaiting-acceptance' })
    expect(await house.move('analyst', id, { lead: 'ridings-police', toStrand: PD, trigger: 'engaging-well' })).toMatchObject({
      status: 409,
    })
    const path = `/v1/offenders/${id}/strand-changes/${idOf(asked, 'changeId')}/acceptance`
    expect((await house.as('case-manager').post(path, { decision: 'declined', justification: 'No capacity.' })).status).toBe(200)
    expect((await house.as('case-manager').post(path, { decision: 'accepted' })).status).toBe(409)
    expect(await house.now(id)).toMatchObject({ strand: CC, lead: 'ridings-police' })
    expect(await house.openTasks(id)).toEqual(['case-review ridings-police'])
  })
})
