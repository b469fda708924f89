import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { named } from '../conference/support.ts'
import { inventedId, listIn } from '../journeys/support/requests.ts'
import { replayEntry } from '../../src/gateway/enquiry/replay-entry.ts'
import type { NamedPerson } from '../../src/core/conference/acting-chair.ts'
import type { Db } from '../../src/db/db.ts'
import { makeGrantShelf } from '../../src/gateway/disclosure/release/grant-shelf.ts'
import { shippedPolicies } from '../support/facts.ts'
import { entryOf } from '../support/logged.ts'
import { type Disclosures, openDisclosures, refusal, textsOf, to, versionOf } from './support.ts'

let house: Disclosures
beforeAll(async () => {
  house = await openDisclosures()
})
afterAll(() => house.close())

const rowsOf = async (text: string, values: unknown[]) => (await house.database.owner.query({ text, values })).rows
const soon = (): string => new Date(Date.now() + 3_600_000).toISOString()
const expire = async (permissionId: string): Promise<void> => {
  const text = `update permission set from_at = from_at - interval '2 days', expires_at = statement_timestamp() - interval '1 day' where id = $1`
  await house.database.owner.query({ text: 'alter table permission disable trigger all' })
  await house.database.owner.query({ text, values: [permissionId] })
  await house.database.owner.query({ text: 'alter table permission enable trigger all' })
}

/** What the shelf asks the database each time it is asked. */
const askedOf = (permissionId: string) => {
  const shelf = makeGrantShelf()
  return async (person: NamedPerson): Promise<readonly (string | undefined)[]> => {
    const asked: (string | undefined)[] = []
    const counted: Db = { query: (query) => (asked.push(query.name), house.database.db.query(query)) }
    await shelf.find(counted, permissionId, person)
    return asked
  }
}

describe('a permission of the chair', () => {
  it('is looked up once for whom it names, and for anybody else like one that was never given', async () => {
    const permissionId = await house.granted(await house.requested(await house.scene()))
    const where = ['find-request-place-of-permission']
    const asked = askedOf(permissionId)
    expect([await asked(named.analyst), await asked(named.analyst)]).toEqual([[...where, 'find-granted'], []])
    expect([await asked(named['case-manager']), await asked(named['case-manager'])]).toEqual([where, where])
    const unknown = askedOf(inventedId())
    expect([await unknown(named.analyst), await unknown(named.analyst)]).toEqual([where, where])
  })

  it('lets a colleague who was not there ask, and gives them exactly the part granted, until its day (scenarios 25 and 27)', async () => {
    const scene = await house.scene()
    expect(refusal(await house.read(scene.conferenceId, 'analyst'))).toEqual([403, 'not-attendee'])
    const requestId = await house.requested(scene)
    const part = scene.paragraphs.slice(2, 4).map(versionOf)
    const permissionId = await house.granted(requestId, { decision: 'grant-part', paragraphs: part, expiresAt: soon() })
    const got = await house.retrieve(permissionId, 'analyst')
    expect([got.status, textsOf(got)]).toEqual([200, ['Three.', 'Four.']])
    expect(got.body).toMatchObject({ extent: 'part', outbound: 'share', marking: 'official-sensitive', words: null })
    expect(got.body.obligations).toEqual(
      expect.arrayContaining(['no-onward', 'named-recipient', 'expires-at', 'no-copy', 'return-or-destroy']),
    )
    expect(got.body.watermark).toMatchObject({ ...named.analyst, entryId: got.entryId })
    expect(got.body.receipt).toMatchObject({ size: expect.any(Number) as number })
    expect(refusal(await house.retrieve(permissionId, 'case-manager'))).toEqual([403, 'chair-none'])
    expect(refusal(await house.retrieve(permissionId, 'analyst', { purpose: 'prevent-detect' }))).toEqual([403, 'chair-none'])
    expect(refusal(await house.retrieve(permissionId, 'analyst', { manner: 'print' }))).toEqual([403, 'copy-prohibited'])
    await expire(permissionId)
    expect(refusal(await house.retrieve(permissionId, 'analyst'))).toEqual([403, 'chair-expired'])
  })

  it('is logged and stands in the disclosure register and among the copies with its holder', async () => {
    const scene = await house.scene(['One.'])
    const permissionId = await house.granted(await house.requested(scene))
    const got = await house.retrieve(permissionId, 'analyst')
    expect(await entryOf(house.database, got)).toMatchObject({ operation: 'retrieveDisclosure', permissionId, outbound: 'share' })
    const copies = await rowsOf('select holder_agency, holder_sub, offender_id from permission_retrieval where permission_id = $1', [
      permissionId,
    ])
    expect(copies).toEqual([{ holder_agency: 'ridings-police', holder_sub: 'analyst', offender_id: scene.offenderId }])
    const register = await rowsOf('select category, outbound, recipient_person_sub from disclosure where offender_id = $1', [
      scene.offenderId,
    ])
    expect(register).toEqual([{ category: 'conf-minutes', outbound: 'share', recipient_person_sub: 'analyst' }])
  })

  it('that is taken back releases nothing any more, and one that was never given looks like one that is not there', async () => {
    const permissionId = await house.granted(await house.requested(await house.scene(['One.'])))
    expect((await house.retrieve(permissionId, 'analyst')).status).toBe(200)
    expect(refusal(await house.revoke(permissionId, 'analyst'))).toEqual([403, 'delegation'])
    expect((await house.revoke(permissionId)).status).toBe(201)
    expect(refusal(await house.retrieve(permissionId, 'analyst'))).toEqual([403, 'chair-revoked'])
    expect(refusal(await house.revoke(permissionId))).toEqual([409, 'conflict'])
    const [real, invented] = [await house.retrieve(permissionId, 'landlord'), await house.retrieve(inventedId(), 'landlord')]
    const plain = ({ entryId: _, ...body }: Record<string, unknown>) => body
    expect([real.status, plain(real.body)]).toEqual([404, plain(invented.body)])
  })

  it('does not cover a paragraph that was corrected since', async () => {
    const scene = await house.scene(['One.', 'Two.'])
    const permissionId = await house.granted(await house.requested(scene))
    const [{ paragraphId }] = scene.paragraphs as readonly [{ paragraphId: string }]
    const path = `/v1/conferences/${scene.conferenceId}/minutes/${paragraphId}`
    const corrected = await house
      .as('spoc')
      .post(`${path}/corrections`, { text: 'One, put right.', why: 'Misheard' }, { 'if-match': '"1"' })
    expect(corrected.status).toBe(201)
    const got = await house.retrieve(permissionId, 'analyst')
    expect([textsOf(got), listIn(got, 'withheld').map(({ code }) => code)]).toEqual([['Two.'], ['chair-part']])
  })
})

describe('what was decided under a permission', () => {
  it('is decided again from its entry to the same result, released or refused', async () => {
    const permissionId = await house.granted(await house.requested(await house.scene(['One.'])))
    const got = await house.retrieve(permissionId, 'analyst')
    const refused = await house.retrieve(permissionId, 'case-manager')
    for (const entry of await Promise.all([got, refused].map((reply) => entryOf(house.database, reply)))) {
      expect(replayEntry(entry, shippedPolicies)).toEqual({ decisions: expect.any(Number) as number, differences: [] })
      expect(replayEntry(entry, shippedPolicies).decisions).toBeGreaterThan(0)
      // The control: without its permission it would have been decided otherwise.
      const { permissionId: _, ...without } = entry
      expect(replayEntry(without, shippedPolicies).differences).not.toEqual([])
    }
  })
})

describe('a decision', () => {
  it('is never made by who asks, gets or gains by it: it goes to the deputy by itself (scenarios 28 and 30)', async () => {
    const scene = await house.scene(['One.'])
    const delegationId = await house.delegate({ acts: ['decide-disclosure'] })
    await house.accept(delegationId)
    const requestId = await house.requested(scene, to('chair'), 'chair')
    expect(refusal(await house.decide(requestId, { decision: 'grant-whole' }, 'chair'))).toEqual([403, 'self-approval'])
    const tasks = await rowsOf(
      `select owner_agency_id, owner_person_sub from task where kind = 'disclosure-decision' and subject_key = $1`,
      [requestId],
    )
    expect(tasks).toEqual([{ owner_agency_id: 'ridings-probation', owner_person_sub: 'deputy' }])
    const decided = await house.decide(requestId, { decision: 'grant-whole' }, 'deputy')
    expect(decided.body).toMatchObject({ actedAs: 'delegate', actingFor: named.chair, delegationId })
    expect(await entryOf(house.database, decided)).toMatchObject({ actedAs: 'delegate', actingFor: named.chair, delegationId })
    const revoked = await house.as('chair').post(`/v1/delegations/${delegationId}/revocation`, { why: 'Back at work' })
    expect(revoked.status).toBe(201)
    expect((await house.retrieve(String(decided.body.permissionId), 'chair')).status).toBe(200)
  })

  it('of a deputy without a delegation is refused and changes nothing (scenario 29)', async () => {
    const requestId = await house.requested(await house.scene(['One.']))
    expect(refusal(await house.decide(requestId, { decision: 'grant-whole' }, 'deputy', '"1"'))).toEqual([403, 'delegation'])
    expect(await rowsOf('select from permission m where m.request_id = $1', [requestId])).toEqual([])
    expect((await house.readRequest(requestId)).body.state).toBe('submitted')
  })

  it('of a deputy whose delegation ended yesterday is refused and changes nothing (scenario 29)', async () => {
    const delegationId = await house.delegate({ acts: ['decide-disclosure'] })
    await house.accept(delegationId)
    const requestId = await house.requested(await house.scene(['One.']))
    await house.database.owner.query({ text: 'alter table delegation disable trigger all' })
    const text = `update delegation set to_at = statement_timestamp() - interval '1 day' where id = $1`
    await house.database.owner.query({ text, values: [delegationId] })
    await house.database.owner.query({ text: 'alter table delegation enable trigger all' })
    const refused = await house.decide(requestId, { decision: 'grant-whole' }, 'deputy', '"1"')
    expect(refusal(refused)).toEqual([403, 'delegation'])
    expect([refused.body.cites, refused.body.nextStep].every((said) => String(said).length > 3)).toBe(true)
    expect(await rowsOf('select from permission m where m.request_id = $1', [requestId])).toEqual([])
    expect((await house.readRequest(requestId)).body.state).toBe('submitted')
  })

  it('on a request that changed since it was read is refused', async () => {
    const requestId = await house.requested(await house.scene(['One.']))
    const path = `/v1/disclosure-requests/${requestId}`
    expect((await house.as('chair').post(`${path}/information-requests`, { text: 'Which visit?' })).status).toBe(201)
    expect(refusal(await house.decide(requestId, { decision: 'grant-whole' }, 'chair', '"1"'))).toEqual([412, 'precondition-failed'])
    expect((await house.as('analyst').post(`${path}/information-answers`, { text: 'The one on Monday.' })).status).toBe(201)
    expect((await house.readRequest(requestId)).body).toMatchObject({ state: 'submitted', version: 3 })
    expect((await house.decide(requestId, { decision: 'refuse' })).body).toMatchObject({ state: 'refused', permissionId: null })
    expect(refusal(await house.decide(requestId, { decision: 'grant-whole' }))).toEqual([409, 'conflict'])
  })

  it.each([
    ['/paragraphs/0', { decision: 'grant-part', paragraphs: [{ paragraphId: '01a00000-0000-7000-8000-000000000000', version: 1 }] }],
    ['/paragraphs', { decision: 'grant-part' }],
    ['/expiresAt', { decision: 'grant-whole', expiresAt: '2026-01-01T00:00:00Z' }],
    ['/article8Grounds/0', { decision: 'grant-whole', article8Grounds: ['national-security'] }],
    ['/riskOutweighsConfidentiality', { decision: 'grant-whole', riskOutweighsConfidentiality: false }],
    ['/fields/0', { decision: 'grant-whole', fields: ['sourceRef'] }],
    ['/formOfWordsHash', { decision: 'grant-whole', formOfWordsHash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg' }],
  ])('that cannot be is refused at %s, and nothing is half saved', async (path, body) => {
    const requestId = await house.requested(await house.scene(['One.']))
    const refused = await house.decide(requestId, body)
    expect([refused.status, listIn(refused, 'errors').map((one) => one.path)]).toEqual([422, [path]])
    expect(await rowsOf('select from permission m where m.request_id = $1', [requestId])).toEqual([])
  })
})
