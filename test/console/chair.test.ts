import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Disclosures, openDisclosures, textsOf, to } from '../disclosure/support.ts'
import type { Json } from '../support/ask.ts'
import { countEntries } from '../support/logged.ts'
import { expectHarmless } from './support/harmless.ts'
import { nasty, nastyText, readBack } from './support/nasty.ts'
import { makeVisitor, type Seen, type Visitor } from './support/visitor.ts'

let house: Disclosures
let chair: Visitor
let analyst: Visitor
beforeAll(async () => {
  house = await openDisclosures()
  chair = makeVisitor(house.url)
  await chair.signIn('chair')
  analyst = makeVisitor(house.url)
  await analyst.signIn('analyst')
})
afterAll(() => house.close())

const findings = {
  article8Grounds: 'crime-disorder',
  necessity: 'Needed for the visit.',
  proportionality: 'No more than that.',
}
const hiddenIn = ({ text }: Seen, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
/** What a browser would send of a form as it was shown. */
const day = (seen: Seen) =>
  Object.fromEntries(
    ['day', 'month', 'year'].map((part) => [
      `expiresOn-${part}`,
      new RegExp(`id="expiresOn-${part}"[^>]*value="(\\d+)"`).exec(seen.text)?.[1] ?? '',
    ]),
  )
const partsIn = ({ text }: Seen): readonly string[] =>
  [...text.matchAll(/name="paragraphs"[^>]*value="([^"]+)"/g)].map((found) => found[1]!)
const permissions = async (requestId: string): Promise<number> => {
  const { rows } = await house.database.owner.query({ text: 'select from permission m where m.request_id = $1', values: [requestId] })
  return rows.length
}
const asked = async (texts?: readonly string[]) => {
  const scene = await house.scene(texts)
  return { ...scene, requestId: await house.requested(scene) }
}
const at = (requestId: string, what = ''): string => `/console/permissions/${requestId}${what}`

/** From the open form of a decision to its confirmation. */
const decide = async (requestId: string, answers: (form: Seen) => Record<string, string | readonly string[]>) => {
  const form = await chair.open(at(requestId, '/decide'))
  const typed = { version: hiddenIn(form, 'version'), _key: hiddenIn(form, '_key'), ...day(form), ...findings, ...answers(form) }
  const check = await chair.send(at(requestId, '/decide'), typed)
  const done = () => chair.send(at(requestId, '/decide'), { ...typed, _step: 'confirm' })
  return { form, typed, check, done }
}

describe('a chair', () => {
  it('sees what waits, reads the request with what would leave, and decides in part; the recipient reads exactly that', async () => {
    const { requestId, conferenceId } = await asked(['Seen at the docks.', 'Named a sister.', 'Owes money.'])
    const home = await chair.open('/console')
    expect(home.text).toContain(`href="${at(requestId)}"`)
    const list = await chair.open('/console/permissions?waiting=me&urgency=routine')
    expect(list.text).toContain('Waiting for you')
    expect((await chair.open('/console/permissions?waiting=me&urgency=urgent')).text).not.toContain(requestId)
    const page = await chair.open(at(requestId))
    for (const said of [
      'The visit cannot be planned without it.',
      'Managing risk',
      'Paragraph 3 of the minutes',
      'asked for the disclosure',
    ])
      expect(page.text).toContain(said)
    expect(page.text).not.toContain('Seen at the docks.')
    await house.acknowledge(conferenceId, 'chair')
    const looked = await chair.send(at(requestId), { justification: 'To decide it' })
    for (const said of ['Seen at the docks.', 'Named a sister.', 'Read by chair, Ridings Police', 'FOIA 2000 s.30(1)(b)'])
      expect(looked.text).toContain(said)
    const { form, check, done } = await decide(requestId, (seen) => ({ decision: 'grant-part', paragraphs: partsIn(seen).slice(0, 2) }))
    expect(partsIn(form)).toHaveLength(3)
    expect(check.text).toContain('Check your answers')
    expect(await permissions(requestId)).toBe(0)
    const decided = await done()
    expect([decided.status, decided.text.includes('The permission is given.'), decided.text.includes('What happens next')]).toEqual([
      200,
      true,
      true,
    ])
    const own = await analyst.open(at(requestId))
    const way = /action="(\/console\/permissions\/granted\/[^"]+)"/.exec(own.text)![1]!
    const reasons = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Visit on Monday' }
    const read = await analyst.send(way, { ...reasons, _step: 'read' })
    expect(read.text).toContain('Named a sister.')
    expect(read.text).not.toContain('Owes money.')
    expect(read.text.match(/Read by analyst, Ridings Police/g)).toHaveLength(2)
    expect((await chair.open(at(requestId))).text).toMatch(/Read under this permission[\s\S]+analyst, Ridings Police/)
  })

  it('fills the last day in: the sooner of 112 days and the next review', async () => {
    const { requestId } = await asked(['One.'])
    const form = await chair.open(at(requestId, '/decide'))
    const { 'expiresOn-day': d, 'expiresOn-month': m, 'expiresOn-year': y } = day(form) as Record<string, string>
    const last = Date.UTC(Number(y), Number(m) - 1, Number(d))
    expect(Math.round((last - Date.now()) / 86_400_000)).toBeGreaterThanOrEqual(110)
    expect(Math.round((last - Date.now()) / 86_400_000)).toBeLessThanOrEqual(112)
  })

  it('who sends a decision twice has decided once', async () => {
    const { requestId } = await asked(['One.'])
    const { done } = await decide(requestId, () => ({ decision: 'grant-whole' }))
    for (const seen of await Promise.all([done(), done()])) expect([seen.status, seen.text.includes('is given')]).toEqual([200, true])
    expect(await permissions(requestId)).toBe(1)
  })

  it('is told what changed since the page was opened, keeps what was typed, and can decide then', async () => {
    const { requestId } = await asked(['One.'])
    const form = await chair.open(at(requestId, '/decide'))
    const typed = { version: hiddenIn(form, 'version'), ...day(form), ...findings, decision: 'grant-whole', necessity: 'Typed before.' }
    const words = { text: 'A house should be visited by two.' }
    await house.as('analyst').post(`/v1/disclosure-requests/${requestId}/wordings`, words)
    for (const step of [
      { _step: '', _key: '' },
      { _step: 'confirm', _key: `stale-${requestId}` },
    ]) {
      const seen = await chair.send(at(requestId, '/decide'), { ...typed, ...step })
      expect(seen.status).toBe(422)
      expect(seen.text).toContain('analyst of Ridings Police proposed a form of words')
      expect(seen.text).toContain('Typed before.')
      expect(hiddenIn(seen, 'version')).toBe('2')
    }
    expect(await permissions(requestId)).toBe(0)
    const again = await chair.send(at(requestId, '/decide'), { ...typed, version: '2', _step: 'confirm', _key: `fresh-${requestId}` })
    expect([again.status, await permissions(requestId)]).toEqual([200, 1])
  })

  it('is shown what cannot be, at the field it is about, and nothing is decided', async () => {
    const { requestId } = await asked(['One.'])
    const { done } = await decide(requestId, () => ({ decision: 'grant-part' }))
    const seen = await done()
    expect([seen.status, seen.text.includes('href="#paragraphs"'), await permissions(requestId)]).toEqual([422, true, 0])
    const unfound = await chair.send(at(requestId, '/decide'), {
      version: '1',
      decision: 'grant-whole',
      ...findings,
      article8Grounds: [],
      _step: 'confirm',
      _key: `unfound-${requestId}`,
      ...day(seen),
    })
    expect([unfound.status, unfound.text.includes('href="#article8Grounds"'), await permissions(requestId)]).toEqual([422, true, 0])
    const bare = await chair.send(at(requestId, '/decide'), { version: '1', decision: 'refuse' })
    expect([bare.status, bare.text.includes('Enter an answer: Necessity: what you found')]).toEqual([422, true])
  })

  it('whose session is over comes back to the same page with nothing done', async () => {
    const { requestId } = await asked(['One.'])
    const { typed } = await decide(requestId, () => ({ decision: 'grant-whole' }))
    const visitor = makeVisitor(house.url)
    const seen = await visitor.send(at(requestId, '/decide'), { ...typed, _token: chair.token(), _step: 'confirm' })
    expect(seen.url).toContain(`sign-in?to=${encodeURIComponent(at(requestId, '/decide'))}`)
    expect(await permissions(requestId)).toBe(0)
  })

  it('sees what is asked of the record, and lets out the fields that are ticked', async () => {
    const home = { category: 'accommodation', supplierAgencyId: 'calder-housing', fields: ['tenure', 'arrears', 'neighbourComplaints'] }
    const scene = await house.scene(['One.'])
    const requestId = await house.requested(scene, { records: [home] })
    const page = await chair.open(at(requestId))
    for (const said of ['Of the record: accommodation', 'Tenure, ', 'No permission makes']) expect(page.text).toContain(said)
    const { done } = await decide(requestId, () => ({ decision: 'grant-part', records: ['accommodation calder-housing tenure'] }))
    expect((await done()).text).toContain('is given')
    const text = 'select r.fields from permission_record r join permission m on m.id = r.permission_id where m.request_id = $1'
    expect((await house.database.owner.query({ text, values: [requestId] })).rows).toEqual([{ fields: ['tenure'] }])
  })

  it('revokes, and from then on nothing is read', async () => {
    const { requestId } = await asked(['One.'])
    const permissionId = await house.granted(requestId)
    const list = await chair.open('/console/permissions/in-force')
    const way = `/console/permissions/granted/${permissionId}/revoke`
    expect(list.text).toContain(`href="${way}"`)
    await chair.open(way)
    const done = await chair.send(way, { why: 'Not needed any more', _step: 'confirm', _key: `revoke-${permissionId}` })
    expect(done.text).toContain('The permission is revoked.')
    expect((await house.retrieve(permissionId, 'analyst')).body.code).toBe('chair-revoked')
    expect((await chair.open('/console/permissions/in-force')).text).not.toContain(permissionId)
  })
})

describe('what is argued about a request', () => {
  it('is asked, answered, worded, accepted and withdrawn on its pages', async () => {
    const { requestId, conferenceId } = await asked(['One.'])
    await chair.open(at(requestId, '/ask'))
    await chair.send(at(requestId, '/ask'), { text: 'Which visit is it?', _step: 'confirm', _key: `ask-${requestId}` })
    expect((await analyst.open('/console')).text).toContain(`href="${at(requestId, '/answer')}"`)
    await analyst.open(at(requestId, '/answer'))
    await analyst.send(at(requestId, '/answer'), { text: 'The one on Monday.', _step: 'confirm', _key: `answer-${requestId}` })
    await analyst.send(at(requestId, '/words'), { text: 'Two officers should go.', _step: 'confirm', _key: `words-${requestId}` })
    await house.attend(conferenceId, { analyst: 'attended' })
    const words = await analyst.open(at(requestId, '/accept'))
    expect(words.text).toContain('Two officers should go.')
    const accepted = await analyst.send(at(requestId, '/accept'), {
      ...{ hash: hiddenIn(words, 'hash'), _step: 'confirm', _key: `accept-${requestId}` },
    })
    expect(accepted.text).toContain('Your agency has accepted these words.')
    const page = await chair.open(at(requestId))
    for (const said of ['Which visit is it?', 'The one on Monday.', 'Two officers should go.', 'Accepted by Ridings Police'])
      expect(page.text).toContain(said)
    await analyst.open(at(requestId))
    const gone = await analyst.send(at(requestId, '/withdraw'), { text: 'Done already', _step: 'confirm', _key: `off-${requestId}` })
    expect(gone.text).toContain('The request is withdrawn.')
  })

  it('is nobody else’s: a stranger gets the page of a request that is not there', async () => {
    const { requestId } = await asked(['One.'])
    const landlord = makeVisitor(house.url)
    await landlord.signIn('landlord')
    const plain = ({ status, text }: Seen) => [status, text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')]
    const real = await landlord.open(at(requestId))
    expect(real.status).toBe(404)
    expect(plain(real)).toEqual(plain(await landlord.open(at('01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e02'))))
  })
})

describe('a practitioner', () => {
  it('reads the minutes, watermarked, and asks the chair to release a paragraph to somebody', async () => {
    const { conferenceId, offenderId, paragraphs } = await house.scene(['Seen at the docks.'])
    const papers = `/console/conferences/${conferenceId}/minutes`
    const reasons = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing', form: 'minutes', manner: 'view' }
    await analyst.open(papers)
    expect((await analyst.send(papers, reasons)).text).toContain('About the reason “not-attendee”')
    await house.attend(conferenceId, { analyst: 'attended' })
    const statement = `/console/conferences/${conferenceId}/statement`
    const text = await analyst.open(statement)
    const agreed = { statementVersion: hiddenIn(text, 'statementVersion'), statementHash: hiddenIn(text, 'statementHash') }
    const done = await analyst.send(statement, { ...agreed, _step: 'confirm', _key: `agree-${conferenceId}` })
    expect(done.text).toContain('You have agreed')
    expect((await analyst.open(`/console/conferences/${conferenceId}/attendance`)).text).toContain('You have agreed to it')
    const read = await analyst.send(papers, reasons)
    expect(read.text).toContain('Seen at the docks.')
    expect(read.text.match(/Read by analyst, Ridings Police/g)).toHaveLength(2)
    expect((await analyst.send(papers, { ...reasons, manner: 'print' })).text).toContain('About the reason “copy-prohibited”')
    const form = await analyst.send('/console/permissions/new', {
      _step: 'open',
      conferenceId,
      offenderId,
      paragraphId: String(paragraphs[0]!.paragraphId),
      scope: 'paragraph',
    })
    expect([form.status, hiddenIn(form, 'offenderId')]).toEqual([200, offenderId])
    const request = {
      ...{
        conferenceId,
        offenderId,
        paragraphId: String(paragraphs[0]!.paragraphId),
        scope: 'paragraph',
        urgency: 'soon',
        what: 'The docks',
      },
      ...{ recipientAgencyId: 'ridings-probation', recipientSub: 'case-manager', purpose: 'risk-management', legalGateway: 'dpa35-task' },
      ...{ necessity: 'For the visit', proportionality: 'One paragraph', lessIntrusive: 'None names the place' },
    }
    const wrong = await analyst.send('/console/permissions/new', {
      ...request,
      recipientSub: 'nobody-there',
      _step: 'confirm',
      _key: 'n-1',
    })
    expect([wrong.status, wrong.text.includes('href="#recipientSub"')]).toEqual([422, true])
    const sent = await analyst.send('/console/permissions/new', { ...request, _step: 'confirm', _key: 'n-2' })
    expect(sent.text).toContain('Your request is with the chair.')
    const list = await chair.open(`/console/permissions?conferenceId=${conferenceId}`)
    expect(list.text).toContain('case-manager, Ridings Probation')
  })

  it('opens an emergency access from a person found; a chair and an officer review it', async () => {
    const offenderId = await house.person({ cohort: 'ppo', strand: 'catch-and-control', lead: 'ridings-probation' })
    const threat = { threat: 'Said that he would kill her tonight.', atRisk: 'A former partner.', whyNotOrdinary: 'Nobody can be reached.' }
    const asked = { offenderId, legalGateway: 'vital-interests', condition: 'sch8-3', ...threat }
    expect((await analyst.send('/console/emergency/new', { _step: 'open', offenderId })).status).toBe(200)
    expect((await analyst.send('/console/emergency/new', asked)).text).toContain('Check your answers')
    const opened = await analyst.send('/console/emergency/new', { ...asked, _key: 'an-emergency', _step: 'confirm' })
    expect([opened.status, opened.text.includes('Inventworth')]).toEqual([200, true])
    const task = /href="(\/console\/emergency\/[^"]+)"/.exec((await chair.open('/console')).text)![1]!
    expect((await chair.open(task)).text).toContain('Said that he would kill her tonight.')
    const judged = { outcome: 'not-justified', justification: 'There was time to ask.', _step: 'confirm', _key: 'judge-1' }
    const decided = await chair.send(`${task}/decide`, judged)
    for (const said of ['Your decision is recorded: not justified', 'A breach is recorded']) expect(decided.text).toContain(said)
    await analyst.open('/console')
    expect((await analyst.send(`${task}/view`, {})).status).toBe(403)
  })
})

describe('acting for the chair', () => {
  it('is offered, accepted and ended on its pages', async () => {
    const dates = { 'fromAt-day': '1', 'fromAt-month': '1', 'fromAt-year': '2026', 'toAt-day': '1', 'toAt-month': '1', 'toAt-year': '2100' }
    const whom = { deputyAgencyId: 'ridings-probation', deputySub: 'deputy', areaId: 'calder', acts: ['decide-disclosure'] }
    await chair.open('/console/delegations/new')
    const given = await chair.send('/console/delegations/new', { ...whom, ...dates, _step: 'confirm', _key: 'deputy-1' })
    expect(given.text).toContain('deputy is asked to act for you.')
    const deputy = makeVisitor(house.url)
    await deputy.signIn('deputy')
    const list = await deputy.open('/console/delegations')
    const ways = [...list.text.matchAll(/href="(\/console\/delegations\/[^"]+)\/answer"/g)].map((found) => found[1]!)
    const way = ways.at(-1)!
    const yes = await deputy.send(`${way}/answer`, { decision: 'accept', _step: 'confirm', _key: 'deputy-2' })
    expect(yes.text).toContain('You act for the chair.')
    const scene = await house.scene(['One.'])
    const requestId = await house.requested(scene, to('chair'), 'chair')
    expect((await deputy.open('/console/permissions?waiting=me')).text).toContain(requestId)
    await chair.open('/console')
    const ended = await chair.send(`${way}/end`, { why: 'Back at work', _step: 'confirm', _key: 'deputy-3' })
    expect(ended.text).toContain('The delegation has ended.')
  })
})

describe('who keeps a meeting', () => {
  it('invites and records who was there, and nobody records themselves', async () => {
    const { conferenceId } = await house.meeting()
    const spoc = makeVisitor(house.url)
    await spoc.signIn('spoc')
    const base = `/console/conferences/${conferenceId}`
    expect((await spoc.open(base)).text).toContain('Read the minutes')
    await spoc.send(`${base}/invite`, { people: 'fresh-steps keyworker\nridings-police analyst', _step: 'confirm', _key: 'inv-1' })
    const unknown = await spoc.send(`${base}/invite`, { people: 'fresh-steps no-such', _step: 'confirm', _key: 'inv-2' })
    expect([unknown.status, unknown.text.includes('href="#people"')]).toEqual([422, true])
    const one = { agencyId: 'fresh-steps', sub: 'keyworker', part: 'invited' }
    await spoc.send(`${base}/attendance/record`, { ...one, state: 'apologies', _step: 'confirm', _key: 'att-1' })
    const own = { agencyId: 'ridings-partnership', sub: 'spoc', part: 'spoc', state: 'attended' }
    const self = await spoc.send(`${base}/attendance/record`, { ...own, _step: 'confirm', _key: 'att-2' })
    expect(self.text).toContain('About the reason “separation-of-duties”')
    const { text } = await spoc.open(`${base}/attendance`)
    expect(text).toMatch(/Kit Keyworker[\s\S]+Apologies/)
    expect(text).toContain('Ash Analyst')
  })
})

describe('a look at a request', () => {
  it('is what the interface does: one reading, one enquiry, each logged for the reason that was typed', async () => {
    const { requestId, conferenceId } = await asked(['One.'])
    await house.acknowledge(conferenceId, 'chair')
    await chair.open('/console/permissions')
    const logged = () => countEntries(house.database, `convert_from(p.canonical, 'UTF8') like '%Only to decide this%'`)
    const seen = await chair.send(at(requestId), { justification: '' })
    expect([seen.status, seen.text.includes('href="#justification"'), await logged()]).toEqual([422, true, 0])
    await chair.send(at(requestId), { justification: 'Only to decide this' })
    expect(await logged()).toBeGreaterThanOrEqual(2)
    const reply = await house.read(conferenceId, 'chair')
    expect(textsOf(reply)).toEqual(['One.'])
  })
})

describe('hostile text that somebody else wrote is shown as it is written and does nothing', () => {
  it('in a request, its words, what was asked and answered, and the paragraphs', async () => {
    const scene = await house.scene([nastyText])
    const { conferenceId } = scene
    await house.acknowledge(conferenceId, 'chair')
    const said = { what: nastyText, necessity: nastyText, proportionality: nastyText, lessIntrusive: nastyText, formOfWords: nastyText }
    const requestId = await house.requested(scene, { ...said, riskAssessment: nasty[1], bestInterestsNote: nastyText })
    const base = `/v1/disclosure-requests/${requestId}`
    await house.as('chair').post(`${base}/information-requests`, { text: nastyText })
    await house.as('analyst').post(`${base}/information-answers`, { text: nastyText })
    const reasons = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Reading', form: 'minutes', manner: 'view' }
    const pages = [
      await chair.send(at(requestId), { justification: 'To decide it' }),
      await chair.open(at(requestId, '/decide')),
      await chair.send(at(requestId, '/decide'), { decision: 'grant-whole', necessity: nastyText, version: '1' }),
      await chair.send(at(requestId, '/ask'), { text: nastyText }),
      await chair.open(at(requestId, '/accept')),
      await chair.send(`/console/conferences/${conferenceId}/minutes`, reasons),
      await chair.send('/console/permissions/new', { _step: 'open', conferenceId: nastyText, offenderId: nastyText, what: nastyText }),
      await chair.send('/console/emergency/new', { _step: 'open', offenderId: nastyText, threat: nastyText }),
      await chair.send('/console/delegations/new', { deputySub: nastyText, areaId: nastyText }),
      await chair.send(`/console/conferences/${conferenceId}/invite`, { people: nastyText }),
    ]
    for (const { text, status } of pages) {
      expect(status).toBeLessThan(500)
      expectHarmless(text)
      expect(readBack(text)).toContain(nasty[0])
    }
  })
})

describe('the list of requests', () => {
  it('narrowed to a state holds those that say they stand so, and no others', async () => {
    await house.as('chair').post(`/v1/disclosure-requests/${(await asked(['One.'])).requestId}/information-requests`, { text: 'Why now?' })
    await house.decide((await asked(['One.'])).requestId, { decision: 'refuse' })
    const over = await house.granted((await asked(['One.'])).requestId)
    const { owner } = house.database
    await owner.query({ text: 'alter table permission disable trigger all' })
    const past = `update permission set from_at = from_at - interval '2 days', expires_at = statement_timestamp() - interval '1 day' where id = $1`
    await owner.query({ text: past, values: [over] })
    await owner.query({ text: 'alter table permission enable trigger all' })
    const listed = async (query: string) =>
      (await house.as('chair').get(`/v1/disclosure-requests?limit=100${query}`)).body.requests as readonly Json[]
    const all = await listed('')
    const states = ['submitted', 'info-requested', 'refused', 'withdrawn', 'active', 'expired', 'revoked']
    expect(states.filter((state) => !all.some((one) => one.state === state))).toEqual([])
    for (const state of states) expect(await listed(`&state=${state}`)).toEqual(all.filter((one) => one.state === state))
    expect(await listed('&state=open')).toEqual(all.filter((one) => one.state === 'submitted' || one.state === 'info-requested'))
  })
})
