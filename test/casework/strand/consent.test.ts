import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adult, CC, type Casework, idOf, openCasework, planFor, RR } from './strand-support.ts'

let house: Casework
beforeAll(async () => {
  house = await openCasework()
})
afterAll(() => house.close())

const volunteer = { cohort: 'iom', strand: RR, lead: 'fresh-steps' } as const
const statutory = { cohort: 'iom', strand: RR, lead: 'ridings-probation', statutory: true, supervisor: 'ridings-probation' } as const

const decide = (as: string, id: string, outcome = CC, justification = 'Risk without sharing is too high.') =>
  house.as(as).post(`/v1/offenders/${id}/police-decisions`, { outcome, justification })
const engagementFor = async (id: string, as = 'analyst') => {
  const ask = {
    offenderId: id,
    categories: [{ id: 'engagement' }],
    purpose: 'risk-management',
    legalGateway: 'cda115',
    justification: 'Risk.',
  }
  const reply = await house.as(as).post('/v1/enquiries', ask)
  return (reply.body.withheld as { reason?: { code: string }; code?: string }[] | undefined)?.map((one) => one.reason?.code ?? one.code)[0]
}

describe('what a refusal of consent puts to people', () => {
  it('scenario 7: closes the gate at once, opens a police decision, and moves nobody', async () => {
    const id = await house.person(volunteer)
    expect((await house.consent('keyworker', id, 'given')).status).toBe(201)
    expect(await engagementFor(id)).not.toBe('consent-refused')
    expect((await house.consent('keyworker', id, 'refused')).status).toBe(201)
    expect(await engagementFor(id)).toBe('consent-refused')
    expect(await house.openTasks(id)).toEqual(['police-strand-decision ridings-police'])
    expect(await house.now(id)).toMatchObject({ strand: RR, lead: 'fresh-steps', version: 1 })
    expect(await house.events(id)).toEqual(['consent-changed', 'consent-changed'])
    expect((await house.consent('keyworker', id, 'withdrawn')).status).toBe(201)
    expect(await house.openTasks(id)).toEqual(['police-strand-decision ridings-police'])
  })

  it('scenario 8: police decide and record it themselves in row L7; the provider no longer leads and has no say', async () => {
    const id = await house.person(volunteer)
    await house.consent('keyworker', id, 'refused')
    expect(await decide('keyworker', id)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect(await decide('analyst', id, CC, '')).toMatchObject({ status: 422, body: { code: 'evidence' } })
    const asked = { lead: 'ridings-police', toStrand: CC, trigger: 'consent-refused' }
    expect(await house.move('analyst', id, asked)).toMatchObject({ status: 422, body: { ruleId: 'strand-police-decision' } })
    const decided = await decide('analyst', id)
    expect(await house.openTasks(id)).toEqual(['strand-recording ridings-police'])
    expect(await house.now(id)).toMatchObject({ strand: RR, lead: 'fresh-steps' })
    const policeDecisionId = idOf(decided, 'policeDecisionId')
    const cited = { ...asked, policeDecisionId }
    expect(await house.move('keyworker', id, cited)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    const moved = await house.move('analyst', id, cited)
    expect(moved.body).toMatchObject({ state: 'effective', row: 'L7', leadAgencyId: 'ridings-police' })
    expect(await house.loggedOf(moved)).toMatchObject({ policeDecisionId, caller: { agencyId: 'ridings-police', personSub: 'analyst' } })
    expect(await house.loggedOf(decided)).toMatchObject({ caller: { agencyId: 'ridings-police' }, outcome: CC })
    expect(await house.now(id)).toMatchObject({ strand: CC, lead: 'ridings-police' })
    expect(await house.openTasks(id)).toEqual([])
    const later = { lead: 'fresh-steps', toStrand: RR, trigger: 'engaging-well', providerAgencyId: 'fresh-steps' }
    expect(await house.move('keyworker', id, later)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect(await house.move('analyst', id, cited)).toMatchObject({ status: 422, body: { ruleId: 'strand-police-decision' } })
    expect(await house.count('agenda_item', id)).toBe(1)
  })

  it('a narrower refusal closes its own gate, asks nobody, and is no reason for a return review later', async () => {
    const id = await house.person(volunteer)
    await house.consent('keyworker', id, 'given')
    const narrow = { categories: ['ete'], recipients: ['ridings-police'], purposes: [] }
    expect((await house.consent('keyworker', id, 'refused', { scope: narrow })).status).toBe(201)
    expect(await engagementFor(id)).not.toBe('consent-refused')
    expect(await house.openTasks(id)).toEqual([])
    await house.consent('keyworker', id, 'given')
    expect(await house.openTasks(id)).toEqual([])
    expect((await house.consent('keyworker', id, 'refused', { scope: { categories: ['engagement'] } })).status).toBe(201)
    expect(await house.openTasks(id)).toEqual(['police-strand-decision ridings-police'])
  })

  it('scenario 10: consent that has expired closes the gate and asks nobody', async () => {
    const id = await house.person(volunteer)
    const expiresAt = new Date(Date.now() + 300).toISOString()
    const happenedAt = new Date(Date.now() - 60_000).toISOString()
    expect((await house.consent('keyworker', id, 'given', { expiresAt, happenedAt })).status).toBe(201)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await engagementFor(id)).toBe('consent-expired')
    await house.consent('keyworker', id, 'sought')
    await house.consent('keyworker', id, 'no-capacity', { capacityBasis: 'mca-assessed-lacks' })
    expect(await house.openTasks(id)).toEqual([])
    expect(await decide('analyst', id)).toMatchObject({ status: 409, body: { code: 'evidence' } })
  })

  it('scenario 11: statutory compliance is not gated; police decide, probation records citing it and keeps the lead', async () => {
    const id = await house.person(statutory)
    await house.consent('case-manager', id, 'refused')
    const ask = {
      offenderId: id,
      categories: [{ id: 'stat-compliance' }],
      purpose: 'risk-management',
      legalGateway: 'cda115',
      justification: 'R.',
    }
    const preview = await house.as('analyst').post('/v1/enquiries/preview', { ...ask, justification: 'Risk planning.' })
    expect(preview.text).not.toContain('consent-')
    expect(preview.status).toBe(200)
    expect(await house.openTasks(id)).toEqual(['police-strand-decision ridings-police'])
    const decided = await decide('analyst', id)
    expect(await house.openTasks(id)).toEqual(['strand-recording ridings-probation'])
    const cited = {
      lead: 'ridings-probation',
      toStrand: CC,
      trigger: 'consent-refused',
      policeDecisionId: idOf(decided, 'policeDecisionId'),
    }
    expect(await house.move('analyst', id, cited)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect(await house.move('case-manager', id, cited)).toMatchObject({
      status: 201,
      body: { row: 'L5', leadAgencyId: 'ridings-probation' },
    })
  })

  it('lets a lead that disagrees ask for a case review, which does not hold the decision up', async () => {
    const id = await house.person(volunteer)
    await house.consent('keyworker', id, 'refused')
    const policeDecisionId = idOf(await decide('analyst', id), 'policeDecisionId')
    const path = `/v1/offenders/${id}/police-decisions/${policeDecisionId}/case-review`
    const why = { justification: 'He still comes every week.' }
    expect(await house.as('case-manager').post(path, why)).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect(await house.as('keyworker').post(path, why)).toMatchObject({ status: 202, body: { state: 'asked' } })
    expect(await house.as('keyworker').post(path, why)).toMatchObject({ status: 202, body: { state: 'asked-already' } })
    expect(await house.openTasks(id)).toEqual(['case-review ridings-police', 'strand-recording ridings-police'])
    const cited = { lead: 'ridings-police', toStrand: CC, trigger: 'consent-refused', policeDecisionId }
    expect((await house.move('analyst', id, cited)).status).toBe(201)
  })

  it('overtakes what the police had still to do when consent is given again, and asks the lead to review', async () => {
    const id = await house.person(volunteer)
    await house.consent('keyworker', id, 'refused')
    const policeDecisionId = idOf(await decide('analyst', id), 'policeDecisionId')
    expect((await house.consent('keyworker', id, 'given')).status).toBe(201)
    expect(await house.openTasks(id)).toContain('strand-return-review fresh-steps')
    const cited = { lead: 'ridings-police', toStrand: CC, trigger: 'consent-refused', policeDecisionId }
    expect(await house.move('analyst', id, cited)).toMatchObject({ status: 422, body: { ruleId: 'strand-police-decision' } })

    const moved = await house.person({ ...volunteer, strand: CC, lead: 'ridings-police' })
    await house.consent('keyworker', moved, 'refused')
    await house.consent('keyworker', moved, 'given')
    expect(await house.openTasks(moved)).toEqual(['strand-return-review ridings-police'])
    const conferenceId = await house.conference(moved)
    const back = await house.move('analyst', moved, {
      ...{ lead: 'fresh-steps', toStrand: RR, trigger: 'consent-restored', conferenceId, providerAgencyId: 'fresh-steps' },
      plan: planFor('fresh-steps'),
    })
    await house.as('keyworker').post(`/v1/offenders/${moved}/strand-changes/${idOf(back, 'changeId')}/acceptance`, { decision: 'accepted' })
    expect(await house.now(moved)).toMatchObject({ strand: RR, lead: 'fresh-steps' })
    expect(await house.openTasks(moved)).toEqual([])
  })

  it('opens nothing for a narrower refusal, nor for one that lacks capacity', async () => {
    const id = await house.person({ ...volunteer, bornOn: adult })
    await house.consent('keyworker', id, 'refused', { scope: { recipients: ['hollins-lettings'] } })
    expect(await house.openTasks(id)).toEqual([])
    const lacking = await house.consent('keyworker', id, 'refused', { capacityBasis: 'mca-assessed-lacks' })
    expect([lacking.status, await house.openTasks(id)]).toEqual([422, []])
  })
})
