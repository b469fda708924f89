import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressPart } from '../../src/core/misuse/parts.ts'
import { connect, type Database } from '../../src/db/db.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { detectOnce, type DetectUses } from '../../src/gateway/misuse/detect.ts'
import { makePolicyShelf } from '../../src/gateway/policies/policy-shelf.ts'
import { readRecordKey, readSigningKey, staffKeyFrom } from '../../src/keys.ts'
import { makeSealer } from '../../src/sources/hosted.ts'
import { enquiryOf, listIn } from '../journeys/support/requests.ts'
import type { Json, Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { flagsIn } from './support/scene.ts'

let house: TestGateway
let database: Database
let uses: DetectUses
const use = { purpose: 'integrity', justification: 'Looking after the traps' }
const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Checking' }
const trap = {
  ...{ givenName: 'Dora', familyName: 'Nobodysname', bornOn: '1991-04-05', areaId: 'calder', cohort: 'iom', strand: 'prevent-and-deter' },
  ...{ statutory: true, leadAgencyId: 'ridings-probation', reviewOn: '2026-12-31', justification: 'Nobody works with this record' },
}

beforeAll(async () => {
  house = await openGateway()
  database = connect({ connection: house.database.appConnection, max: 3, statementTimeoutMillis: 60_000 })
  const config = { mode: 'sandbox', dataDir: house.dataDir, keys: { signingFile: null, recordFile: null } } as const
  const recordKey = readRecordKey(config)
  uses = {
    ...{ database, policies: makePolicyShelf(), partnershipId: 'ridings-partnership', staffKey: staffKeyFrom(recordKey) },
    log: await openLogWriter(database, readSigningKey(config)),
    sealer: makeSealer({ current: recordKey, older: [] }),
  }
})
afterAll(async () => {
  await database.end()
  await house.close()
})

const sealed = async (entryId: string): Promise<void> => {
  const text = 'select 1 from log_leaf l where l.entry_id = $1'
  await expect.poll(async () => (await house.database.owner.query({ text, values: [entryId] })).rowCount, { timeout: 10_000 }).toBe(1)
}
const flags = () => flagsIn({ fresh: house.database })
const member = (): ReturnType<TestGateway['as']> => house.as('case-manager')

describe('a decoy', () => {
  let decoyId: string
  let twinId: string
  beforeAll(async () => {
    const reply = await house.as('ig-officer').post('/v1/access-log/decoys', trap)
    expect(reply.status).toBe(201)
    decoyId = reply.body.decoyId as string
    // Somebody registered yesterday, of whom nothing is held yet either.
    const text = `
      insert into offender (id, given_name, family_name, born_on, area_id, cohort, strand, statutory, lead_agency_id, cohort_since, review_on)
      select overlay(o.id::text placing '77' from 35)::uuid, 'Tina', 'Newlyhere', o.born_on, o.area_id, o.cohort, o.strand, o.statutory,
             o.lead_agency_id, o.cohort_since, o.review_on
        from offender o where o.id = $1 returning id`
    twinId = (await house.database.owner.query<{ id: string }>({ text, values: [decoyId] })).rows[0]!.id
  })

  const shape = (reply: Reply, id: string, names: readonly string[]): string => {
    const plain = [id, ...names].reduce(
      (told, word) => told.replaceAll(word, '#'),
      JSON.stringify({ ...reply.body, entryId: '', receipt: '', decidedAt: '' }),
    )
    return `${reply.status} ${[...reply.headers.keys()].toSorted().join(' ')} ${plain}`
  }

  it('is like somebody newly registered to whoever works in the area: in lists, searches, enquiries and previews', async () => {
    const list = await member().post('/v1/searches', { list: 'own-area', ...looking })
    const listed = (id: string): Json | undefined => listIn(list, 'people').find(({ offenderId }) => offenderId === id)
    expect(Object.keys(listed(decoyId)!)).toEqual(Object.keys(listed(twinId)!))
    const categories = 'identity cohort-status address arrest-disposal oasys engagement consent-record'
    for (const send of [
      (id: string) => member().post('/v1/enquiries', enquiryOf(id, categories)),
      (id: string) => member().post('/v1/enquiries/preview', enquiryOf(id, categories)),
      (id: string) => house.as('constable-wharfe').post('/v1/enquiries', enquiryOf(id, categories)),
    ]) {
      expect(shape(await send(decoyId), decoyId, ['Dora', 'Nobodysname'])).toBe(shape(await send(twinId), twinId, ['Tina', 'Newlyhere']))
    }
  })

  it('tells of whoever asks about it, at the next quick look, and of nobody who only listed the area', async () => {
    await house.as('analyst').post('/v1/searches', { list: 'own-area', ...looking })
    const asked = await house.as('yos-worker').post('/v1/enquiries', enquiryOf(decoyId, 'identity'))
    await sealed(asked.entryId)
    const done = await detectOnce(uses, 'quick')
    expect(done?.raised).toEqual({ decoy: 3 })
    const raised = (await flags()).filter(({ ruleId }) => ruleId === 'decoy')
    expect(raised.map(({ personSub }) => personSub).toSorted()).toEqual(['case-manager', 'constable-wharfe', 'yos-worker'])
    expect(raised.find(({ personSub }) => personSub === 'yos-worker')).toMatchObject({ rank: 'high', entryIds: [asked.entryId] })
    expect((await detectOnce(uses, 'quick'))?.raised).toEqual({})
  })

  it('is known to the partnership’s officers alone, and one that is retired tells of nobody', async () => {
    const found = await house.as('ig-second').post('/v1/access-log/decoys/searches', use)
    expect(found.body.decoys).toMatchObject([{ decoyId, areaId: 'calder', retiredAt: null }])
    for (const who of ['dpo', 'admin', 'registrar', 'spoc', 'chair'])
      expect((await house.as(who).post('/v1/access-log/decoys/searches', use)).status).toBe(403)
    const retired = await house.as('ig-officer').post(`/v1/access-log/decoys/${decoyId}/retirement`, { justification: 'Over' })
    expect(retired.status).toBe(200)
    const asked = await house.as('dip-worker').post('/v1/enquiries', enquiryOf(decoyId, 'identity'))
    await sealed(asked.entryId)
    expect((await detectOnce(uses, 'quick'))?.raised).toEqual({})
  })
})

describe('the staff register', () => {
  it('is fed in hashes by the agency’s own system, and compared with a record that the gateway keeps for another', async () => {
    const system = house.asSystem('ridings-police-records')
    const { key } = (await system.get('/v1/staff-register/key')).body as { key: string }
    const hash = (part: string): string => createHmac('sha256', Buffer.from(key, 'base64url')).update(part).digest('base64url')
    const subject = (await member().post('/v1/searches', { list: 'own-area', ...looking })).body.people as readonly { offenderId: string }[]
    const home = await hostedAddress(subject.map(({ offenderId }) => offenderId))
    const told = await system.put('/v1/staff-register', {
      people: [{ sub: 'analyst', addresses: [hash(addressPart(home.line, home.postcode))] }],
    })
    expect([told.status, told.body.staffTold]).toEqual([200, 1])
    const asked = await house.as('analyst').post('/v1/enquiries', enquiryOf(home.offenderId, 'cohort-status'))
    await sealed(asked.entryId)
    await detectOnce(uses, 'hourly')
    expect((await flags()).filter(({ ruleId }) => ruleId === 'own-address')).toMatchObject([
      { personSub: 'analyst', offenderId: home.offenderId, entryIds: [asked.entryId] },
    ])
    const { rows } = await house.database.owner.query<{ all: string }>({
      text: `select json_agg(p)::text || (select json_agg(s)::text from subject_part s) as all from staff_part p`,
    })
    expect(rows[0]!.all).not.toContain(home.postcode)
  })

  /** An address that an agency without a system of its own has contributed. */
  const hostedAddress = async (offenderIds: readonly string[]) => {
    const address = { line: '7 Contributed Close', postcode: 'ZZ99 7ZZ' }
    for (const offenderId of offenderIds) {
      const reply = await house.as('housing-officer').put(`/v1/offenders/${offenderId}/records/address`, { items: [{ fields: address }] })
      if (reply.status === 200) return { offenderId, ...address }
    }
    throw new Error('nobody could be given an address')
  }

  it('passes over people whom the agency has no number for without a word', async () => {
    const system = house.asSystem('ridings-police-records')
    const feed = (offenderId: string) => system.put('/v1/staff-register', { subjects: [{ offenderId, addresses: ['A'.repeat(43)] }] })
    const [known, unknown] = [await feed(await anybody()), await feed('01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01')]
    const told = ({ status, body }: Reply) => [status, Object.keys(body), body.subjectsTold]
    expect(told(known)).toEqual(told(unknown))
  })

  const anybody = async (): Promise<string> => {
    const text = `select i.offender_id as id from identifier i where i.agency_id = 'ridings-police' limit 1`
    return (await house.database.owner.query<{ id: string }>({ text })).rows[0]!.id
  }

  it('replaces what is told again, keeps what is not, and says where it is wrong', async () => {
    const system = house.asSystem('ridings-police-records')
    const roster = {
      fromAt: '2026-10-01T00:00:00Z',
      toAt: '2026-10-08T00:00:00Z',
      shifts: [{ fromAt: '2026-10-01T08:00:00Z', toAt: '2026-10-01T18:00:00Z' }],
    }
    expect((await system.put('/v1/staff-register', { people: [{ sub: 'analyst', roster, names: ['A'.repeat(43)] }] })).status).toBe(200)
    expect(
      (await system.put('/v1/staff-register', { people: [{ sub: 'analyst', roster: { ...roster, shifts: [] }, names: [] }] })).status,
    ).toBe(200)
    const text = `select (select count(*) from staff_shift) as shifts, (select count(*) from staff_roster) as rosters,
                         (select count(*) from staff_part p where p.kind = 'name') as names, (select count(*) from staff_part) as parts`
    expect((await house.database.owner.query({ text })).rows).toEqual([{ shifts: 0, rosters: 1, names: 0, parts: 1 }])
    const wrong = { sub: 'analyst', roster: { ...roster, shifts: [{ fromAt: '2026-11-01T08:00:00Z', toAt: '2026-11-01T18:00:00Z' }] } }
    const reply = await system.put('/v1/staff-register', { people: [wrong, { sub: 'nobody' }] })
    expect((reply.body.errors as readonly { path: string }[]).map(({ path }) => path)).toEqual([
      ...['/people/0/roster/shifts/0/fromAt', '/people/1/sub'],
    ])
  })
})
