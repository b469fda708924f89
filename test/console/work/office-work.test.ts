import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { daysAfter, londonDay } from '../../../src/core/london.ts'
import { giverByReceiver, peopleAgainstPeers } from '../../../src/http/console/pages/log/pictures/draw-counts.ts'
import { storyId } from '../../../src/sandbox/people/story.ts'
import { appointOfficer, indexed } from '../../evidence/log-search/support.ts'
import { type Disclosures, openDisclosures } from '../../disclosure/support.ts'
import { emergencyIn, open as openEmergency } from '../../emergency/support.ts'
import { attendAndRead, requestOf } from '../../foi/support.ts'
import { must } from '../../journeys/support/agree.ts'
import { enquire } from '../../journeys/support/requests.ts'
import type { Json } from '../../support/ask.ts'
import { countEntries, entryOf } from '../../support/logged.ts'
import { unzipped } from './unzipped.ts'
import { formsIn } from '../support/html-form.ts'
import { makeVisitor, type Seen, type Visitor } from '../support/visitor.ts'

let house: Disclosures
const visitors = new Map<string, Visitor>()
const as = async (name: string): Promise<Visitor> => {
  const known = visitors.get(name) ?? makeVisitor(house.url)
  if (!visitors.has(name)) await known.signIn(name)
  visitors.set(name, known)
  return known
}
const reading = { purpose: 'lawfulness', justification: 'Complaint 15 of 2026' }
const dayOf = (name: string, on: string) => {
  const [year = '', month = '', day = ''] = on.split('-')
  return { [`${name}-day`]: day, [`${name}-month`]: month, [`${name}-year`]: year }
}
beforeAll(async () => {
  house = await openDisclosures()
  await enquire(house.as('analyst'), 'jordan', 'identity health-mental')
  await indexed(house)
})
afterAll(() => house.close())

/** The fields of a form with a question of this name, as the page has them. */
const choicesOf = (seen: Seen, name: string): readonly string[] =>
  formsIn(seen.text)
    .flatMap(({ controls }) => controls)
    .find((control) => control.name === name)?.values ?? []
const chosenIn = ({ text }: Seen, name: string): string | undefined =>
  new RegExp(`<select[^>]* name="${name}"[\\s\\S]*?<option value="([^"]*)" selected`).exec(text)?.[1]

describe('the lists of the access log explorer', () => {
  const at = '/console/log/search'
  it('hold agencies, systems, rules with their paragraphs and agreements; what is chosen stays chosen and is what is searched for', async () => {
    const officer = await as('ig-officer')
    const form = await officer.open(at)
    expect(form.text).toContain('Ridings Police</option>')
    expect(form.text).toMatch(/value="r21-no-copy"[^>]*>r21-no-copy: Case Conferencing Guidance 2009/)
    expect(form.text).toMatch(/\(FRESH-STEPS-WORK-009\)<\/option>/)
    expect(choicesOf(form, 'clientId')).toContain('ridings-partnership-console')
    expect(choicesOf(form, 'clientId')).not.toContain('ridings-police-records')
    const shown = await officer.send(at, { _step: 'systems', ...reading, agencyId: 'ridings-police', ruleId: 'r21-no-copy' })
    expect(choicesOf(shown, 'clientId')).toContain('ridings-police-records')
    expect([chosenIn(shown, 'agencyId'), chosenIn(shown, 'ruleId')]).toEqual(['ridings-police', 'r21-no-copy'])
    const filter = { agencyId: 'ridings-police', clientId: 'ridings-police-records', systemsOf: 'ridings-police', period: 'any' }
    const found = await officer.send(at, { _step: 'search', ...reading, ...filter })
    expect(found.text).toMatch(/[1-9]\d* entr(y|ies)</)
    const entryId = /access log as entry <code>([^<]+)</.exec(found.text)![1]!
    const { systemsOf: _systems, period: _period, ...searched } = filter
    expect((await entryOf(house.database, { entryId })).filter).toEqual(searched)
    const again = await officer.send(at, { ...reading, ...filter })
    expect(chosenIn(again, 'clientId')).toBe('ridings-police-records')
  })

  it('offers an agency’s own officer the systems of that agency alone', async () => {
    await appointOfficer(house, 'ridings-health', 'nurse')
    const officer = await as('nurse')
    expect(choicesOf(await officer.open(at), 'clientId')).toContain('ridings-health-records')
    const others = await officer.send(at, { _step: 'systems', agencyId: 'ridings-police' })
    expect([choicesOf(others, 'clientId'), others.text.includes('You may see no systems of Ridings Police')]).toEqual([[''], true])
    // Nobody of theirs is offered either: who asked is typed, as their own entries have it.
    expect(choicesOf(others, 'personSub')).toEqual([''])
    expect(others.text).toMatch(/<input[^>]*name="personSub"/)
  })

  it.each([
    ['agencyId', 'no-such-agency'],
    ['clientId', 'no-such-system'],
    ['ruleId', 'no-such-rule'],
    ['agreementId', storyId('jordan')],
    ['operation', 'noSuchOperation'],
    ['personSub', 'no-such-person'],
  ])('an unknown %s is said to be none, and nothing is searched for', async (name, value) => {
    const officer = await as('ig-officer')
    await officer.open(at)
    const searches = () => countEntries(house.database, `p.event = 'log-queried'`)
    const before = await searches()
    const seen = await officer.send(at, { _step: 'search', ...reading, period: 'any', [name]: value })
    expect([seen.status, seen.text.includes('There is a problem'), seen.text.includes(`href="#${name}"`)]).toEqual([422, true, true])
    expect(await searches()).toBe(before)
  })
})

describe('entries for somebody outside', () => {
  const bundle = async (fields: Record<string, string | readonly string[]>) => {
    const officer = await as('ig-officer')
    await officer.open('/console/log/bundle')
    const body = new URLSearchParams({ _token: officer.token(), ...reading, period: 'any' })
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one as string)
    const cookie = [...officer.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, origin: house.url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
    const reply = await fetch(`${house.url}/console/log/bundle`, { method: 'POST', headers, body: body.toString() })
    return { reply, bytes: Buffer.from(await reply.arrayBuffer()) }
  }

  it('are one file: the entries without what was to be left out, a manifest of exactly them, and their proof', async () => {
    const { reply, bytes } = await bundle({ subject: storyId('jordan'), leaveOut: ['justification', 'staff', 'person'] })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/zip'])
    const files = unzipped(bytes)
    expect([...files.keys()]).toEqual(['README.txt', 'entries-1.csv', 'manifest-1.json', 'proof-1.json'])
    const csv = files.get('entries-1.csv')!
    const manifest = JSON.parse(files.get('manifest-1.json')!) as Json
    expect(manifest).toMatchObject({
      sha256: createHash('sha256').update(csv).digest('hex'),
      leftOut: ['justification', 'staff', 'person'],
    })
    const all = [...files.values()].join('\n')
    for (const kept of [storyId('jordan'), '"analyst"', 'Preparing the Calder conference']) expect(all).not.toContain(kept)
    expect(csv).toContain('[left out]')
    const proof = JSON.parse(files.get('proof-1.json')!) as { readonly leaves: readonly { readonly entryId: string }[] }
    expect(proof.leaves.length).toBe(manifest['entries'])
    for (const { entryId } of proof.leaves) expect(csv).toContain(entryId)
    // The control: asked for with nothing left out, the same file has it.
    const whole = unzipped((await bundle({ subject: storyId('jordan') })).bytes)
    for (const kept of [storyId('jordan'), '"analyst"']) expect(whole.get('entries-1.csv')).toContain(kept)
  })

  it('are asked for with a reason, and of nobody there is no file', async () => {
    const empty = await bundle({ justification: '', subject: '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e97' })
    expect([empty.reply.status, empty.bytes.toString().includes('href="#period"')]).toEqual([422, true])
    const officer = await as('ig-officer')
    await officer.open('/console/log/bundle')
    const silent = await officer.send('/console/log/bundle', { period: 'any' })
    expect([silent.status, silent.text.includes('href="#purpose"'), silent.text.includes('href="#justification"')]).toEqual([
      422,
      true,
      true,
    ])
  })
})

describe('a person’s rights', () => {
  it('something is withheld on a ground until a day, and stands in no list of who received the data', async () => {
    const officer = await as('dpo')
    const today = londonDay(new Date())
    const letter = { reference: 'SAR-OFF-1', offenderId: storyId('jordan'), receivedOn: today, identityConfirmedOn: today }
    const { requestId } = must(await house.as('dpo').post('/v1/rights-requests', letter), 201)
    const at = `/console/rights/${String(requestId)}/usages`
    await officer.open(at)
    const before = await officer.send(at, { as: 'page' })
    expect(before.text).toContain('risk-management: identity')
    await officer.open('/console/rights/withhold')
    const kept = {
      offenderId: storyId('jordan'),
      purpose: 'risk-management',
      ground: 'inquiry',
      reasons: 'It would warn those looked into.',
    }
    const late = await officer.send('/console/rights/withhold', { ...kept, ...dayOf('lapsesOn', today), _key: 'keep-0', _step: 'confirm' })
    expect([late.status, late.text.includes('href="#lapsesOn-day"')]).toEqual([422, true])
    const check = await officer.send('/console/rights/withhold', { ...kept, ...dayOf('lapsesOn', daysAfter(today, 30)) })
    expect(check.text).toContain('Not to obstruct an inquiry')
    const sent = { ...kept, ...dayOf('lapsesOn', daysAfter(today, 30)), _key: 'keep-1', _step: 'confirm' }
    expect((await officer.send('/console/rights/withhold', sent)).text).toContain('It is withheld until')
    await officer.open(at)
    const csv = await officer.send(at, { as: 'csv' })
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="who-received-[0-9a-f-]+\.csv"$/)
    expect(csv.text.split('\r\n')[0]).toBe('"When","Who received it","From","What for"')
    expect(csv.text).not.toContain('risk-management: identity')
  })
})

describe('a request for information', () => {
  it('is decided on a paragraph chosen from those that were read, on several exemptions, and the originator says what it thinks', async () => {
    const scene = await house.scene([{ text: 'From elsewhere.', originatorAgencyId: 'ridings-probation' }])
    await attendAndRead(house, scene.conferenceId)
    const { requestId } = must(await house.as('foi-officer').post('/v1/foi-requests', requestOf()), 201)
    const at = `/console/foi/${String(requestId)}`
    const officer = await as('foi-officer')
    const form = await officer.open(`${at}/decide`)
    const paragraph = `${scene.conferenceId} ${String(scene.paragraphs[0]!['paragraphId'])}`
    expect(choicesOf(form, 'paragraph')).toEqual(['', 'whole', paragraph])
    const first = { exemption: 'foia-40-2', condition: 'first', principle: 'lawful-fair-transparent' }
    const asked = { paragraph, outcome: 'withhold', reasons: 'It names people.', ...first }
    const more = await officer.send(`${at}/decide`, { ...asked, _step: 'more' })
    expect([choicesOf(more, 'exemption-2').length > 3, choicesOf(more, 'exemption-3')]).toEqual([true, []])
    expect(chosenIn(more, 'principle')).toBe('lawful-fair-transparent')
    const second = { 'exemption-2': 'foia-30-1-b' }
    const bare = await officer.send(`${at}/decide`, { ...asked, ...second, _key: 'foi-off-1', _step: 'confirm' })
    expect([bare.status, bare.text.includes('href="#interest-2"')]).toEqual([422, true])
    const weighing = {
      'hush-2': 'yes',
      'interest-2': 'maintained',
      'maintaining-2': 'effective-investigation',
      'disclosing-2': 'accountability',
    }
    const sent = { ...asked, ...second, ...weighing }
    const strange = await officer.send(`${at}/decide`, { ...sent, paragraph: `${scene.conferenceId} ${storyId('jordan')}` })
    expect([strange.status, strange.text.includes('href="#paragraph"')]).toEqual([422, true])
    expect((await officer.send(`${at}/decide`, sent)).text).toContain('Exemption 2: on which exemption?')
    const done = await officer.send(`${at}/decide`, { ...sent, _key: 'foi-off-2', _step: 'confirm' })
    expect(done.text).toContain('ridings-probation was asked for its view')
    const file = must(await house.as('foi-officer').get(`/v1/foi-requests/${String(requestId)}`), 200)
    expect((file['decisions'] as readonly Json[])[0]!['grounds']).toMatchObject([
      { exemption: 'foia-40-2' },
      { exemption: 'foia-30-1-b', whyWouldReveal: true, publicInterest: { decision: 'maintained' } },
    ])
    expect((await officer.open(at)).text).toContain('no answer yet')
    await answered(at)
    expect((await officer.open(at)).text).toContain('was asked: no objection')
  })

  const answered = async (at: string): Promise<void> => {
    const member = await as('case-manager')
    const home = await member.open('/console')
    const task = new RegExp(`href="(${at}/consultation\\?paragraphId=[^"]+)"`).exec(home.text)![1]!
    const form = await member.open(task)
    const [paragraphId] = choicesOf(form, 'paragraphId')
    const empty = await member.send(`${at}/consultation`, { paragraphId: paragraphId! })
    expect([empty.status, empty.text.includes('href="#view"')]).toEqual([422, true])
    const view = { paragraphId: paragraphId!, view: 'no-objection', reasons: 'Known to all.' }
    expect((await member.send(`${at}/consultation`, { ...view, _key: 'view-1', _step: 'confirm' })).text).toContain('answer is recorded')
  }
})

describe('emergency accesses', () => {
  it('stand in a list for those who review them, waiting until both have decided; nobody finds their own', async () => {
    const emergencyId = String(emergencyIn(await openEmergency(house, 'case-manager', 'robin'))['emergencyId'])
    const groups = async (name: string): Promise<readonly boolean[]> => {
      const { text } = await (await as(name)).open('/console/emergency')
      return text
        .split('<h2')
        .slice(1)
        .map((group) => group.includes(`/console/emergency/${emergencyId}`))
    }
    expect([await groups('ig-officer'), await groups('chair')]).toEqual([
      [true, false, false],
      [true, false, false],
    ])
    const decision = { step: 'decision', outcome: 'justified', justification: 'She was in danger.' }
    must(await house.as('chair').post(`/v1/emergency-accesses/${emergencyId}/reviews`, decision), 201)
    expect([await groups('ig-officer'), await groups('chair')]).toEqual([
      [true, false, false],
      [false, true, false],
    ])
    must(await house.as('ig-officer').post(`/v1/emergency-accesses/${emergencyId}/reviews`, decision), 201)
    expect(await groups('chair')).toEqual([false, false, true])
    const { status, body } = await house.as('case-manager').get('/v1/emergency-accesses')
    expect([status, body['code']]).toEqual([403, 'need-to-know'])
    const seen = must(await house.as('ig-officer').get('/v1/emergency-accesses?limit=1'), 200)
    expect(JSON.stringify(seen)).not.toContain(storyId('robin'))
  })

  it('are told to no chair of another area', async () => {
    const { owner } = house.database
    await owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, area_id, from_at)
             values (gen_random_uuid(), 'ridings-probation', 'case-manager', 'chair', 'wharfe', '2026-01-01')`,
    })
    const own = must(await house.as('case-manager').get('/v1/emergency-accesses'), 200)
    expect(own['accesses']).toEqual([])
    expect((must(await house.as('ig-officer').get('/v1/emergency-accesses'), 200)['accesses'] as unknown[]).length).toBeGreaterThan(0)
  })
})

describe('who was in the room', () => {
  it('is recorded for several people at once, by name; what was left as it is stays as it is, and nobody writes themselves in', async () => {
    const { conferenceId } = await house.meeting()
    await house.attend(conferenceId, { nurse: 'apologies' })
    const people = ['keyworker', 'analyst'].map((name) => ({ agencyId: name === 'analyst' ? 'ridings-police' : 'fresh-steps', sub: name }))
    must(await house.as('spoc').post(`/v1/conferences/${conferenceId}/invitations`, { people }), 201)
    const at = `/console/conferences/${conferenceId}/attendance/all`
    const spoc = await as('spoc')
    const form = await spoc.open(at)
    const nameOf = (who: string): string => new RegExp(`${who}, [\\s\\S]*?name="(there-[^"]+)"`).exec(form.text)![1]!
    const [keyworker, analyst, nurse, own] = ['Kit Keyworker', 'Ash Analyst', 'Nico Nurse', 'Sol Spoc'].map(nameOf) as [
      string,
      string,
      string,
      string,
    ]
    expect([choicesOf(form, keyworker), choicesOf(form, own)]).toEqual([
      ['as-it-is', 'attended', 'apologies', 'invited-absent'],
      ['as-it-is', 'apologies', 'invited-absent'],
    ])
    const untouched = { [keyworker]: 'as-it-is', [analyst]: 'as-it-is', [nurse]: 'as-it-is', [own]: 'as-it-is' }
    const none = await spoc.send(at, untouched)
    expect([none.status, none.text.includes('Choose for at least one person')]).toEqual([422, true])
    const chosen = { ...untouched, [keyworker]: 'attended', [analyst]: 'invited-absent' }
    const check = await spoc.send(at, chosen)
    expect(check.text).toMatch(/Kit Keyworker[\s\S]*Attended/)
    expect(check.text).not.toContain('Nico Nurse')
    expect((await spoc.send(at, { ...chosen, _key: 'room-1', _step: 'confirm' })).text).toContain('2 people are recorded.')
    const { participants } = must(await house.as('spoc').get(`/v1/conferences/${conferenceId}/attendance`), 200)
    const states = Object.fromEntries((participants as readonly Json[]).map(({ sub, state, part }) => [sub, [part, state]]))
    expect(states).toMatchObject({
      ...{ keyworker: ['invited', 'attended'], analyst: ['invited', 'invited-absent'], nurse: ['core-member', 'apologies'] },
      spoc: [null, null],
    })
    const writesSelf = await spoc.send(at, { ...untouched, [own]: 'attended', _key: 'room-2', _step: 'confirm' })
    expect(writesSelf.text).toContain('About the reason “separation-of-duties”')
  })
})

describe('a request for disclosure', () => {
  it('names who else gains by it, and none of them decides', async () => {
    const scene = await house.scene(['One.'])
    const analyst = await as('analyst')
    await analyst.open('/console')
    const said = { what: 'What was said.', necessity: 'Needed.', proportionality: 'No more.', lessIntrusive: 'Nothing less would do.' }
    const fields = { ...ids(scene), ...said, purpose: 'risk-management', legalGateway: 'dpa35-task', scope: 'all', urgency: 'routine' }
    const recipient = { recipientAgencyId: 'ridings-police', recipientSub: 'analyst' }
    const wrong = { ...fields, ...recipient, beneficiaries: 'ridings-police' }
    const seen = await analyst.send('/console/permissions/new', { ...wrong })
    expect([seen.status, seen.text.includes('href="#beneficiaries"')]).toEqual([422, true])
    const sent = { ...fields, ...recipient, beneficiaries: 'ridings-police chair\nfresh-steps keyworker', _key: 'gain-1', _step: 'confirm' }
    expect((await analyst.send('/console/permissions/new', sent)).text).toContain('with the chair')
    const { rows } = await house.database.owner.query<{ id: string; beneficiaries: unknown }>({
      text: 'select r.id, r.beneficiaries from disclosure_request r where r.conference_id = $1',
      values: [scene.conferenceId],
    })
    expect(rows.map(({ beneficiaries }) => beneficiaries)).toEqual([
      [
        { agencyId: 'ridings-police', sub: 'chair' },
        { agencyId: 'fresh-steps', sub: 'keyworker' },
      ],
    ])
    const decided = await house.decide(rows[0]!.id, { decision: 'grant-whole' }, 'chair', '"1"')
    expect([decided.status, decided.body['code']]).toEqual([403, 'self-approval'])
  })
  const ids = ({ conferenceId, offenderId }: { readonly conferenceId: string; readonly offenderId: string }) => ({
    conferenceId,
    offenderId,
  })

  it('comes out on paper where the chair allowed copies and it was asked for, and nowhere else', async () => {
    const secret = 'Seen at the docks.'
    const read = async (more: Json, manner: string): Promise<string> => {
      const scene = await house.scene([secret])
      const permissionId = await house.granted(await house.requested(scene), { decision: 'grant-whole', ...more })
      const analyst = await as('analyst')
      await analyst.open(`/console/permissions/granted/${permissionId}`)
      const why = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'The visit' }
      return (await analyst.send(`/console/permissions/granted/${permissionId}`, { _step: 'read', ...why, manner })).text
    }
    const onScreenOnly = (text: string) => [
      text.includes(secret),
      /console-paper console-screen-only/.test(text),
      text.includes('not on this paper'),
    ]
    expect(onScreenOnly(await read({ copies: true }, 'view'))).toEqual([true, true, true])
    expect(onScreenOnly(await read({ copies: true }, 'print'))).toEqual([true, false, false])
    const refused = await read({}, 'print')
    expect([refused.includes(secret), refused.includes('copy-prohibited')]).toEqual([false, true])
    expect(onScreenOnly(await read({ copies: true, handling: ['verbal-only'] }, 'print'))).toEqual([true, true, true])
  })
})

describe('an agreement', () => {
  it('is drafted by a single point of contact; what a signatory signs is a file of exactly that text', async () => {
    const { rows } = await house.database.owner.query<{ id: string }>({
      text: `select id from agreement where reference = 'CALDER-HOUSING-008'`,
    })
    const at = `/console/agreements/${rows[0]!.id}`
    const spoc = await as('spoc')
    expect((await spoc.open(at)).text).toContain('Renew it')
    await spoc.open(`${at}/renew`)
    const days = { ...dayOf('inForceFrom', '2032-01-01'), ...dayOf('inForceTo', '2033-12-31'), ...dayOf('reviewOn', '2033-10-01') }
    const drafted = await spoc.send(`${at}/renew`, { ...days, base: '1', _key: 'renew-1', _step: 'confirm' })
    expect(drafted.text).toContain('Version 2 is drafted.')
    const signatory = await as('signatory-calder-housing')
    const page = await signatory.open(`${at}/versions/2/sign`)
    const hash = /<code>([A-Za-z0-9_-]{43})<\/code>/.exec(page.text)![1]!
    const file = await signatory.send(`${at}/versions/2/signing-text`, { part: 'hash' })
    expect([file.text, file.headers.get('content-type')]).toEqual([hash, 'text/plain; charset=utf-8'])
    await signatory.open(`${at}/versions/2/sign`)
    const terms = await signatory.send(`${at}/versions/2/signing-text`, { part: 'terms' })
    expect(createHash('sha256').update(terms.text).digest('base64url')).toBe(hash)
    expect(JSON.parse(terms.text)).toMatchObject({ reference: 'CALDER-HOUSING-008', inForceFrom: '2032-01-01' })
  })
})

describe('the pictures of the log', () => {
  it('say agencies by their names, and by their id where the register has none', () => {
    const names = new Map([['ridings-police', 'Ridings Police']])
    const flows = [{ supplierAgencyId: 'ridings-police', recipientAgencyId: 'long-gone', entries: 4 }]
    const people = [{ agencyId: 'ridings-police', personSub: 'analyst', entries: 3, refused: 1, peers: 2, median: 2 }]
    const counts = { days: [], reasons: [], waits: [], flows, people }
    const [flow, person] = [giverByReceiver(counts, names), peopleAgainstPeers(counts, names)]
    expect([flow.rows[0], person.rows[0]?.[0]]).toEqual([['Ridings Police to long-gone', 4], 'analyst, Ridings Police'])
    for (const { svg } of [flow, person]) expect(svg).toContain('Ridings Police')
    expect(flow.svg).not.toContain('ridings-police')
  })
})
