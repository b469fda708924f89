import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/core/answer.ts'
import type { Caller } from '../../src/core/caller.ts'
import { consentFor } from '../../src/core/case/consent.ts'
import { readFacts } from '../../src/db/facts.ts'
import { faultStatus } from '../../src/core/fault.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { recordConsent } from '../../src/gateway/people/record-consent.ts'
import { addPerson, findEntry, makeUses, requestOf, seedRegistry } from '../support/agreement-registry.ts'
import { freshDatabase } from '../support/database.ts'
import type { FreshDatabase } from '../support/database.ts'

let database: FreshDatabase
let uses: Awaited<ReturnType<typeof makeUses>>
let keyworker: Caller
let analyst: Caller
let stranger: Caller
let offenderId: string

beforeAll(async () => {
  database = await freshDatabase()
  await seedRegistry(database)
  uses = await makeUses(database)
  keyworker = await addPerson(database, 'fresh-steps', 'keyworker', ['core-member'])
  analyst = await addPerson(database, 'ridings-police', 'analyst', ['intel-officer'])
  stranger = await addPerson(database, 'ridings-probation', 'stranger')
})
afterAll(() => database.drop())

const addOffender = async (basis: string, bornOn = '1990-05-01'): Promise<string> => {
  const id = newId()
  await database.owner.query({
    text: `insert into offender (id, basis, given_name, family_name, born_on, cohort, area_id) values ($1, $2, 'Sam', 'Example', $3, 'iom', 'calder')`,
    values: [id, basis, bornOn],
  })
  return id
}
beforeEach(async () => {
  offenderId = await addOffender('cohort')
})

const given = { kind: 'given', capacityBasis: 'adult-presumed', evidence: 'Signed form.', happenedAt: '2026-01-05T09:00:00Z' }
const withdrawn = { kind: 'withdrawn', happenedAt: '2026-02-05T09:00:00Z' }
const record = (who: Caller, body: object, id = offenderId): Promise<Answer> =>
  recordConsent(uses)(who, requestOf({ params: { offenderId: id }, body }))
const stateNow = async (): Promise<string> => {
  const { subjects, at } = await readFacts(database.db, { offenderIds: [offenderId], agencyIds: [], categories: [] })
  const { consentEvents, bornOn } = subjects.get(offenderId)!
  return consentFor(consentEvents, {
    offenderId,
    category: 'engagement',
    recipient: 'ridings-police',
    purpose: 'risk-management',
    bornOn,
    at,
  }).state
}
const followUpOf = async (answer: Answer): Promise<unknown> => {
  const text = 'select p.canonical from access_log_payload p where p.entry_id = $1'
  const { rows } = await database.owner.query<{ canonical: Buffer }>({ text, values: [answer.entryId] })
  return (JSON.parse(rows[0]!.canonical.toString('utf8')) as { followUp: unknown }).followUp
}

describe('recording what a person said about sharing', () => {
  it('opens and closes the gate, logs each, and opens the decisions that people then take', async () => {
    expect(await stateNow()).toBe('not-sought')
    const consent = await record(keyworker, given)
    expect(consent).toMatchObject({ status: 201, body: { offenderId, kind: 'given' } })
    expect(await findEntry(database, consent)).toEqual({ event: 'consent-changed', effect: 'permit', reason: null, offenderId })
    expect([await stateNow(), await followUpOf(consent)]).toEqual(['given', null])
    const withdrawal = await record(keyworker, withdrawn)
    expect([await stateNow(), await followUpOf(withdrawal)]).toEqual(['withdrawn', 'police-strand-decision'])
    const again = await record(keyworker, { ...given, happenedAt: '2026-03-05T09:00:00Z' })
    expect([await stateNow(), await followUpOf(again)]).toEqual(['given', 'return-review'])
  })

  it('opens no decision for a refusal that does not reach police', async () => {
    await record(keyworker, given)
    const narrow = await record(keyworker, { ...withdrawn, kind: 'refused', scope: { recipients: ['hollins-lettings'] } })
    expect([await stateNow(), await followUpOf(narrow)]).toEqual(['given', null])
  })

  it('lets whoever has a route record a withdrawal, but only those who work with the person a consent', async () => {
    expect(await record(analyst, given)).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
    expect(await stateNow()).toBe('not-sought')
    await record(keyworker, given)
    expect((await record(analyst, withdrawn)).status).toBe(201)
    expect(await stateNow()).toBe('withdrawn')
  })

  it.each([
    ['no evidence', { ...given, evidence: ' ' }, 'evidence'],
    ['no basis of capacity', { ...given, capacityBasis: null }, 'consent-invalid'],
    ['a basis that does not fit the age', { ...given, capacityBasis: 'parental' }, 'consent-invalid'],
    [
      'a refusal by someone who cannot refuse',
      { kind: 'refused', capacityBasis: 'mca-assessed-lacks', happenedAt: given.happenedAt },
      'consent-invalid',
    ],
    ['something still to come', { ...given, happenedAt: '2999-01-01T00:00:00Z' }, 'invalid'],
    ['an end before the beginning', { ...given, expiresAt: '2026-01-05T09:00:00Z' }, 'invalid'],
    ['a refusal that runs out', { ...withdrawn, expiresAt: '2027-01-01T00:00:00Z' }, 'invalid'],
    ['a recipient nobody knows', { ...given, scope: { recipients: ['hollins'] } }, 'invalid'],
  ])('is refused with %s, and leaves nothing but its entry', async (_title, body, code) => {
    const answer = await record(keyworker, body)
    expect(answer).toMatchObject({ status: code === 'invalid' ? faultStatus.invalid : 422, body: { code } })
    expect(await findEntry(database, answer)).toMatchObject({ event: 'access-denied', effect: 'deny', reason: code })
    expect(await stateNow()).toBe('not-sought')
  })

  it('answers alike for the invented, the excluded, the closed and the person one has no route to', async () => {
    const answers = [
      await record(keyworker, given, newId()),
      await record(keyworker, given, await addOffender('pdp')),
      await record(keyworker, given, await addOffender('closed')),
      await record(stranger, given),
      await record(stranger, { ...given, happenedAt: '2999-01-01T00:00:00Z' }),
      await record(stranger, { ...given, scope: { recipients: ['hollins'] } }),
    ]
    const shapes = answers.map(({ body, entryId: _entryId, ...rest }) =>
      JSON.stringify({ ...rest, body: { ...(body as object), entryId: '' } }),
    )
    expect(new Set(shapes).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 404, shielded: true, body: { code: 'ncnd' } })
    for (const answer of answers) expect(await findEntry(database, answer)).toMatchObject({ effect: 'deny-ncnd', reason: 'ncnd' })
  })

  it('does a repeated request once', async () => {
    const idempotencyKey = { key: 'once', requestHash: 'A'.repeat(43) }
    const request = requestOf({ params: { offenderId }, body: given, idempotencyKey })
    const first = await recordConsent(uses)(keyworker, request)
    const second = await recordConsent(uses)(keyworker, request)
    expect((second.body as { eventId: string }).eventId).toBe((first.body as { eventId: string }).eventId)
    const { rows } = await database.owner.query({ text: 'select e.id from consent_event e where e.offender_id = $1', values: [offenderId] })
    expect(rows).toHaveLength(1)
  })
})
