import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shipped } from '../support/facts.ts'
import { foiDueOn } from '../../src/core/foi/foi-clock.ts'
import { daysAfter, londonDay } from '../../src/core/london.ts'
import { type Meetings, openMeetings } from '../conference/support.ts'
import { inventedId, listIn } from '../journeys/support/requests.ts'
import { must } from '../journeys/support/agree.ts'
import type { Json, Reply } from '../support/ask.ts'
import { filledIn } from '../console/support/html-form.ts'
import { makeVisitor } from '../console/support/visitor.ts'
import { countEntries, entryOf } from '../support/logged.ts'
import { attendAndRead, reading, requestOf, third, weighed } from './support.ts'

let house: Meetings
let conferenceId: string
let offenderId: string
let paragraphs: readonly string[]
const secrets = ['Seen at a house under watch.', 'His mother told the centre that he sells tools.', 'He was calm at the centre.']
const today = londonDay(new Date())
beforeAll(async () => {
  house = await openMeetings()
  ;({ conferenceId, offenderId } = await house.meeting())
  const written = await house.write(conferenceId, [
    { text: secrets[0]!, offenderId, originatorAgencyId: 'ridings-police', source: 'own' },
    { text: secrets[1]!, offenderId, originatorAgencyId: 'ridings-probation', source: 'another-person' },
    { text: secrets[2]!, offenderId, originatorAgencyId: 'ridings-probation', source: 'own' },
  ])
  paragraphs = written.map(({ paragraphId }) => paragraphId as string)
})
afterAll(() => house.close())

const refusal = ({ status, body }: Reply) => [status, body.code]
const open = async (more: Json = {}): Promise<string> =>
  must(await house.as('foi-officer').post('/v1/foi-requests', requestOf(more)), 201).requestId as string
const file = async (requestId: string): Promise<Reply> => house.as('foi-officer').get(`/v1/foi-requests/${requestId}`)
const decide = (requestId: string, more: Json, as = 'foi-officer') =>
  house.as(as).post(`/v1/foi-requests/${requestId}/adjudications`, { reasons: 'Reason only the file knows.', ...more })
const ofParagraph = (which: number, more: Json): Json => ({ paragraph: { conferenceId, paragraphId: paragraphs[which]! }, ...more })
const withhold = (which: number, ...grounds: readonly Json[]): Json => ofParagraph(which, { outcome: 'withhold', grounds })
const notice = (requestId: string, more: Json = {}) => house.as('foi-officer').post(`/v1/foi-requests/${requestId}/notice`, more)
const tasksOf = async (as: string, kind: string): Promise<readonly Json[]> =>
  (must(await house.as(as).get('/v1/tasks?limit=100'), 200).tasks as readonly Json[]).filter((task) => task.kind === kind)

describe('a request for information', () => {
  it('has until the twentieth working day, as a task of its authority', async () => {
    const clock = shipped.bundle.change!.foi!.clock
    const dueOn = foiDueOn(clock, { receivedOn: today, clarifiedOn: null })
    const reply = await house.as('foi-officer').post('/v1/foi-requests', requestOf())
    expect(reply.body).toMatchObject({ dueOn, rightsRequestId: null })
    const [task] = (await tasksOf('foi-officer', 'foi-request')).filter(({ detail }) => (detail as Json).requestId === reply.body.requestId)
    expect(task?.dueAt).toBe(`${daysAfter(dueOn, 1)}T00:00:00.000Z`)
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ event: 'foi-request', effect: 'permit', purpose: 'foi', offenderId: null, dueOn })
    expect(JSON.stringify(entry)).not.toContain('burglar')
    expect((await file(reply.body.requestId as string)).body).toMatchObject({ dueOn, overdue: false, decisions: [], notices: [] })
  })

  it('is answered by public authorities only, each its own, by its officer', async () => {
    expect(refusal(await house.as('keyworker').post('/v1/foi-requests', requestOf()))).toEqual([403, 'foi-route'])
    expect(refusal(await house.as('landlord').post('/v1/foi-requests', requestOf()))).toEqual([403, 'foi-route'])
    expect(refusal(await house.as('dpo').post('/v1/foi-requests', requestOf()))).toEqual([403, 'foi-route'])
    expect(refusal(await house.as('analyst').post('/v1/foi-requests', requestOf()))).toEqual([403, 'need-to-know'])
    const requestId = await open()
    await appoint('ridings-probation', 'case-manager')
    const strangers = await Promise.all([requestId, inventedId()].map((id) => house.as('case-manager').get(`/v1/foi-requests/${id}`)))
    expect(strangers.map(refusal)).toEqual([
      [404, 'not-found'],
      [404, 'not-found'],
    ])
    const [real, invented] = strangers.map(({ body }) => JSON.stringify({ ...body, entryId: '' }))
    expect(real).toBe(invented)
  })

  const appoint = async (agencyId: string, sub: string): Promise<void> => {
    const appointment = { agencyId, sub, role: 'foi-officer', fromAt: '2026-01-10T00:00:00Z' }
    must(await house.as('admin').post('/v1/appointments', appointment), 201)
  }

  it('is recorded once, and not as received in the future', async () => {
    const letter = requestOf()
    expect((await house.as('foi-officer').post('/v1/foi-requests', letter)).status).toBe(201)
    expect(refusal(await house.as('foi-officer').post('/v1/foi-requests', letter))).toEqual([409, 'conflict'])
    for (const wrong of [
      { receivedOn: daysAfter(today, 1) },
      { clarifiedOn: daysAfter(today, -1) },
      { ownData: { identityConfirmedOn: daysAfter(today, 1) } },
    ])
      expect(refusal(await house.as('foi-officer').post('/v1/foi-requests', requestOf(wrong)))).toEqual([400, 'invalid'])
  })

  it('never releases: reading for it is refused, and its officer reads nothing without having been there (scenario 52)', async () => {
    const read = (more: Json) => house.as('foi-officer').post(`/v1/conferences/${conferenceId}/readings`, { ...reading, ...more })
    expect(refusal(await read({}))).toEqual([403, 'not-attendee'])
    expect(refusal(await read({ purpose: 'foi' }))).toEqual([403, 'foi-route'])
  })
})

describe('a paragraph', () => {
  it('is decided by who attended, acknowledged and read it as it stands, and by nobody else', async () => {
    const requestId = await open()
    expect(refusal(await decide(requestId, withhold(0, third)))).toEqual([403, 'not-attendee'])
    await house.attend(conferenceId, { analyst: 'attended' })
    const seen = await attendAndRead(house, conferenceId)
    expect(listIn(seen, 'paragraphs').map(({ text }) => text)).toEqual(secrets)
    expect((await decide(requestId, withhold(0, third))).status).toBe(201)
    const invented = { paragraph: { conferenceId, paragraphId: inventedId() }, outcome: 'withhold', grounds: [third] }
    expect(refusal(await decide(requestId, invented))).toEqual([412, 'precondition-failed'])
    const nowhere = { ...invented, paragraph: { conferenceId: inventedId(), paragraphId: paragraphs[0]! } }
    expect(refusal(await decide(requestId, nowhere))).toEqual([404, 'ncnd'])
    // Somebody else’s reading is not the officer’s own.
    expect(refusal(await decide(requestId, withhold(0, third), 'analyst'))).toEqual([403, 'need-to-know'])
    await house.as('foi-officer').post(`/v1/conferences/${conferenceId}/acknowledgements/withdrawal`)
    expect(refusal(await decide(requestId, withhold(0, third)))).toEqual([403, 'not-acknowledged'])
    expect((await attendAndRead(house, conferenceId)).status).toBe(200)
    const corrected = { text: secrets[0]!, why: 'A comma' }
    const path = `/v1/conferences/${conferenceId}/minutes/${paragraphs[0]!}`
    must(await house.as('spoc').post(`${path}/corrections`, corrected, { 'if-match': '"1"' }), 201)
    expect(refusal(await decide(requestId, withhold(0, third)))).toEqual([412, 'precondition-failed'])
    must(await house.read(conferenceId, 'foi-officer'), 200)
    expect((await decide(requestId, withhold(0, third))).body).toMatchObject({ version: 2, consulted: null })
  })

  it('is withheld on exemptions that fit it, each as the Act asks, and what does not fit is said with its place', async () => {
    const requestId = await open()
    const wrong = async (which: number, ...grounds: readonly Json[]) => {
      const { status, body } = await decide(requestId, withhold(which, ...grounds))
      return [status, body.code, body.ruleId, listIn({ body } as Reply, 'errors')[0]?.path]
    }
    const confidence = { exemption: 'foia-41', defenceWeighed: true }
    expect(await wrong(0, confidence)).toEqual([422, 'foi-exemption', 'foi-from-another-person', '/grounds/0/exemption'])
    expect(await wrong(2, third, confidence)).toEqual([422, 'foi-exemption', 'foi-from-another-person', '/grounds/1/exemption'])
    expect(await wrong(0, { exemption: 'foia-30-1-b' })).toEqual([422, 'foi-exemption', 'foi-public-interest', '/grounds/0/publicInterest'])
    expect(await wrong(0)).toEqual([422, 'foi-exemption', 'foi-grounds', '/grounds'])
    expect(refusal(await decide(requestId, ofParagraph(0, { outcome: 'not-held' })))).toEqual([400, 'invalid'])
    expect(refusal(await decide(requestId, { outcome: 'withhold', grounds: [third] }))).toEqual([400, 'invalid'])
    expect((await file(requestId)).body.decisions).toEqual([])
    const reply = await decide(requestId, withhold(1, confidence, { exemption: 'foia-30-1-b', publicInterest: weighed }))
    expect(reply.status).toBe(201)
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ operation: 'adjudicateFoiRequest', event: 'foi-request', exemptions: ['foia-41', 'foia-30-1-b'] })
    expect(JSON.stringify(entry)).not.toMatch(/only the file knows|tells tools|sells tools/)
  })

  it('offers section 30(1)(b) to the police and not to an authority without power to prosecute', async () => {
    const offered = async (as: string) => {
      const { requestId } = must(await house.as(as).post('/v1/foi-requests', requestOf()), 201)
      return listIn(await house.as(as).get(`/v1/foi-requests/${String(requestId)}`), 'offered').map(({ id }) => id)
    }
    expect(await offered('foi-officer')).toContain('foia-30-1-b')
    const probation = await offered('case-manager')
    expect(probation).toContain('foia-31')
    for (const id of ['foia-30-1-a', 'foia-30-1-b', 'foia-30-2', 'foia-40-1']) expect(probation).not.toContain(id)
  })

  it('is put once before the agency that it came from, whose view is recorded and decides nothing', async () => {
    const requestId = await open()
    const before = (await tasksOf('deputy', 'foi-consultation')).length
    expect((await decide(requestId, ofParagraph(1, { outcome: 'consider' }))).body.consulted).toBe('ridings-probation')
    await decide(requestId, ofParagraph(1, { outcome: 'consider' }))
    const tasks = await tasksOf('deputy', 'foi-consultation')
    expect(tasks.length).toBe(before + 1)
    expect(await tasksOf('analyst', 'foi-consultation')).toEqual([])
    const answer = (as: string, paragraphId = paragraphs[1]!) =>
      house
        .as(as)
        .post(`/v1/foi-requests/${requestId}/consultations`, { paragraphId, view: 'objects', reasons: 'She was promised silence.' })
    for (const [as, which] of [
      ['keyworker', paragraphs[1]!],
      ['signatory-ridings-probation', paragraphs[1]!],
      ['deputy', paragraphs[2]!],
    ] as const)
      expect(refusal(await answer(as, which))).toEqual([404, 'not-found'])
    const answered = await answer('deputy')
    expect(answered.body).toMatchObject({ view: 'objects', requestId })
    expect(JSON.stringify(await entryOf(house.database, answered))).not.toContain('silence')
    expect(refusal(await answer('deputy'))).toEqual([409, 'conflict'])
    expect((await tasksOf('deputy', 'foi-consultation')).length).toBe(before)
    expect(listIn(await file(requestId), 'consultations')).toMatchObject([{ originatorAgencyId: 'ridings-probation', view: 'objects' }])
    expect((await decide(requestId, ofParagraph(1, { outcome: 'disclose' }))).status).toBe(201)
    const [consulted] = listIn(await file(requestId), 'decisions')
    expect(consulted).toMatchObject({ outcome: 'disclose', grounds: [], conferenceId, paragraphId: paragraphs[1] })
  })

  it('is read on the page that asks by whoever was at the meeting, with a mark and an entry of the log, and never on opening', async () => {
    const requestId = await open()
    expect((await decide(requestId, ofParagraph(2, { outcome: 'consider' }))).body.consulted).toBe('ridings-probation')
    must(await house.attend(conferenceId, { 'case-manager': 'attended' }), 201)
    must(await house.acknowledge(conferenceId, 'case-manager'), 201)
    const at = `/console/foi/${requestId}/consultation`
    const paragraphId = paragraphs[2]!
    const readings = () => countEntries(house.database, `convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = 'readMinutes'`)
    const visit = async (name: string) => {
      const visitor = makeVisitor(house.url)
      await visitor.signIn(name)
      return { visitor, opened: await visitor.open(`${at}?paragraphId=${paragraphId}`) }
    }
    const before = await readings()
    const { visitor, opened } = await visit('case-manager')
    expect([opened.status, opened.text.includes('Read it first'), opened.text.includes(secrets[2]!)]).toEqual([200, true, false])
    const why = await visitor.send(at, { paragraphId, _step: 'why' })
    expect([why.text.includes('Why do you need it?'), await readings()]).toEqual([true, before])
    expect((await visitor.send(at, filledIn(why, {}))).status).toBe(422)
    const seen = await visitor.send(at, filledIn(why, reading))
    for (const said of [secrets[2]!, 'Read by case-manager', 'What does your agency think']) expect(seen.text).toContain(said)
    const entryId = /access log as entry <code>([^<]+)</.exec(seen.text)![1]!
    const said = { operation: 'readMinutes', event: 'disclosure', offenderId, purpose: reading.purpose }
    expect(await entryOf(house.database, { entryId })).toMatchObject({ ...said, effect: expect.stringContaining('permit') })
    expect((await visitor.send(at, filledIn(seen, { view: 'objects', reasons: 'He was promised it.' }))).text).toContain(
      'Check your answers',
    )
    // Being asked opens nothing to whoever was not there, nor anything at all to whoever was not asked.
    const absent = await visit('deputy')
    const refused = await absent.visitor.send(at, { paragraphId, _step: 'read', ...reading })
    expect([refused.status, refused.text.includes('not-attendee'), refused.text.includes(secrets[2]!)]).toEqual([403, true, false])
    expect((await visit('analyst')).opened.status).toBe(404)
  })
})

describe('the notice', () => {
  it('follows from what was decided, holds nothing that is in the papers or the file, and stops the clock when it was given', async () => {
    const requestId = await open()
    expect(refusal(await notice(requestId))).toEqual([409, 'conflict'])
    await decide(requestId, withhold(0, third, { exemption: 'foia-30-1-b', publicInterest: weighed }))
    await decide(requestId, ofParagraph(2, { outcome: 'disclose' }))
    expect(refusal(await notice(requestId, { givenOn: today }))).toEqual([409, 'conflict'])
    const draft = await notice(requestId)
    expect(draft.body).toMatchObject({ kind: 'part', givenOn: null, estimateOn: null })
    expect(listIn(draft, 'schedule').map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'withheld'],
      [2, 'disclosed'],
    ])
    for (const secret of [...secrets, 'only the file knows', 'burglar', conferenceId, offenderId, ...paragraphs])
      expect(JSON.stringify(draft.body)).not.toContain(secret)
    expect(refusal(await notice(requestId, { givenOn: daysAfter(today, 1) }))).toEqual([400, 'invalid'])
    expect((await notice(requestId, { givenOn: today })).body).toMatchObject({ hash: draft.body.hash, givenOn: today })
    expect((await tasksOf('foi-officer', 'foi-request')).some(({ detail }) => (detail as Json).requestId === requestId)).toBe(false)
    expect(listIn(await file(requestId), 'notices').map(({ givenOn }) => givenOn)).toEqual([null, today])
  })

  it('is due in time while the public interest is weighed longer, and the clock runs on to the estimated day', async () => {
    const requestId = await open()
    const dueOn = (await file(requestId)).body.dueOn as string
    const later = { decision: 'undecided', maintaining: [], disclosing: [], estimateOn: daysAfter(dueOn, 7) }
    const ground = { exemption: 'foia-38', likelihood: 'would-be-likely', publicInterest: later }
    const far = { ...ground, publicInterest: { ...later, estimateOn: daysAfter(dueOn, 60) } }
    expect((await decide(requestId, withhold(0, far))).body).toMatchObject({ ruleId: 'foi-public-interest' })
    expect((await decide(requestId, withhold(0, ground))).status).toBe(201)
    expect((await notice(requestId)).body).toMatchObject({ kind: 'extension', estimateOn: later.estimateOn, dueOn })
    must(await notice(requestId, { givenOn: today }), 201)
    const [task] = (await tasksOf('foi-officer', 'foi-request')).filter(({ detail }) => (detail as Json).requestId === requestId)
    expect(task?.dueAt).toBe(`${daysAfter(later.estimateOn, 1)}T00:00:00.000Z`)
  })

  it('neither confirms nor denies in the same words whether or not anything is held (scenario 52)', async () => {
    const neither = { outcome: 'neither-confirm-nor-deny', grounds: [{ exemption: 'foia-40-2' }], reasons: 'Nobody of that name.' }
    const [held, empty] = [await open({ reference: 'FOI-NCND' }), await open({ reference: 'FOI-ELSE' })]
    await decide(held, withhold(0, third))
    const texts = []
    for (const requestId of [held, empty]) {
      must(await decide(requestId, neither), 201)
      const { entryId: _e, noticeId: _n, requestId: _r, hash: _h, ...told } = (await notice(requestId)).body
      texts.push(JSON.stringify(told).replace('FOI-NCND', 'FOI-ELSE'))
    }
    expect(texts[0]).toBe(texts[1])
    expect(texts[0]).toContain('s.40(5B)(a)')
    for (const secret of [...secrets, 'Nobody of that name', 'is not given to you']) expect(texts[0]).not.toContain(secret)
    // It is confirmed after all: then the paragraphs answer, and differ.
    must(await decide(held, { outcome: 'confirm-held' }), 201)
    expect((await notice(held)).body.kind).toBe('refusal')
  })

  it('that nothing is held does not stand beside paragraphs that were found', async () => {
    const requestId = await open()
    must(await decide(requestId, { outcome: 'not-held' }), 201)
    expect((await notice(requestId)).body).toMatchObject({ kind: 'not-held', schedule: [] })
    expect(refusal(await decide(requestId, withhold(0, third)))).toEqual([409, 'conflict'])
    must(await decide(requestId, { outcome: 'confirm-held' }), 201)
    must(await decide(requestId, withhold(0, third)), 201)
    expect(refusal(await decide(requestId, { outcome: 'not-held' }))).toEqual([409, 'conflict'])
  })
})

describe('somebody’s request about themselves (scenario 53)', () => {
  it('is answered as a request for access, and its notice is the same whoever is held', async () => {
    const texts = []
    for (const subject of [offenderId, inventedId(), null]) {
      const ownData = { identityConfirmedOn: today, ...(subject === null ? {} : { offenderId: subject }) }
      const opened = await house.as('foi-officer').post('/v1/foi-requests', requestOf({ ownData, reference: `FOI-OWN-${texts.length}` }))
      const { requestId, rightsRequestId, rightsDueOn, dueOn } = must(opened, 201)
      const rights = await house.as('dpo').post(`/v1/rights-requests/${String(rightsRequestId)}/answers`)
      expect(rights.status).toBe(200)
      expect(refusal(await decide(String(requestId), withhold(0, third)))).toEqual([409, 'conflict'])
      const { kind, text, schedule } = (await notice(String(requestId))).body
      expect([kind, schedule]).toEqual(['own-data', []])
      texts.push(JSON.stringify([text, rightsDueOn, dueOn]).replace(/FOI-OWN-\d/, ''))
    }
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain('s.40(5A)')
  })
})

describe('every table of a request', () => {
  it.each(['foi_request', 'foi_adjudication', 'foi_consultation', 'foi_consultation_answer', 'foi_notice'])(
    '%s is only added to',
    async (table) => {
      const { owner, db } = house.database
      const { rows } = await owner.query<{ verb: string; may: boolean }>({
        text: `select v as verb, has_table_privilege('gateway_app', $1, v) as may
                 from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as v`,
        values: [table],
      })
      expect(rows.filter(({ may }) => may).map(({ verb }) => verb)).toEqual(['select', 'insert'])
      await expect(owner.query({ text: `delete from ${table}` })).rejects.toMatchObject({ cause: { code: '42501' } })
      await expect(owner.query({ text: `truncate ${table} cascade` })).rejects.toMatchObject({ cause: { code: '42501' } })
      await expect(db.query({ text: `delete from ${table}` })).rejects.toMatchObject({ cause: { code: '42501' } })
    },
  )

  it('has none of the words of anybody in the clear', async () => {
    const sealed = await house.database.owner.query<{ sealed: Buffer }>({
      text: `select r.sealed from foi_request r union all select a.sealed from foi_adjudication a
             union all select c.sealed from foi_consultation_answer c`,
    })
    expect(sealed.rows.length).toBeGreaterThan(10)
    for (const one of sealed.rows) expect(one.sealed.toString('latin1')).not.toMatch(/burglar|the file knows|silence/)
  })
})
