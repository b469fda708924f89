import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { takeLocks } from '../../src/db/release-locks.ts'
import { idOf } from '../casework/strand/strand-support.ts'
import { must } from '../journeys/support/agree.ts'
import { inventedId } from '../journeys/support/requests.ts'
import { entriesOf } from '../support/logged.ts'
import type { Name } from '../conference/support.ts'
import { type Disclosures, openDisclosures, refusal, type Scene, textsOf, to } from './support.ts'

let house: Disclosures
let held = 0
beforeAll(async () => {
  house = await openDisclosures()
  const text = `update agency set schemes = schemes || '{mash,marac,mappa}', version = version + 1 where id in ('ridings-police', 'ridings-probation')`
  await house.database.owner.query({ text })
})
afterAll(() => house.close())

/** A meeting of a scheme about one person, with a paragraph of the police and one of probation. */
const meetingOf = async (kind: string, people: Partial<Record<Name, string>>): Promise<Scene> => {
  const { offenderId } = await house.meeting()
  held += 1
  const body = { kind, areaId: 'calder', heldOn: `2026-10-${String(10 + held)}`, chair: { agencyId: 'ridings-police', sub: 'chair' } }
  const conferenceId = idOf(await house.as('spoc').post('/v1/conferences', body), 'conferenceId')
  must(await house.as('spoc').post(`/v1/conferences/${conferenceId}/agenda`, { offenderId, item: 'strand' }), 201)
  const finding = { riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'], finding: 'Three reports in a week.' }
  must(await house.as('spoc').post(`/v1/conferences/${conferenceId}/discussions`, { offenderId, ...finding }), 201)
  must(await house.attend(conferenceId, people), 201)
  const paragraphs = await house.write(conferenceId, [
    { offenderId, originatorAgencyId: 'ridings-police', source: 'own', text: 'The police said one thing.' },
    { offenderId, originatorAgencyId: 'ridings-probation', source: 'another-person', text: 'Probation said another.' },
  ])
  return { conferenceId, offenderId, paragraphs }
}

const safe = { purpose: 'safeguarding', legalGateway: 'gdpr-6-1-e' }
const words = 'Two officers should visit together.'

describe('what a safeguarding hub found (R25)', () => {
  let scene: Scene
  let requestId: string
  let hash: string
  const toHousing = { ...to('housing-officer'), ...safe }
  const accept = (who: string, of = hash) => house.as(who).post(`/v1/disclosure-requests/${requestId}/acceptances`, { hash: of })
  const propose = async (text: string): Promise<string> =>
    String(must(await house.as('analyst').post(`/v1/disclosure-requests/${requestId}/wordings`, { text }), 201).hash)

  beforeAll(async () => {
    scene = await meetingOf('mash', { analyst: 'attended', 'case-manager': 'attended', keyworker: 'attended' })
    const asked = must(await house.request(scene, { ...toHousing, formOfWords: words }), 201)
    ;[requestId, hash] = [String(asked.requestId), String(asked.formOfWordsHash)]
  })

  it('never leaves the hub itself, whatever the chair permits (scenario 39)', async () => {
    const bare = await house.granted(await house.requested(scene, toHousing))
    const refused = await house.retrieve(bare, 'housing-officer', safe)
    expect([refused.status, refused.text.includes('said')]).toEqual([404, false])
    const [line] = await entriesOf(house.database, refused)
    expect(line).toMatchObject({ effect: 'deny-ncnd', reason: 'scheme-scope' })
  })

  it('leaves in words that every contributor accepted by the hash of their text, and in no others (scenario 39)', async () => {
    expect(refusal(await accept('keyworker'))).toEqual([404, 'ncnd'])
    expect(refusal(await accept('analyst', 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'))).toEqual([409, 'conflict'])
    must(await accept('analyst'), 201)
    const blocks = must(await house.readRequest(requestId), 200).blocks as readonly { code: string }[]
    expect(blocks.map(({ code }) => code)).toEqual(['form-of-words', 'form-of-words'])
    const permissionId = await house.granted(requestId, { decision: 'grant-whole', formOfWordsHash: hash })
    // One of two: refused at release with the code that the chair was shown.
    expect(refusal(await house.retrieve(permissionId, 'housing-officer', safe))).toEqual([403, 'form-of-words'])
    must(await accept('case-manager'), 201)
    expect(refusal(await accept('case-manager'))).toEqual([409, 'conflict'])
    const got = await house.retrieve(permissionId, 'housing-officer', safe)
    expect([got.status, got.body.words, textsOf(got)]).toEqual([200, { hash, text: words }, []])
    expect(got.text).not.toMatch(/The police said|Probation said/)
    expect(got.body.obligations).toEqual(expect.arrayContaining(['form-of-words-only', 'no-onward']))

    // Any edit voids every acceptance, and what was permitted in the older words with them.
    const edited = await propose(`${words} By day.`)
    expect(refusal(await house.retrieve(permissionId, 'housing-officer', safe))).toEqual([403, 'form-of-words'])
    expect((must(await house.readRequest(requestId), 200).formOfWords as { acceptedBy: unknown }).acceptedBy).toEqual([])
    expect(refusal(await accept('case-manager'))).toEqual([409, 'conflict'])
    for (const who of ['analyst', 'case-manager']) must(await accept(who, edited), 201)
    expect(refusal(await house.retrieve(permissionId, 'housing-officer', safe))).toEqual([403, 'form-of-words'])
  })
})

describe('papers of a risk assessment conference (R7)', () => {
  it('leave it when each who came has signed, and stop when one takes that back', async () => {
    const scene = await meetingOf('marac', { analyst: 'attended', 'case-manager': 'attended' })
    const requestId = await house.requested(scene, to('deputy'))
    await house.acknowledge(scene.conferenceId, 'analyst')
    const blocks = must(await house.readRequest(requestId), 200).blocks as readonly { code: string }[]
    expect(blocks.map(({ code }) => code)).toEqual(['scheme-unsigned', 'scheme-unsigned'])
    const permissionId = await house.granted(requestId)
    expect(refusal(await house.retrieve(permissionId, 'deputy'))).toEqual([403, 'scheme-unsigned'])
    await house.acknowledge(scene.conferenceId, 'case-manager')
    expect(textsOf(await house.retrieve(permissionId, 'deputy'))).toEqual(['The police said one thing.', 'Probation said another.'])
    const back = `/v1/conferences/${scene.conferenceId}/acknowledgements/withdrawal`
    must(await house.as('analyst').post(back), 201)
    expect(refusal(await house.retrieve(permissionId, 'deputy'))).toEqual([403, 'scheme-unsigned'])
  })

  it('stay when an agency that came is no member, or was only to come', async () => {
    for (const state of ['attended', 'invited-absent']) {
      const scene = await meetingOf('marac', { analyst: 'attended', keyworker: state })
      for (const who of ['analyst', 'keyworker']) await house.acknowledge(scene.conferenceId, who)
      const permissionId = await house.granted(await house.requested(scene, to('deputy')))
      expect(refusal(await house.retrieve(permissionId, 'deputy'))).toEqual([403, 'scheme-unsigned'])
    }
  })
})

describe('what a protection panel holds (scenario 37)', () => {
  it('cannot even be asked for by somebody outside the scheme', async () => {
    const scene = await meetingOf('mappa-meeting', { analyst: 'attended' })
    const [real, invented] = await Promise.all(
      [scene.conferenceId, inventedId()].map((conferenceId) => house.request({ ...scene, conferenceId }, to('keyworker'), 'keyworker')),
    )
    const plain = ({ entryId: _, ...body }: Record<string, unknown>) => body
    expect([real!.status, plain(real!.body)]).toEqual([404, plain(invented!.body)])
    expect((await house.request(scene, to('analyst'))).status).toBe(201)
  })
})

describe('a meeting of a scheme (R7)', () => {
  it('was never held for whoever works in the area and is of no member agency, unless they have a part in it', async () => {
    const scene = await meetingOf('marac', { analyst: 'attended' })
    const path = (conferenceId: string) => `/v1/conferences/${conferenceId}`
    const plain = ({ entryId: _, ...body }: Record<string, unknown>) => body
    const told = async () => {
      const [real, invented] = await Promise.all([scene.conferenceId, inventedId()].map((id) => house.as('keyworker').get(path(id))))
      const [read, unread] = await Promise.all([scene.conferenceId, inventedId()].map((id) => house.read(id, 'keyworker')))
      const { conferences } = must(await house.as('keyworker').get('/v1/conferences'), 200) as { conferences: { conferenceId: string }[] }
      return {
        real: real!,
        invented: invented!,
        read: read!,
        unread: unread!,
        listed: conferences.some((one) => one.conferenceId === scene.conferenceId),
      }
    }
    const before = await told()
    expect([before.real.status, plain(before.real.body), before.listed]).toEqual([404, plain(before.invented.body), false])
    expect([before.read.status, plain(before.read.body)]).toEqual([404, plain(before.unread.body)])
    const item = { offenderId: scene.offenderId, item: 'review' }
    const [put, lost] = await Promise.all(
      [scene.conferenceId, inventedId()].map((id) => house.as('keyworker').post(`${path(id)}/agenda`, item)),
    )
    expect([put!.status, plain(put!.body)]).toEqual([404, plain(lost!.body)])
    // Nor does anybody wait for what is under way in it: to wait would say that there is one.
    await withTransaction(house.database.db, async (tx) => {
      await takeLocks(tx, { exclusive: [{ class: 'conference', id: scene.conferenceId }], shared: [] })
      expect((await house.read(scene.conferenceId, 'keyworker')).status).toBe(404)
      expect((await house.read(scene.conferenceId, 'analyst')).status).toBe(503)
    })
    // The control: a meeting of no scheme, and the same one once they were asked to come.
    const open = await house.scene(['One.'])
    expect((await house.as('keyworker').get(path(open.conferenceId))).status).toBe(200)
    await house.attend(scene.conferenceId, { keyworker: 'invited-absent' })
    const after = await told()
    // That it was held is theirs to know then; its papers stay the scheme's.
    expect([after.real.status, after.listed, after.read.status]).toEqual([200, true, 404])
  })
})

describe('a release to a landlord of the partnership and to an employer (scenario 37)', () => {
  const asked = { purpose: 'community-reassurance', legalGateway: 'gdpr-6-1-e' }
  const employer = { agencyId: 'hollins-lettings', sub: 'landlord' }

  it('is shared with the one, and to the other disclosed, on the chair’s decision alone', async () => {
    const owner = (text: string) => house.database.owner.query({ text })
    await owner(`update agency set kind = 'reg-housing-provider', version = version + 1 where id = 'calder-housing'`)
    await owner(
      `update agency set kind = 'education-ete', clearance = 'official-sensitive', version = version + 1 where id = 'hollins-lettings'`,
    )
    const scene = await house.scene(['One.'])
    const shared = await house.granted(await house.requested(scene, { ...to('housing-officer'), ...safe }))
    expect((await house.retrieve(shared, 'housing-officer', safe)).body).toMatchObject({ outbound: 'share' })
    const ask = { offenderId: scene.offenderId, categories: [{ id: 'identity' }], ...asked, justification: 'A job from Monday' }
    expect((await house.as('landlord').post('/v1/enquiries', ask)).status).toBeGreaterThanOrEqual(403)
    const permissionId = await house.granted(await house.requested(scene, { ...asked, recipient: employer }))
    expect((await house.retrieve(permissionId, 'landlord', asked)).body).toMatchObject({ outbound: 'disclose' })
  })
})
