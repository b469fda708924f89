import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../support/ask.ts'
import { type Instance, openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf } from '../support/logged.ts'
import { must } from './support/agree.ts'
import { consentOf, enquire, enquiryOf, recordConsent } from './support/requests.ts'

let house: TestGateway
let other: Instance
beforeAll(async () => {
  house = await openGateway()
  other = await house.another()
})
afterAll(() => house.close())

const why = { why: 'An incident is being looked into' }
const both = (): readonly Instance[] => [house, other]

/** The very next answers of both instances, each of which has the asker in mind from a moment ago. */
const afterwards = async (ask: (at: Instance) => Promise<Reply>, stop: (at: Instance) => Promise<Reply>): Promise<readonly Reply[]> => {
  for (const at of both()) expect((await ask(at)).status).toBe(200)
  must(await stop(other), 200)
  return Promise.all(both().map(ask))
}

const isRefused = async (replies: readonly Reply[], expected: readonly (readonly [number, string])[]): Promise<void> => {
  for (const reply of replies) {
    expect(expected).toContainEqual([reply.status, reply.body.code])
    expect(reply.body.records).toBeUndefined()
    if (reply.status !== 401) expect(await entryOf(house.database, reply)).toMatchObject({ effect: expect.stringMatching('^deny') })
  }
}

describe('a system that is suspended', () => {
  const path = '/v1/clients/ridings-probation-records/suspension'
  const ask = (at: Instance) => enquire(at.as('case-manager'), 'sam', 'identity')

  it('is refused everything at once, on both instances', async () => {
    const replies = await afterwards(ask, (at) => at.as('admin').post(path, why))
    await isRefused(replies, [
      [403, 'auth'],
      [401, 'unauthenticated'],
    ])
    const more = await Promise.all(
      both().flatMap((at) => [
        at.as('case-manager').post('/v1/enquiries/preview', enquiryOf('sam', 'identity')),
        at.as('case-manager').get('/v1/me/access'),
        at.as('case-manager').get('/v1/agreements'),
        at.asSystem('ridings-probation-records').get('/v1/agencies'),
        recordConsent(at.as('case-manager'), 'sam', consentOf('sought')),
      ]),
    )
    await isRefused(more, [
      [403, 'auth'],
      [403, 'agency-inactive'],
      [401, 'unauthenticated'],
    ])
  })

  it('is turned away at the door a second later, and let in again when the suspension is lifted', async () => {
    await sleep(1_100)
    for (const at of both()) expect((await ask(at)).body.detail).toBe('the client ridings-probation-records is suspended')
    must(await house.as('admin').delete(path), 200)
    await sleep(1_100)
    for (const at of both()) expect((await ask(at)).status).toBe(200)
  })
})

describe('an agency that is suspended', () => {
  it('receives nothing from the answer on, and starts again only when the partnership says so', async () => {
    const ask = (at: Instance) => enquire(at.as('dip-worker'), 'jordan', 'identity')
    const replies = await afterwards(ask, (at) => at.as('ig-officer').post('/v1/agencies/calder-dip/suspension', why))
    await isRefused(replies, [
      [403, 'agency-inactive'],
      [401, 'unauthenticated'],
    ])
    must(await house.as('registrar').delete('/v1/agencies/calder-dip/suspension'), 200)
    await sleep(1_100)
    for (const at of both()) expect((await ask(at)).status).toBe(200)
  })
})

describe('a person', () => {
  const idOfAppointment = async (role: string, sub: string): Promise<string> => {
    const text = 'select ap.id from appointment ap where ap.role = $1 and ap.person_sub = $2'
    return (await house.database.owner.query<{ id: string }>({ text, values: [role, sub] })).rows[0]!.id
  }

  it('whose appointment is ended knows nobody in the area any more, from the answer on', async () => {
    const id = await idOfAppointment('core-member', 'housing-officer')
    const more = { purpose: 'accommodation', legalGateway: 'gdpr-6-1-e' }
    const ask = (at: Instance) => enquire(at.as('housing-officer'), 'sam', 'identity', more)
    const replies = await afterwards(ask, (at) => at.as('admin').post(`/v1/appointments/${id}/end`, why))
    await isRefused(replies, [[404, 'ncnd']])
  })

  it('whose vetting is taken away reads no intelligence any more', async () => {
    const ask = (at: Instance) => enquire(at.as('analyst'), 'jordan', 'police-intel')
    const unvetted = {
      agencyId: 'ridings-police',
      sub: 'analyst',
      displayName: 'Ash Analyst',
      intelligenceVettedUntil: '2026-01-10T00:00:00Z',
    }
    for (const at of both()) expect((await ask(at)).status).toBe(200)
    must(await other.as('admin').post('/v1/people', unvetted), 201)
    await isRefused(await Promise.all(both().map(ask)), [[403, 'user-not-vetted']])
  })

  it('who has left is refused, although their token still runs', async () => {
    const ask = (at: Instance) => enquire(at.as('area-commander'), 'sam', 'identity')
    for (const at of both()) expect((await ask(at)).status).toBe(200)
    const left = { agencyId: 'ridings-police', sub: 'area-commander', displayName: 'Ari Commander', activeTo: new Date().toISOString() }
    must(await other.as('admin').post('/v1/people', left), 201)
    await isRefused(await Promise.all(both().map(ask)), [[403, 'user-inactive']])
  })
})
