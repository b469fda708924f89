import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../casework/strand/strand-support.ts'
import { listIn } from '../journeys/support/requests.ts'
import type { Reply } from '../support/ask.ts'
import { entryOf } from '../support/logged.ts'
import { type Meetings, named, openMeetings, textsOf } from './support.ts'

let house: Meetings
beforeAll(async () => {
  house = await openMeetings()
})
afterAll(() => house.close())

const refusal = ({ status, body }: Reply) => [status, body.code]
const revoke = (delegationId: string, as = 'chair') =>
  house.as(as).post(`/v1/delegations/${delegationId}/revocation`, { why: 'Back at work' })

const minuted = async (): Promise<string> => {
  const { conferenceId, offenderId } = await house.meeting()
  await house.write(conferenceId, [{ text: 'Four burglaries.', offenderId }])
  return conferenceId
}
const exclude = (conferenceId: string, as = 'deputy') => house.attend(conferenceId, { nurse: 'excluded' }, as)

describe('a deputy', () => {
  it('without a delegation, or with one not accepted, ended or of other acts, does nothing for the chair (scenario 29)', async () => {
    const conferenceId = await minuted()
    expect(refusal(await exclude(conferenceId))).toEqual([403, 'delegation'])
    const offered = await house.delegate()
    expect(refusal(await exclude(conferenceId))).toEqual([403, 'delegation'])
    await house.as('deputy').post(`/v1/delegations/${offered}/answer`, { decision: 'decline' })
    const otherActs = await house.delegate({ acts: ['decide-disclosure'] })
    await house.accept(otherActs)
    expect(refusal(await exclude(conferenceId))).toEqual([403, 'delegation'])
    const ended = await house.delegate()
    await house.accept(ended)
    await house.database.owner.query({ text: `alter table delegation disable trigger all` })
    const text = `update delegation set to_at = statement_timestamp() - interval '1 day' where id = $1`
    await house.database.owner.query({ text, values: [ended] })
    await house.database.owner.query({ text: `alter table delegation enable trigger all` })
    const refused = await exclude(conferenceId)
    expect(refusal(refused)).toEqual([403, 'delegation'])
    expect((await entryOf(house.database, refused)).because).toBe('ended')
    const rows = await house.database.owner.query({ text: 'select from attendance a where a.conference_id = $1', values: [conferenceId] })
    expect(rows.rowCount).toBe(0)
  })

  it('under a delegation in force acts for the chair, the entry says so, and what was done stands when it is over (scenario 30)', async () => {
    const conferenceId = await minuted()
    const delegationId = await house.delegate({ conferenceId })
    await house.accept(delegationId)
    const done = await exclude(conferenceId)
    expect(done.status).toBe(201)
    expect(await entryOf(house.database, done)).toMatchObject({ actedAs: 'delegate', actingFor: named.chair, delegationId })
    expect((await revoke(delegationId)).status).toBe(201)
    const listed = await house.as('spoc').get(`/v1/conferences/${conferenceId}/attendance`)
    expect(listIn(listed, 'participants').find(({ sub }) => sub === 'nurse')).toMatchObject({ state: 'excluded' })
    expect(refusal(await house.attend(conferenceId, { nurse: 'attended' }, 'deputy'))).toEqual([403, 'delegation'])
  })

  it('reads in the place of a chair who was there, once acknowledged, and not after the chair takes it back', async () => {
    const conferenceId = await minuted()
    expect(refusal(await house.read(conferenceId, 'deputy'))).toEqual([403, 'not-attendee'])
    const delegationId = await house.delegate({ conferenceId })
    await house.accept(delegationId)
    expect(refusal(await house.read(conferenceId, 'deputy'))).toEqual([403, 'not-acknowledged'])
    await house.acknowledge(conferenceId, 'deputy')
    const read = await house.read(conferenceId, 'deputy')
    expect([textsOf(read), read.body.attendance]).toEqual([['Four burglaries.'], 'acting-chair'])
    expect(await entryOf(house.database, read)).toMatchObject({ actedAs: 'delegate', actingFor: named.chair, delegationId })
    await house.attend(conferenceId, { chair: 'apologies' })
    expect(refusal(await house.read(conferenceId, 'deputy'))).toEqual([403, 'not-attendee'])
    await house.attend(conferenceId, { chair: 'attended' })
    expect((await house.read(conferenceId, 'deputy')).status).toBe(200)
    await revoke(delegationId)
    expect(refusal(await house.read(conferenceId, 'deputy'))).toEqual([403, 'not-attendee'])
  })

  it('passes nothing on, and answers only what was offered to them', async () => {
    const conferenceId = await minuted()
    await house.accept(await house.delegate({ conferenceId }))
    const body = {
      areaId: 'calder',
      deputy: named.analyst,
      acts: ['read-papers'],
      fromAt: '2026-01-10T00:00:00Z',
      toAt: '2099-01-01T00:00:00Z',
    }
    expect(refusal(await house.as('deputy').post('/v1/delegations', body))).toEqual([403, 'delegation'])
    const forAnalyst = await house.delegate({ deputy: named.analyst })
    for (const answer of [await house.accept(forAnalyst, 'deputy'), await revoke(forAnalyst, 'deputy')])
      expect(refusal(answer)).toEqual([404, 'not-found'])
    expect((await house.accept(forAnalyst, 'analyst')).status).toBe(201)
    expect(refusal(await house.accept(forAnalyst, 'analyst'))).toEqual([409, 'conflict'])
  })

  it('has by appointment a standing delegation to accept, that carries what the partners agreed and not the papers', async () => {
    const offers = listIn(await house.as('deputy').get('/v1/delegations'), 'standingOffers')
    expect(offers.map(({ areaId }) => areaId)).toEqual(['calder'])
    const id = String(offers[0]!.appointmentId)
    expect(refusal(await house.accept(id, 'analyst'))).toEqual([404, 'not-found'])
    expect((await house.accept(id)).status).toBe(201)
    const listed = await house.as('deputy').get('/v1/delegations?limit=100')
    expect(listed.body.standingOffers).toEqual([])
    const standing = listIn(listed, 'delegations').find(({ delegationId }) => delegationId === id)
    expect(standing).toMatchObject({
      standing: true,
      state: 'in-force',
      chair: null,
      acts: ['chair-meeting', 'decide-disclosure', 'revoke-permission'],
    })
    expect(refusal(await house.read(await minuted(), 'deputy'))).toEqual([403, 'not-attendee'])
  })
})

describe('a delegation', () => {
  it.each([
    ['/toAt', { fromAt: '2026-03-01T00:00:00Z', toAt: '2026-02-01T00:00:00Z' }],
    ['/toAt', { toAt: '2026-02-01T00:00:00Z' }],
    ['/deputy', { deputy: named.chair }],
    ['/deputy', { deputy: { agencyId: 'ridings-police', sub: 'nobody' } }],
    ['/conferenceId', { conferenceId: '01a00000-0000-7000-8000-000000000000' }],
  ])('that cannot be is refused and said where: %s', async (path, more) => {
    const body = {
      areaId: 'calder',
      deputy: named.deputy,
      acts: ['read-papers'],
      fromAt: '2026-01-10T00:00:00Z',
      toAt: '2099-01-01T00:00:00Z',
    }
    const refused = await house.as('chair').post('/v1/delegations', { ...body, ...more })
    expect([refused.status, listIn(refused, 'errors').map((one) => one.path)]).toEqual([400, [path]])
  })

  it('ends with the chair’s appointment, at once', async () => {
    const conferenceId = await minuted()
    const appointed = await house.as('admin').post('/v1/appointments', {
      ...{ agencyId: 'ridings-police', sub: 'analyst', role: 'chair', areaId: 'calder', fromAt: '2026-01-06T00:00:00Z' },
    })
    await house.accept(await house.delegate({ acts: ['exclude-attendee'] }, 'analyst'))
    expect((await exclude(conferenceId)).status).toBe(201)
    const path = `/v1/appointments/${idOf(appointed, 'appointmentId')}/end`
    expect((await house.as('admin').post(path, { why: 'Moved' })).status).toBe(200)
    expect(refusal(await exclude(conferenceId))).toEqual([403, 'delegation'])
  })
})
