import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endedAgreements, expiredPermissions } from '../../src/db/copies/ended.ts'
import { raiseRecalls } from '../../src/db/copies/raise-recalls.ts'
import { withTransaction } from '../../src/db/db.ts'
import { sweepOnce } from '../../src/gateway/casework/sweep.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { sweepRecalls } from '../../src/gateway/copies/sweep-recalls.ts'
import { makePolicyShelf } from '../../src/gateway/policies/policy-shelf.ts'
import { readSigningKey } from '../../src/keys.ts'
import { detachedHolds } from '../../src/ledger/event-page.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { type Disclosures, openDisclosures, refusal, type Scene, to } from '../disclosure/support.ts'
import { must } from '../journeys/support/agree.ts'
import { consentOf, enquire, inventedId, listIn, recordConsent, withheldIn } from '../journeys/support/requests.ts'
import type { Json, Reply } from '../support/ask.ts'
import { countEntries, entryOf } from '../support/logged.ts'
import { typedReleases, wronglyTyped } from '../support/outbound.ts'

let house: Disclosures
beforeAll(async () => {
  house = await openDisclosures()
})
afterAll(() => house.close())

const asOwner = async <Row = Json>(text: string, values: readonly unknown[] = []) =>
  (await house.database.owner.query<Row>({ text, values })).rows
const past = async (table: string, set: string, id: string): Promise<void> => {
  await asOwner(`alter table ${table} disable trigger all`)
  await asOwner(`update ${table} set ${set} where id = $1`, [id])
  await asOwner(`alter table ${table} enable trigger all`)
}
const tasksOf = async (as: string, noticeId: unknown): Promise<readonly string[]> =>
  listIn(await house.as(as).get('/v1/tasks?limit=100'), 'tasks')
    .filter(({ detail }) => (detail as Json).noticeId === noticeId)
    .map(({ kind }) => String(kind))
const feed = async (agencyId: string): Promise<readonly Json[]> => {
  const all: Json[] = []
  for (let cursor = '0'; ;) {
    const page = must(await house.asSystem(`${agencyId}-records`).get(`/v1/events?limit=100&cursor=${cursor}`), 200)
    if ((page.events as readonly Json[]).length === 0) return all
    all.push(...(page.events as readonly Json[]))
    cursor = String(page.nextCursor)
  }
}
const granted = async (scene: Scene, more: Json = to('case-manager')): Promise<string> => house.granted(await house.requested(scene, more))
const taken = async (permissionId: string, as = 'case-manager', more: Json = {}): Promise<void> =>
  void must(await house.retrieve(permissionId, as, more), 200)
const recallOf = async (recallId: unknown, as = 'chair') => must(await house.as(as).get(`/v1/copy-recalls/${String(recallId)}`), 200)
const noticesOf = async (recallId: unknown) => (await recallOf(recallId)).holders as readonly Json[]
const noticeAs = (as: string, noticeId: unknown): Promise<Reply> => house.as(as).get(`/v1/return-notices/${String(noticeId)}`)
const look = (offenderId: string, as: string): Promise<Reply> =>
  house.as(as).post(`/v1/offenders/${offenderId}/copies`, {
    ...{ purpose: 'audit-ig', legalGateway: 'dpa35-task', justification: 'Who still has the minutes' },
  })
const answer = (as: string, noticeId: unknown, body: Json = { outcome: 'destroyed' }): Promise<Reply> =>
  house.as(as).post(`/v1/return-notices/${String(noticeId)}/acknowledgements`, body)
const recallBy = async (where: string, value: string) =>
  (await asOwner<{ id: string; cause: string }>(`select id, cause from copy_recall where ${where} = $1`, [value]))[0]
const sweepUses = async () => ({
  ...{ database: house.database.db, policies: makePolicyShelf(), partnershipId: 'ridings-partnership' },
  log: await openLogWriter(house.database.db, { kid: 'test', privateKey: generateKeyPairSync('ed25519').privateKey }),
})

describe('a permission that is taken back', () => {
  let noticeId: unknown
  let recallId: unknown
  let scene: Scene

  it('asks whoever got something under it to return or destroy it, over the feed and as a task', async () => {
    scene = await house.scene(['One.', 'Two.'])
    const permissionId = await granted(scene)
    await taken(permissionId)
    await taken(permissionId)
    const revoked = await house.revoke(permissionId)
    expect(revoked.body.recall).toMatchObject({ notices: 1, releases: 4 })
    expect(await entryOf(house.database, revoked)).toMatchObject({ recall: revoked.body.recall })
    ;({ recallId } = revoked.body.recall as Json)
    ;[{ noticeId }] = (await noticesOf(recallId)) as [Json]
    const told = (await feed('ridings-probation')).filter(({ refs }) => (refs as Json).recallId === recallId)
    expect(told).toMatchObject([{ kind: 'copies-recalled', offenderId: null, refs: { noticeId, recallId, cause: 'revocation' } }])
    expect(await tasksOf('case-manager', noticeId)).toEqual(['copy-return'])
  })

  it('says what, why, by when and how to answer, signed, to those who hold it and to nobody else', async () => {
    const { body } = await noticeAs('case-manager', noticeId)
    expect(body).toMatchObject({ cause: 'revocation', cites: expect.stringContaining('R45') as string, releases: 4, state: 'open' })
    expect(body.acknowledge).toMatchObject({ path: `/v1/return-notices/${String(noticeId)}/acknowledgements` })
    const copies = body.copies as readonly Json[]
    expect(copies.map(({ category, receivedBy }) => [category, receivedBy])).toEqual(copies.map(() => ['conf-minutes', 'case-manager']))
    expect([copies.length, copies[0]!.offenderId]).toEqual([4, scene.offenderId])
    const { privateKey } = readSigningKey({ mode: 'sandbox', dataDir: house.dataDir, keys: { signingFile: null, recordFile: null } })
    const {
      entryId: _,
      state: _1,
      acknowledgement: _2,
      acknowledge: _3,
      copies: _4,
      nextCursor: _5,
      liftedAt: _6,
      signature,
      ...terms
    } = body
    const holds = (content: object) => detachedHolds(content, String(signature), createPublicKey(privateKey))
    expect([holds(terms), holds({ ...terms, releases: 3 })]).toEqual([true, false])
    for (const as of ['landlord', 'keyworker', 'nurse']) {
      const [real, invented] = [await noticeAs(as, noticeId), await noticeAs(as, inventedId())]
      const plain = ({ entryId: _entry, ...rest }: Json) => rest
      expect([real.status, plain(real.body)]).toEqual([404, plain(invented.body)])
    }
  })

  it('tells the chair how far it has come, and chases what is late without closing anything', async () => {
    expect(await recallOf(recallId)).toMatchObject({ notices: 1, acknowledged: 0, outstanding: 1, overdue: 0 })
    await past('copy_recall', `due_at = statement_timestamp() - interval '1 day'`, String(recallId))
    await sweepOnce(await sweepUses(), 'hourly')
    await sweepOnce(await sweepUses(), 'hourly')
    expect(await tasksOf('chair', noticeId)).toEqual(['copy-return-overdue'])
    expect(await recallOf(recallId)).toMatchObject({ outstanding: 1, overdue: 1 })
    expect(await tasksOf('case-manager', noticeId)).toEqual(['copy-return'])
  })

  it('is answered once by the holder, which ends what waited for it', async () => {
    expect(refusal(await answer('chair', noticeId))).toEqual([403, 'need-to-know'])
    expect(refusal(await answer('case-manager', noticeId, { outcome: 'destroyed', onTheirWord: true }))).toEqual([422, 'evidence'])
    const said = await answer('case-manager', noticeId)
    expect(said).toMatchObject({ status: 201, body: { outcome: 'destroyed', onTheirWord: false } })
    expect(await entryOf(house.database, said)).toMatchObject({ event: 'acknowledged', noticeId, outcome: 'destroyed' })
    expect(refusal(await answer('case-manager', noticeId, { outcome: 'returned' }))).toEqual([409, 'conflict'])
    expect([await tasksOf('chair', noticeId), await tasksOf('case-manager', noticeId)]).toEqual([[], []])
    expect(await recallOf(recallId)).toMatchObject({ acknowledged: 1, outstanding: 0, overdue: 0 })
    const listed = listIn(await house.as('chair').get('/v1/copy-recalls'), 'recalls')
    expect(listed.find((one) => one.recallId === recallId)).toMatchObject({ acknowledged: 1 })
  })
})

describe('a permission whose day came', () => {
  it('is found by one of several instances and asked back once', async () => {
    const permissionId = await granted(await house.scene(['One.']))
    await taken(permissionId)
    const text = `from_at = from_at - interval '2 days', expires_at = statement_timestamp() - interval '1 hour'`
    await past('permission', text, permissionId)
    const uses = [await sweepUses(), await sweepUses(), await sweepUses()]
    await Promise.allSettled(uses.map(sweepRecalls))
    await sweepRecalls(uses[0]!)
    const recalls = await asOwner('select cause from copy_recall where cause_key = $1', [permissionId])
    expect(recalls).toEqual([{ cause: 'expiry' }])
    expect(await countEntries(house.database, `convert_from(p.canonical, 'UTF8') like '%"sweepRecalls"%'`)).toBe(1)
  })
})

const employer = { agencyId: 'hollins-lettings', sub: 'landlord' }
const asked = { purpose: 'community-reassurance', legalGateway: 'gdpr-6-1-e' }

describe('what was let out beyond the partnership', () => {
  it('is disclosed and not shared, and asked back through the administrator, who writes down what was said', async () => {
    // Somebody's employer, who has a system of their own and is party to nothing.
    await asOwner(`update agency set kind = 'education-ete', clearance = 'official-sensitive' where id = 'hollins-lettings'`)
    const permissionId = await granted(await house.scene(['One.']), { ...asked, recipient: employer })
    expect(must(await house.retrieve(permissionId, 'landlord', asked), 200).outbound).toBe('disclose')
    const releases = await typedReleases(house.database.owner)
    expect(wronglyTyped(releases)).toEqual([])
    expect(new Set(releases.map(({ outbound }) => outbound))).toEqual(new Set(['share', 'disclose']))
    // The control: what is typed otherwise shows.
    expect(wronglyTyped([...releases, { operation: 'enquire', recipient: 'hollins-lettings', outbound: 'share' }])).toHaveLength(1)

    const { recall } = (await house.revoke(permissionId)).body
    const [notice] = (await noticesOf((recall as Json).recallId)) as [Json]
    expect([notice.outside, notice.sub]).toEqual([true, 'landlord'])
    expect(await tasksOf('spoc', notice.noticeId)).toEqual(['copy-return-outside'])
    expect((await noticeAs('landlord', notice.noticeId)).status).toBe(200)
    expect(refusal(await answer('spoc', notice.noticeId))).toEqual([422, 'evidence'])
    const said = must(await answer('spoc', notice.noticeId, { outcome: 'returned', onTheirWord: true }), 201)
    expect(said).toMatchObject({ outcome: 'returned', onTheirWord: true })
    expect([await tasksOf('spoc', notice.noticeId), await tasksOf('landlord', notice.noticeId)]).toEqual([[], []])
  })
})

describe('a consent that is withdrawn', () => {
  it('asks back what would not have left without it, as far as it is withdrawn, and nothing else', async () => {
    const sam = storyId('sam')
    must(await enquire(house.as('analyst'), 'sam', 'engagement identity'), 200)
    const elsewhere = consentOf('withdrawn', { scope: { recipients: ['ridings-probation'] } })
    must(await recordConsent(house.as('keyworker'), 'sam', elsewhere), 201)
    expect(await recallBy('offender_id', sam)).toBeUndefined()
    const withdrawn = await recordConsent(house.as('keyworker'), 'sam', consentOf('withdrawn'))
    const { id, cause } = (await recallBy('offender_id', sam))!
    expect([cause, await noticesOf(id)]).toMatchObject(['consent-withdrawn', [{ agencyId: 'ridings-police', releases: 1, state: 'open' }]])
    expect(await entryOf(house.database, withdrawn)).toMatchObject({ recall: { recallId: id, notices: 1, releases: 1 } })
    const [{ noticeId }] = (await noticesOf(id)) as [Json]
    const copies = listIn(await noticeAs('analyst', noticeId), 'copies')
    expect(copies.map(({ category, supplierAgencyId }) => [category, supplierAgencyId])).toEqual([['engagement', 'fresh-steps']])
  })
})

describe('a consent whose day came', () => {
  const keep = async (more: Json): Promise<string> =>
    String(must(await recordConsent(house.as('keyworker'), 'sam', consentOf('given', more)), 201).eventId)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const ask = () => enquire(house.as('analyst'), 'sam', 'engagement')
  const sweep = async () => (await sweepRecalls(await sweepUses())).raised.filter(({ cause }) => cause === 'consent-expired')
  const runOut = (id: string): Promise<void> => past('consent_event', `expires_at = statement_timestamp() - interval '1 hour'`, id)

  it('asks back once what would not have left without it, unless a newer one carries it still', async () => {
    const [first, elsewhere] = [await keep({ expiresAt: tomorrow }), await keep({ scope: { recipients: ['ridings-probation'] } })]
    must(await ask(), 200)
    const renewed = await keep({ expiresAt: tomorrow })
    expect(new Set([first, elsewhere, renewed]).size).toBe(3)
    await runOut(first)
    must(await ask(), 200)
    expect(await sweep()).toEqual([])
    await runOut(renewed)
    expect(withheldIn(await ask())).toMatchObject([{ category: 'engagement', code: 'consent-expired' }])
    // The control: by what else ends by itself nothing of it would be found.
    const otherwise = { cites: 'R45', at: new Date(), dueAt: new Date(), by: null }
    for (const [cause, ended] of [['expiry', expiredPermissions] as const, ['agreement-ended', endedAgreements] as const])
      expect(await withTransaction(house.database.db, (tx) => raiseRecalls(tx, ended, { ...otherwise, cause }))).toEqual([])

    const uses = [await sweepUses(), await sweepUses()]
    await Promise.allSettled(uses.map(sweepRecalls))
    expect(await sweep()).toEqual([])
    const { id, cause } = (await recallBy('cause_key', renewed))!
    const recall = await recallOf(id)
    expect([cause, recall.cites, recall.holders]).toMatchObject([
      ...['consent-expired', expect.stringContaining('1.23')],
      [{ agencyId: 'ridings-police', releases: 2, state: 'open' }],
    ])
    const [{ noticeId }] = recall.holders as [Json]
    expect(await tasksOf('analyst', noticeId)).toEqual(['copy-return'])
    expect((await feed('ridings-police')).filter(({ refs }) => (refs as Json).noticeId === noticeId)).toMatchObject([
      { kind: 'copies-recalled', offenderId: null, refs: { cause: 'consent-expired' } },
    ])
    // As after a withdrawal: what is given again later lets new releases go and takes no notice back.
    await keep({ expiresAt: tomorrow })
    must(await ask(), 200)
    await sweepRecalls(await sweepUses())
    expect(must(await noticeAs('analyst', noticeId), 200).state).toBe('open')
  })
})

describe('a suspension', () => {
  const suspend = (id: string) =>
    asOwner(`update agreement set suspended_at = statement_timestamp() - interval '5 minutes' where id = $1`, [id])
  const lift = (id: string) => asOwner('update agreement set suspended_at = null where id = $1', [id])
  const agreementOf = async (permissionId: string) =>
    (await asOwner<{ id: string }>('select agreement_id as id from disclosure where permission_id = $1 limit 1', [permissionId]))[0]!.id
  const newest = async (agreementId: string) =>
    (await asOwner<{ id: string }>('select id from copy_recall where agreement_id = $1 order by id desc limit 1', [agreementId]))[0]!.id

  it('has what it asked back taken back once it is lifted, and what was said and what else ended stand', async () => {
    const [scene, support] = [await house.scene(['One.']), { legalGateway: 'gdpr-6-1-e' }]
    const kept = await granted(scene)
    const ended = await granted(await house.scene(['Two.']))
    const gone = await granted(scene, { ...to('keyworker'), ...support })
    for (const id of [kept, ended]) await taken(id)
    await taken(gone, 'keyworker', support)
    const agreementId = await agreementOf(kept)
    await suspend(agreementId)
    await sweepRecalls(await sweepUses())
    const recallId = await newest(agreementId)
    const noticeOf = async (agencyId: string) =>
      (await asOwner<{ id: string }>('select id from copy_notice where recall_id = $1 and holder_agency = $2', [recallId, agencyId]))[0]!.id
    const [open, answered] = [await noticeOf('ridings-probation'), await noticeOf('fresh-steps')]
    must(await answer('keyworker', answered), 201)
    await past('copy_recall', `due_at = statement_timestamp() - interval '1 day'`, recallId)
    await sweepOnce(await sweepUses(), 'hourly')
    expect([await tasksOf('ig-officer', open), await tasksOf('case-manager', open)]).toEqual([['copy-return-overdue'], ['copy-return']])
    // What ends for good meanwhile asks for itself, of whoever has not answered yet.
    const again = (await house.revoke(ended)).body.recall as Json
    expect([again, (await house.revoke(gone)).body.recall]).toMatchObject([{ notices: 1, releases: 1 }, null])

    await lift(agreementId)
    const swept = await Promise.allSettled([sweepRecalls(await sweepUses()), sweepRecalls(await sweepUses())])
    const lifted = swept.flatMap((one) => (one.status === 'fulfilled' ? one.value.lifted : []))
    expect(lifted.map((one) => one.recallId)).toContain(recallId)
    expect(await sweepRecalls(await sweepUses())).toEqual({ raised: [], lifted: [] })
    expect(await recallOf(recallId, 'ig-officer')).toMatchObject({
      acknowledged: 1,
      outstanding: 0,
      overdue: 0,
      liftedAt: expect.any(String) as string,
    })
    const [told, said] = [must(await noticeAs('case-manager', open), 200), must(await noticeAs('keyworker', answered), 200)]
    expect([told.state, told.liftedAt, said.state]).toEqual(['open', expect.any(String), 'destroyed'])
    expect([await tasksOf('ig-officer', open), await tasksOf('case-manager', open)]).toEqual([[], []])
    const heard = async (agencyId: string, noticeId: string) =>
      (await feed(agencyId)).filter(({ refs }) => (refs as Json).noticeId === noticeId).map(({ kind }) => kind)
    expect([await heard('ridings-probation', open), await heard('fresh-steps', answered)]).toEqual([
      ['copies-recalled', 'copies-recall-lifted'],
      ['copies-recalled'],
    ])
    const [{ noticeId }] = (await noticesOf(again.recallId)) as [Json]
    expect(must(await noticeAs('case-manager', noticeId), 200)).toMatchObject({ state: 'open', liftedAt: null })
    const { copies } = must(await look(scene.offenderId, 'ig-officer'), 200)
    expect((copies as readonly Json[]).map(({ state }) => state)).toEqual(['held', 'destroyed'])
    // What was done before the holder heard of it is worth knowing.
    must(await answer('case-manager', open), 201)
    expect(must(await noticeAs('case-manager', open), 200).state).toBe('destroyed')
  })

  it('of what is held beyond the partnership asks the partnership’s officers, who alone may write down the answer', async () => {
    const permissionId = await granted(await house.scene(['One.']), { ...asked, recipient: employer })
    must(await house.retrieve(permissionId, 'landlord', asked), 200)
    const agreementId = await agreementOf(permissionId)
    await suspend(agreementId)
    await sweepRecalls(await sweepUses())
    const [notice] = await asOwner<{ id: string }>(
      `select id from copy_notice where recall_id = $1 and holder_agency = 'hollins-lettings'`,
      [await newest(agreementId)],
    )
    expect([await tasksOf('ig-officer', notice!.id), await tasksOf('spoc', notice!.id)]).toEqual([['copy-return-outside'], []])
    must(await answer('ig-officer', notice!.id, { outcome: 'returned', onTheirWord: true }), 201)
    expect(await tasksOf('ig-officer', notice!.id)).toEqual([])
    await lift(agreementId)
    await sweepRecalls(await sweepUses())
  })

  it('that comes again asks again, and one that becomes an end takes nothing back', async () => {
    const permissionId = await granted(await house.scene(['One.']))
    await taken(permissionId)
    const agreementId = await agreementOf(permissionId)
    await suspend(agreementId)
    const first = (await sweepRecalls(await sweepUses())).raised
    // Lifted and laid on again before anybody looked: what was asked back stays asked back.
    await lift(agreementId)
    await suspend(agreementId)
    expect(await sweepRecalls(await sweepUses())).toEqual({ raised: [], lifted: [] })
    await lift(agreementId)
    expect((await sweepRecalls(await sweepUses())).lifted).toMatchObject(first.map(({ recallId }) => ({ recallId })))
    await suspend(agreementId)
    const again = (await sweepRecalls(await sweepUses())).raised
    expect(again.map(({ releases }) => releases)).toEqual(first.map(({ releases }) => releases))
    await asOwner('update agreement set terminated_at = suspended_at, suspended_at = null where id = $1', [agreementId])
    expect(await sweepRecalls(await sweepUses())).toEqual({ raised: [], lifted: [] })
    await asOwner('update agreement set terminated_at = null where id = $1', [agreementId])
    await sweepRecalls(await sweepUses())
  })
})

describe('a paragraph that is put right', () => {
  it('asks back what left of it under permissions', async () => {
    const scene = await house.scene(['One.'])
    await taken(await granted(scene))
    const { paragraphId } = scene.paragraphs[0] as { paragraphId: string }
    const path = `/v1/conferences/${scene.conferenceId}/minutes/${paragraphId}/corrections`
    must(await house.as('spoc').post(path, { text: 'Another.', why: 'Misheard' }, { 'if-match': '"1"' }), 201)
    expect((await recallBy('offender_id', scene.offenderId))?.cause).toBe('correction')
  })
})

describe('who holds what about a person', () => {
  it('shows through whose hands it went to those who answer for it, and is asked back with what it came from', async () => {
    const scene = await house.scene([{ text: 'One.', originatorAgencyId: 'ridings-probation' }])
    must(await house.attend(scene.conferenceId, { chair: 'attended' }), 201)
    must(await house.acknowledge(scene.conferenceId, 'chair'), 201)
    must(await house.read(scene.conferenceId, 'chair'), 200)
    const support = { legalGateway: 'gdpr-6-1-e' }
    await taken(await granted(scene, { ...to('keyworker'), ...support }), 'keyworker', support)
    const seen = must(await look(scene.offenderId, 'chair'), 200)
    expect(seen.holders).toMatchObject([
      { agencyId: 'fresh-steps', releases: 1, onward: 1 },
      { agencyId: 'ridings-police', releases: 1, onward: 0 },
    ])
    const [first, second] = seen.copies as readonly [Json, Json]
    expect([first.onwardOf, second.onwardOf]).toEqual([null, { entryId: first.entryId, position: first.position }])

    await asOwner(`insert into appointment (id, agency_id, person_sub, role, from_at)
                   values (gen_random_uuid(), 'ridings-probation', 'case-manager', 'ig-officer', '2026-01-01'),
                          (gen_random_uuid(), 'fresh-steps', 'keyworker', 'ig-officer', '2026-01-01')`)
    expect(must(await look(scene.offenderId, 'case-manager'), 200)).toMatchObject({ suppliedBy: 'ridings-probation', releases: 2 })
    // Who works with the person and supplied nothing is told no; who does not is told nothing.
    expect(refusal(await look(scene.offenderId, 'keyworker'))).toEqual([403, 'need-to-know'])
    expect(refusal(await look(scene.offenderId, 'landlord'))).toEqual([404, 'ncnd'])

    const [line] = await asOwner<{ agreement_id: string }>('select agreement_id from disclosure where entry_id = $1', [first.entryId])
    await asOwner(`update agreement set suspended_at = statement_timestamp() - interval '5 minutes' where id = $1`, [line!.agreement_id])
    await sweepRecalls(await sweepUses())
    await asOwner('update agreement set suspended_at = null where id = $1', [line!.agreement_id])
    const after = must(await look(scene.offenderId, 'ig-officer'), 200)
    expect((after.copies as readonly Json[]).map(({ state }) => state)).toEqual(['asked-back', 'asked-back'])
  })
})

describe('the feed', () => {
  it('tells those whose words they are of a request, its decision, each retrieval and the end, in ids alone', async () => {
    const before = (await feed('ridings-police')).length
    const permissionId = await granted(await house.scene(['One.']))
    await taken(permissionId)
    await house.revoke(permissionId)
    const told = (await feed('ridings-police')).slice(before).filter(({ kind }) => String(kind).startsWith('disclosure-'))
    const kinds = ['disclosure-requested', 'disclosure-decided', 'disclosure-retrieved', 'disclosure-revoked']
    expect(told.map(({ kind, offenderId }) => [kind, offenderId])).toEqual(kinds.map((kind) => [kind, null]))
    const requestId = (told[0]!.refs as Json).requestId
    expect(told.map(({ refs }) => (refs as Json).requestId)).toEqual(kinds.map(() => requestId))
    const holder = (await feed('ridings-probation')).filter(({ refs }) => (refs as Json).requestId === requestId)
    expect(holder.map(({ kind }) => kind)).toEqual(['disclosure-decided', 'disclosure-revoked'])
  })
})
