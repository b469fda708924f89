import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { takeLocks } from '../../src/db/release-locks.ts'
import { replayEntry } from '../../src/gateway/enquiry/replay-entry.ts'
import { CC, idOf } from '../casework/strand/strand-support.ts'
import { fingerprint } from '../journeys/support/fingerprint.ts'
import { enquire, inventedId, listIn } from '../journeys/support/requests.ts'
import type { Json, Reply } from '../support/ask.ts'
import { shippedPolicies } from '../support/facts.ts'
import { entriesOf } from '../support/logged.ts'
import { type Meetings, openMeetings, textsOf } from './support.ts'

let house: Meetings
beforeAll(async () => {
  house = await openMeetings()
})
afterAll(() => house.close())

const rowsOf = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await house.database.owner.query<Row>({ text, values })).rows

/** A meeting that the key worker attended and acknowledged, with one paragraph about nobody and one about the case. */
const readable = async () => {
  const held = await house.meeting()
  await house.attend(held.conferenceId, { keyworker: 'attended' })
  await house.acknowledge(held.conferenceId, 'keyworker')
  const [opened, seen] = await house.write(held.conferenceId, [
    { text: 'The meeting was opened.' },
    { text: 'Seen at a house under watch.', offenderId: held.offenderId, originatorAgencyId: 'ridings-police', source: 'another-person' },
  ])
  return { ...held, opened: opened!, seen: seen! }
}

const refusal = ({ status, body }: Reply) => [status, body.code]

describe('papers of a meeting are read', () => {
  it('by who attended and acknowledged the statement that binds that meeting, watermarked (scenario 24)', async () => {
    const { conferenceId, offenderId } = await house.meeting()
    await house.write(conferenceId, [{ text: 'Four burglaries.', offenderId }])
    await house.attend(conferenceId, { keyworker: 'attended' })
    const before = await house.read(conferenceId, 'keyworker')
    expect(refusal(before)).toEqual([403, 'not-acknowledged'])
    expect(before.body).toMatchObject({ stage: 'R20', ruleId: 'r20-acknowledged' })
    expect(before.text).not.toContain('burglaries')
    await house.acknowledge(conferenceId, 'keyworker')
    const after = await house.read(conferenceId, 'keyworker')
    expect([after.status, textsOf(after)]).toEqual([200, ['Four burglaries.']])
    expect(after.body.watermark).toMatchObject({ agencyId: 'fresh-steps', sub: 'keyworker', entryId: after.entryId })
    expect(listIn(after, 'paragraphs')[0]!.obligations).toEqual(
      expect.arrayContaining(['mark', 'no-copy', 'no-onward', 'named-recipient', 'store-restricted', 'confidentiality-undertaking']),
    )
  })

  it('not by a colleague of an attendee, same agency and same role (scenario 25)', async () => {
    const { conferenceId } = await readable()
    await house.attend(conferenceId, { 'case-manager': 'attended' })
    const colleague = await house.read(conferenceId, 'deputy')
    expect(refusal(colleague)).toEqual([403, 'not-attendee'])
    expect(colleague.body.nextStep).toContain('chair')
  })

  it('not by who was invited and did not come, nor by who sent apologies (scenario 26)', async () => {
    const { conferenceId } = await readable()
    for (const state of ['invited-absent', 'apologies']) {
      await house.attend(conferenceId, { 'case-manager': state, nurse: state })
      await house.acknowledge(conferenceId, 'nurse')
      for (const who of ['case-manager', 'nurse']) expect(refusal(await house.read(conferenceId, who))).toEqual([403, 'not-attendee'])
    }
    await house.attend(conferenceId, { nurse: 'attended' })
    // There at last, but of an agency with which nobody agreed to share the papers of meetings.
    expect(listIn(await house.read(conferenceId, 'nurse'), 'withheld').map(({ code }) => code)).toEqual(['isa-category'])
  })

  it('by the chair and the administrator of the meeting once they acknowledged, unless the record says they were away', async () => {
    const { conferenceId } = await readable()
    for (const who of ['chair', 'spoc'] as const) {
      expect(refusal(await house.read(conferenceId, who))).toEqual([403, 'not-acknowledged'])
      await house.acknowledge(conferenceId, who)
      expect((await house.read(conferenceId, who)).status).toBe(200)
    }
    await house.attend(conferenceId, { chair: 'apologies' })
    expect(refusal(await house.read(conferenceId, 'chair'))).toEqual([403, 'not-attendee'])
  })

  it('by the owner of an action, who acknowledged, as far as the action goes', async () => {
    const { conferenceId, offenderId } = await readable()
    const action = { offenderId, text: 'Find a tenancy.', actionBy: { agencyId: 'calder-housing', sub: 'housing-officer' } }
    const [written] = await house.write(conferenceId, [action])
    await house.acknowledge(conferenceId, 'housing-officer')
    const read = await house.read(conferenceId, 'housing-officer', { legalGateway: 'gdpr-6-1-e' })
    expect([textsOf(read), read.body.attendance]).toEqual([['Find a tenancy.'], 'own-action'])
    const named = await house.read(conferenceId, 'housing-officer', { paragraphIds: [String(written!.paragraphId)] })
    expect(textsOf(named)).toEqual(['Find a tenancy.'])
  })

  it('no more by whom the chair sent out, however often they acknowledge', async () => {
    const { conferenceId } = await readable()
    expect(refusal(await house.attend(conferenceId, { keyworker: 'excluded' }))).toEqual([403, 'delegation'])
    expect((await house.read(conferenceId, 'keyworker')).status).toBe(200)
    expect((await house.attend(conferenceId, { keyworker: 'excluded' }, 'chair')).status).toBe(201)
    await house.acknowledge(conferenceId, 'keyworker')
    expect(refusal(await house.read(conferenceId, 'keyworker'))).toEqual([403, 'not-attendee'])
    expect(refusal(await house.attend(conferenceId, { keyworker: 'attended' }))).toEqual([403, 'delegation'])
    await house.attend(conferenceId, { keyworker: 'attended' }, 'chair')
    expect((await house.read(conferenceId, 'keyworker')).status).toBe(200)
  })

  it('and not printed, copied or exported (R21)', async () => {
    const { conferenceId } = await readable()
    for (const manner of ['print', 'copy', 'export'])
      expect(refusal(await house.read(conferenceId, 'keyworker', { manner }))).toEqual([403, 'copy-prohibited'])
    expect((await house.read(conferenceId, 'keyworker', { manner: 'view' })).status).toBe(200)
  })

  it('with a purpose, a power and a reason, and never for a request under the Freedom of Information Act', async () => {
    const { conferenceId } = await readable()
    for (const missing of ['purpose', 'legalGateway', 'justification'])
      expect(refusal(await house.read(conferenceId, 'keyworker', { [missing]: null }))).toEqual([422, 'request-incomplete'])
    expect(refusal(await house.read(conferenceId, 'keyworker', { purpose: 'foi' }))).toEqual([403, 'foi-route'])
  })
})

describe('each paragraph is decided by itself', () => {
  it('as the marking, the agreement with its originator and the memorandum with a prison have it', async () => {
    const { conferenceId, offenderId } = await readable()
    const grade = { source: '1', intelligence: 'B', handling: 'P' }
    const fromPrison = { originatorAgencyId: 'hmp-ravensgill', conduitAgencyId: 'ridings-probation', grade }
    await house.write(conferenceId, [
      { offenderId, text: 'Marked higher.', marking: 'confidential', originatorAgencyId: 'ridings-police' },
      { offenderId, text: 'From a prison without a memorandum.', ...fromPrison },
      { offenderId, text: 'From outside.', originatorAgencyId: 'ridings-health' },
    ])
    const read = await house.read(conferenceId, 'keyworker')
    expect(textsOf(read)).toEqual(['The meeting was opened.', 'Seen at a house under watch.'])
    expect(listIn(read, 'withheld').map(({ number, code }) => [number, code])).toEqual([
      [3, 'marking'],
      [4, 'prison-mou'],
      [5, expect.stringMatching(/^isa-/)],
    ])
    expect(read.text).not.toMatch(/Marked higher|without a memorandum|From outside/)
  })

  it('and nothing is said of one about a person who may not be spoken of any more (scenario 35)', async () => {
    const { conferenceId, offenderId } = await readable()
    await rowsOf(`update offender set basis = 'pdp' where id = $1`, [offenderId])
    const read = await house.read(conferenceId, 'keyworker')
    expect([textsOf(read), read.body.withheld]).toEqual([['The meeting was opened.'], []])
    expect(read.text).not.toContain(offenderId)
    const [line] = (await entriesOf(house.database, read)).filter((entry) => entry.offenderId === offenderId)
    expect([line!.effect, line!.reason]).toEqual(['deny-ncnd', 'pdp-excluded'])
  })

  it('for a child with a note of its best interests, by those who work with children', async () => {
    const { conferenceId, offenderId } = await readable()
    await rowsOf(`update offender set born_on = (current_date - interval '15 years')::date where id = $1`, [offenderId])
    await house.attend(conferenceId, { 'case-manager': 'attended' })
    await house.acknowledge(conferenceId, 'case-manager')
    const codes = async (who: string, more: Json = {}) =>
      listIn(await house.read(conferenceId, who, more), 'withheld').map(({ code }) => code)
    expect(await codes('case-manager')).toEqual(['child'])
    expect(await codes('case-manager', { bestInterestsNote: 'A plan for school is agreed.' })).toEqual([])
    expect(await codes('keyworker', { bestInterestsNote: 'A plan for school is agreed.' })).toEqual(['child'])
  })

  it('of a scheme’s meeting for nobody outside the scheme, as if it had never been held (scenario 37)', async () => {
    const body = { kind: 'mappa-meeting', areaId: 'calder', heldOn: '2026-11-02', chair: { agencyId: 'ridings-police', sub: 'chair' } }
    const conferenceId = idOf(await house.as('spoc').post('/v1/conferences', body), 'conferenceId')
    await house.attend(conferenceId, { keyworker: 'attended', analyst: 'attended' })
    for (const who of ['keyworker', 'analyst']) await house.acknowledge(conferenceId, who)
    expect((await house.read(conferenceId, 'analyst')).status).toBe(200)
    const refused = await house.read(conferenceId, 'keyworker')
    expect(refusal(refused)).toEqual([404, 'ncnd'])
    expect(fingerprint(refused)).toBe(fingerprint(await house.read(inventedId(), 'keyworker')))
  })
})

describe('what a stranger is told of a meeting', () => {
  it('is what is told of one that was never held, whatever is asked of it', async () => {
    const { conferenceId, opened } = await readable()
    const asks: readonly ((id: string) => Promise<Reply>)[] = [
      (id) => house.read(id, 'landlord'),
      (id) => house.read(id, 'constable-wharfe', { paragraphIds: [String(opened.paragraphId)] }),
      (id) => house.acknowledge(id, 'landlord'),
      (id) => house.as('nurse').get(`/v1/conferences/${id}/attendance`),
      (id) => house.attend(id, { keyworker: 'attended' }, 'constable-wharfe'),
      (id) => house.as('landlord').post(`/v1/conferences/${id}/minutes`, { form: 'minutes', paragraphs: [{ text: 'Mine.' }] }),
    ]
    for (const ask of asks) {
      const real = await ask(conferenceId)
      expect(refusal(real)).toEqual([404, 'ncnd'])
      expect(fingerprint(real)).toBe(fingerprint(await ask(inventedId())))
    }
    // The control: the same comparison tells apart what somebody of the area is told.
    expect(fingerprint(await house.read(conferenceId, 'analyst'))).not.toBe(fingerprint(await house.read(inventedId(), 'analyst')))
  })

  it('and takes no longer while somebody changes the meeting', async () => {
    const { conferenceId } = await readable()
    const [taken, over] = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()]
    const changing = withTransaction(house.database.owner, async (tx) => {
      await takeLocks(tx, { exclusive: [{ class: 'conference', id: conferenceId }], shared: [] })
      taken.resolve(true)
      await over.promise
    })
    await taken.promise
    // The control: whoever may know of the meeting has to wait, and is told to come back.
    expect((await house.read(conferenceId, 'keyworker')).status).toBe(503)
    expect(refusal(await house.read(conferenceId, 'landlord'))).toEqual([404, 'ncnd'])
    expect(refusal(await house.acknowledge(conferenceId, 'landlord'))).toEqual([404, 'ncnd'])
    over.resolve(true)
    await changing
    expect((await house.read(conferenceId, 'keyworker')).status).toBe(200)
  })

  it('and on an enquiry the papers stay closed, with the reason for whoever has a route', async () => {
    const { offenderId } = await readable()
    for (const category of ['conf-minutes', 'conf-papers']) {
      const member = await enquire(house.as('keyworker'), offenderId, category)
      expect([member.status, member.body.code, member.body.ruleId]).toEqual([403, 'not-attendee', 'r20-attended'])
      const stranger = await enquire(house.as('constable-wharfe'), offenderId, category)
      expect(fingerprint(stranger)).toBe(fingerprint(await enquire(house.as('constable-wharfe'), inventedId(), category)))
      expect(stranger.status).toBe(404)
    }
  })
})

describe('the record', () => {
  it('has one entry of each reading for each person, the first the reading’s own, decided again to the same result, and the register', async () => {
    const { conferenceId, offenderId, seen, opened } = await readable()
    const read = await house.read(conferenceId, 'keyworker')
    const entries = await entriesOf(house.database, read)
    expect(entries.map(({ operation, effect, offenderId: about }) => [operation, effect, about])).toEqual([
      ['readMinutes', 'permit', offenderId],
    ])
    const main = entries[0]!
    expect(main.entryId).toBe(read.entryId)
    expect(main.paragraphs).toEqual([opened, seen].map(({ paragraphId, version }) => ({ paragraphId, version })))
    expect([main.justification, main.statementVersion]).toEqual([looking(), 1])
    expect(main.event).toBe('disclosure')
    expect(JSON.stringify(entries)).not.toContain('under watch')
    for (const entry of entries) {
      const { decisions, differences } = replayEntry(entry, shippedPolicies)
      expect([decisions > 0, differences]).toEqual([true, []])
    }
    const register = await rowsOf<Json>(
      `select d.category, d.supplier_agency_id as supplier, d.recipient_person_sub as reader, d.outbound from disclosure d where d.entry_id = $1`,
      [main.entryId],
    )
    expect(register).toEqual([{ category: 'conf-minutes', supplier: 'ridings-police', reader: 'keyworker', outbound: 'share' }])
    const readings = await rowsOf<Json>(`select r.paragraph_id, r.version from paragraph_reading r where r.entry_id = $1`, [read.entryId])
    expect(readings.length).toBe(2)
  })

  it('of a further person is an entry of its own, with its own line in the register', async () => {
    const { conferenceId, offenderId } = await readable()
    const other = await house.person({
      cohort: 'ppo',
      strand: CC,
      statutory: true,
      lead: 'ridings-probation',
      supervisor: 'ridings-probation',
    })
    const path = `/v1/conferences/${conferenceId}`
    await house.as('spoc').post(`${path}/agenda`, { offenderId: other, item: 'review' })
    const finding = { riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'], finding: 'Three in a month.' }
    expect((await house.as('spoc').post(`${path}/discussions`, { offenderId: other, ...finding })).status).toBe(201)
    expect((await house.read(conferenceId, 'keyworker')).status).toBe(200)
    const [second] = await house.write(conferenceId, [{ text: 'Came along.', offenderId: other, originatorAgencyId: 'ridings-police' }])
    // What the reader held a moment ago did not speak of this person: it is looked up anew, and nobody is told to come back.
    const read = await house.read(conferenceId, 'keyworker')
    expect(read.status).toBe(200)
    const entries = await entriesOf(house.database, read)
    expect(entries.map((entry) => entry.offenderId).sort()).toEqual([offenderId, other].sort())
    const further = entries.find(({ entryId }) => entryId !== read.entryId)!
    expect(further.paragraphs).toEqual([{ paragraphId: second!.paragraphId, version: 1 }])
    const main = entries.find(({ entryId }) => entryId === read.entryId)!
    expect((main.paragraphs as unknown[]).length).toBe(3)
    const lines = await rowsOf<{ offender_id: string }>('select d.offender_id from disclosure d where d.entry_id = $1', [further.entryId])
    expect(lines).toEqual([{ offender_id: further.offenderId }])
  })

  it('of many at once gives each their own papers, under their own entries', async () => {
    const meetings = await Promise.all([1, 2, 3, 4].map(() => readable()))
    const readers = [...meetings, ...meetings, ...meetings]
    // Some who may not, among them, whose refusals share the commit.
    const replies = await Promise.all(
      readers.map(({ conferenceId }, at) => house.read(conferenceId, at % 5 === 4 ? 'deputy' : 'keyworker')),
    )
    for (const [at, read] of replies.entries()) {
      const { conferenceId, offenderId } = readers[at]!
      if (at % 5 === 4) {
        expect(refusal(read)).toEqual([403, 'not-attendee'])
        continue
      }
      expect([read.body.conferenceId, listIn(read, 'paragraphs').map((one) => one.offenderId)]).toEqual([conferenceId, [null, offenderId]])
      const [entry] = await entriesOf(house.database, read)
      expect([entry!.entryId, entry!.conferenceId, entry!.offenderId]).toEqual([read.entryId, conferenceId, offenderId])
      const kept = await rowsOf('select from paragraph_reading r where r.entry_id = $1', [read.entryId])
      expect(kept.length).toBe(2)
    }
  })

  it('keeps both versions of what was corrected, and gives the later', async () => {
    const { conferenceId, seen } = await readable()
    const path = `/v1/conferences/${conferenceId}/minutes/${String(seen.paragraphId)}/corrections`
    const correct = (ifMatch: string, text: string, more: Json = {}) =>
      house.as('spoc').post(path, { text, why: 'The house was another.', ...more }, { 'if-match': ifMatch })
    expect((await correct('"1"', 'Seen at the corner.')).body).toMatchObject({ version: 2, supersedes: 1 })
    expect(refusal(await correct('"1"', 'Too late.'))).toEqual([412, 'precondition-failed'])
    const own = await correct('"2"', 'Seen by us.', { source: 'own' })
    expect(own.body.foiLabels).not.toContain('foia-41')
    const read = await house.read(conferenceId, 'keyworker')
    expect(listIn(read, 'paragraphs').map(({ text, version }) => [text, version])).toContainEqual(['Seen by us.', 3])
    const versions = await rowsOf<{ sealed: Buffer }>(`select v.sealed from paragraph_version v where v.paragraph_id = $1`, [
      seen.paragraphId,
    ])
    expect(versions.length).toBe(3)
    // Sealed where it is kept, and each version in its own place.
    for (const { sealed } of versions) expect(sealed.toString('latin1')).not.toMatch(/Seen/)
    await rowsOf(`alter table paragraph_version disable trigger all`)
    await rowsOf(`update paragraph_version set sealed = $2 where paragraph_id = $1 and version = 3`, [
      seen.paragraphId,
      versions[0]!.sealed,
    ])
    await rowsOf(`alter table paragraph_version enable trigger all`)
    const tampered = await house.read(conferenceId, 'keyworker')
    expect([textsOf(tampered), tampered.body.unavailable]).toEqual([
      ['The meeting was opened.'],
      [{ paragraphId: seen.paragraphId, number: 2 }],
    ])
  })

  it('labels s.41 only what came from another person, and finds recalls and licence conditions in the minutes', async () => {
    const { conferenceId, offenderId, seen, opened } = await readable()
    expect([seen.foiLabels, opened.foiLabels]).toEqual([
      ['foia-30-1-b', 'foia-38', 'foia-40-2', 'foia-41'],
      ['foia-30-1-b', 'foia-38', 'foia-40-2'],
    ])
    const minuted = async (matter: string) =>
      idOf(
        await house.as('spoc').post(`/v1/conferences/${conferenceId}/minute-references`, {
          ...{ reference: `M-${matter}`, matter, offenderId, riskOutweighsConfidentiality: true, article8Grounds: ['public-safety'] },
        }),
        'minuteReferenceId',
      )
    const [recall, licence] = [await minuted('recall'), await minuted('licence-conditions')]
    await house.write(conferenceId, [
      { text: 'Two hours agreed.', offenderId, minuteReferenceId: recall },
      { text: 'Curfew and exclusion agreed.', offenderId, minuteReferenceId: licence },
    ])
    const authorised = await house.as('admin').post('/v1/appointments', {
      ...{ agencyId: 'ridings-probation', sub: 'case-manager', role: 'aco-probation', areaId: 'calder', fromAt: '2026-01-06T00:00:00Z' },
    })
    expect(authorised.status).toBe(201)
    const body = { minuteReferenceId: recall, justification: 'Agreed at the meeting.' }
    const authority = await house.as('case-manager').post(`/v1/offenders/${offenderId}/recall-authorisations`, body)
    const found = await house.read(conferenceId, 'keyworker', { matter: 'recall' })
    expect(listIn(found, 'paragraphs').map(({ text, minuteReferences }) => [text, minuteReferences])).toEqual([
      [
        'Two hours agreed.',
        [
          {
            minuteReferenceId: recall,
            reference: 'M-recall',
            matter: 'recall',
            recallAuthorisationIds: [idOf(authority, 'authorisationId')],
          },
        ],
      ],
    ])
    expect(textsOf(await house.read(conferenceId, 'keyworker', { matter: 'licence-conditions' }))).toEqual(['Curfew and exclusion agreed.'])
    const stray = { form: 'minutes', paragraphs: [{ text: 'About nobody.', minuteReferenceId: recall }] }
    expect((await house.as('spoc').post(`/v1/conferences/${conferenceId}/minutes`, stray)).body).toMatchObject({
      status: 400,
      errors: [{ path: '/paragraphs/0/minuteReferenceId' }],
    })
  })
})

const looking = (): string => 'Preparing the review'
