import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { renewedDays } from '../../src/http/console/pages/agreements/draft/renewed-days.ts'
import { signAgreementHash } from '../../src/sandbox/signatures.ts'
import { landlord, openPackages, type Packages } from '../disclosure/package-support.ts'
import { to } from '../disclosure/support.ts'
import { emergencyOf } from '../emergency/support.ts'
import { must } from '../journeys/support/agree.ts'
import type { Json } from '../support/ask.ts'
import { countEntries } from '../support/logged.ts'
import { filledIn } from './support/html-form.ts'
import { makeVisitor, type Visitor } from './support/visitor.ts'

let house: Packages
const visitors = new Map<string, Visitor>()
const as = async (persona: string): Promise<Visitor> => {
  const visitor = visitors.get(persona) ?? makeVisitor(house.url)
  if (!visitors.has(persona)) await visitor.signIn(persona)
  visitors.set(persona, visitor)
  return visitor
}
beforeAll(async () => {
  house = await openPackages()
})
afterAll(() => house.close())

/** From an opened form over its check answers to what became of it. */
const go = async (persona: string, path: string, more: Readonly<Record<string, string | readonly string[]>> = {}) => {
  const visitor = await as(persona)
  const opened = await visitor.open(path)
  const check = await visitor.send(path, filledIn(opened, more))
  const done = await visitor.send(path, { ...filledIn(check, {}), _step: 'confirm' })
  return { opened, check, done }
}
const publicKey = (): string => JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }))
const signatory = 'signatory-ridings-probation'
const agreementOf = async (reference: string): Promise<string> => {
  const { rows } = await house.database.owner.query<{ id: string }>({
    text: 'select id from agreement where reference = $1',
    values: [reference],
  })
  return rows[0]!.id
}
const versionsOf = async (agreementId: string): Promise<readonly Json[]> =>
  must(await house.as('registrar').get(`/v1/agreements/${agreementId}`), 200)['versions'] as readonly Json[]

describe('a system’s key', () => {
  const at = '/console/agency/clients/spoc-test'
  it('is replaced with a day on which the old one and the new one are good, and either ends at once when told to', async () => {
    const client = { agencyId: 'ridings-partnership', clientId: 'spoc-test', name: 'Spoc test', binding: 'dpop' }
    must(await house.as('admin').post('/v1/clients', client), 201)
    await go('spoc', `${at}/keys/new`, { key: publicKey() })
    const { check, done } = await go('spoc', `${at}/keys/replace`, { key: publicKey() })
    expect(check.text).toContain('good for 24 hours more')
    expect(done.text).toMatch(/What was there before ends on \d+ \w+ \d{4} at/)
    const { rows } = await house.database.owner.query<{ hours: number | null; thumbprint: string }>({
      text: `select round(extract(epoch from to_at - statement_timestamp()) / 3600)::float8 as hours, thumbprint
               from client_key where client_id = 'spoc-test' order by from_at`,
    })
    expect(rows.map(({ hours }) => hours)).toEqual([24, null])
    const list = await (await as('spoc')).open('/console/agency/clients')
    expect(list.text).toContain('good until')
    const ended = await go('spoc', `${at}/keys/${rows[0]!.thumbprint}/end`)
    expect(ended.done.text).toContain('The key is no longer good.')
    const left = await house.database.owner.query({
      text: `select from client_key where client_id = 'spoc-test' and (to_at is null or to_at > statement_timestamp())`,
    })
    expect(left.rowCount).toBe(1)
  })

  it('is no longer listed once it has ended', async () => {
    const { rows } = await house.database.owner.query<{ end: Date }>({
      text: `update client_key set to_at = statement_timestamp() - interval '1 millisecond' where client_id = 'spoc-test' and to_at is null returning to_at as end`,
    })
    expect(rows).toHaveLength(1)
    expect((await (await as('spoc')).open('/console/agency/clients')).text).toContain('No key yet')
  })
})

describe('an agreement', () => {
  it('is renewed from the day after it ends, compared, signed by every party’s own signatory, and then takes the place of the old one', async () => {
    const agreementId = await agreementOf('FRESH-STEPS-WORK-009')
    const [before] = await versionsOf(agreementId)
    const { opened, check, done } = await go('registrar', `/console/agreements/${agreementId}/renew`)
    const days = renewedDays(before!['terms'] as Parameters<typeof renewedDays>[0])
    expect([days.inForceFrom, opened.status]).toEqual(['2031-11-01', 200])
    expect(check.text).toMatch(/Compared with version 1, in force/)
    expect(check.text).toContain('31 October 2031 → 31 October 2038')
    expect(done.text).toContain('Version 2 is drafted.')
    const hash = String((await versionsOf(agreementId)).find(({ version }) => version === 2)!['hash'])
    for (const [place, agencyId] of ['fresh-steps', 'young-horizons', 'calder-housing'].entries()) {
      const persona = `signatory-${agencyId}`
      const page = `/console/agreements/${agreementId}/versions/2/sign`
      const wrong = await go(persona, page, { jws: await signAgreementHash(house.dataDir, agencyId, 'another-hash') })
      expect(wrong.done.status).toBe(422)
      const signed = await go(persona, page, { jws: await signAgreementHash(house.dataDir, agencyId, hash) })
      expect(signed.opened.text).toContain(hash)
      expect(signed.done.text).toContain(place === 2 ? 'Every party has signed.' : 'Still to sign')
    }
    const after = await versionsOf(agreementId)
    expect(after.find(({ version }) => version === 1)).toMatchObject({ replacedAt: '2031-11-01T00:00:00.000Z', state: 'in-force' })
  })

  it('is drafted with another grant from a form, with every problem at its question', async () => {
    const agreementId = await agreementOf('CALDER-HOUSING-008')
    const at = `/console/agreements/${agreementId}/grants/housing-situation/draft`
    for (const [answers, shown] of [
      [{ providers: [], cohorts: [] }, ['href="#providers"', 'Choose an answer: From', 'href="#cohorts"']],
      [{ purposes: ['foi'] }, ['href="#purposes"', 'never releases through the gateway']],
    ] as const) {
      const { check } = await go('registrar', at, answers)
      expect(check.status).toBe(422)
      for (const one of shown) expect(check.text.includes(one)).toBe(true)
    }
    const { check, done } = await go('registrar', at, { purposes: ['risk-management', 'accommodation'] })
    expect(check.text).toContain('Grants › Housing situation › Purposes')
    expect(done.text).toContain('Version 2 is drafted.')
    const terms = (await versionsOf(agreementId)).find(({ version }) => version === 2)!['terms'] as Json
    expect((terms['grants'] as readonly Json[]).map(({ purposes }) => (purposes as readonly string[]).length)).toEqual([2, 3])
    const stale = await (await as('registrar')).send(at, { ...filledIn(await (await as('registrar')).open(at), {}), base: '1' })
    expect([stale.status, stale.text.includes('Version 2 was drafted since you opened this page')]).toEqual([422, true])
  })

  it('is drafted from pasted text, as the command imports it', async () => {
    const agreementId = await agreementOf('FRESH-STEPS-HEALTH-004')
    const opened = await (await as('registrar')).open(`/console/agreements/${agreementId}/draft-text`)
    const text = String((filledIn(opened, {})['terms'] as readonly string[])[0])
    expect(parse(text)).toMatchObject({ reference: 'FRESH-STEPS-HEALTH-004', parties: ['ridings-health', 'fresh-steps'] })
    const broken = await go('registrar', '/console/agreements/new', { terms: 'parties: [' })
    expect([broken.check.status, broken.check.text.includes('This is no YAML')]).toEqual([422, true])
    const { done } = await go('registrar', '/console/agreements/new', { terms: text.replace('HEALTH-004', 'HEALTH-104') })
    expect(done.text).toContain('FRESH-STEPS-HEALTH-104 is drafted.')
  })

  it('is nobody’s to draft who is neither registrar, signatory nor single point of contact', async () => {
    const agreementId = await agreementOf('CALDER-HOUSING-008')
    const { done } = await go('chair', `/console/agreements/${agreementId}/renew`)
    expect([done.status, done.text.includes('need-to-know')]).toEqual([403, true])
    expect((await (await as(signatory)).open(`/console/agreements/${agreementId}`)).text).toContain('Renew it')
  })
})

describe('the agency’s events', () => {
  it('say how far each system has read, which somebody who looks does not move', async () => {
    const look = async () => (await (await as('spoc')).open('/console/agency/events')).text
    const read = (cursor: string) => house.asSystem('ridings-partnership-records').get(`/v1/events?limit=1&cursor=${cursor}`)
    must(await read('0'), 200)
    expect(await look()).toMatch(/ridings-partnership-records[\s\S]{0,200}Has up to">nothing yet/)
    const { rows } = await house.database.owner.query<{ told_to: number }>({
      text: `select told_to from event_reader where client_id = 'ridings-partnership-records'`,
    })
    must(await read(String(rows[0]!['told_to'])), 200)
    const seen = await house.as('spoc').get('/v1/events/readers')
    const own = (seen.body['readers'] as readonly Json[]).find(({ clientId }) => clientId === 'ridings-partnership-records')
    expect(own).toMatchObject({ askedAfter: rows[0]!['told_to'] })
    await look()
    expect((await house.as('spoc').get('/v1/events/readers')).body['readers']).toEqual(seen.body['readers'])
  })
})

describe('what is handed over and asked back', () => {
  it('is a sealed package with a link and a code, each told on one page only', async () => {
    const scene = await house.scene(['Said in the room.'])
    await house.consentTo(scene, [landlord.agencyId])
    const permissionId = await house.permitted(scene, landlord)
    const path = `/console/permissions/granted/${permissionId}/package`
    const spoc = await as('spoc')
    const check = await spoc.send(path, filledIn(await spoc.open(path), {}))
    const sent = { ...filledIn(check, {}), _step: 'confirm' }
    const made = await spoc.send(path, sent)
    const link = /<code>(\/packages\/[^<]+)<\/code>/.exec(made.text)![1]!
    expect((await spoc.send(path, { ...sent, _token: spoc.token() })).text).toContain('kept nowhere')
    const packageId = /\/console\/packages\/([0-9a-f-]{36})\/code/.exec(made.text)![1]!
    const code = /console-code">([^<]+)</.exec((await go('spoc', `/console/packages/${packageId}/code`)).done.text)![1]!
    expect((await house.knock(link, code)).status).toBe(200)
    const seen = await spoc.open(`/console/packages/${packageId}`)
    expect(seen.text).toContain('Opened')
    for (const secret of [link, code]) expect(seen.text).not.toContain(secret)
  })

  it('is answered by the holder, and the chair sees how far it has come', async () => {
    const scene = await house.scene(['One.', 'Two.'])
    const permissionId = await house.granted(await house.requested(scene, to('case-manager')))
    must(await house.retrieve(permissionId, 'case-manager'), 200)
    const recallId = String(((await house.revoke(permissionId)).body['recall'] as Json)['recallId'])
    const page = await (await as('chair')).open(`/console/recalls/${recallId}`)
    expect(page.text).toContain('0 of 1')
    const notice = /href="(\/console\/return-notices\/[^"]+)"/.exec(page.text)![1]!
    const empty = await (await as('case-manager')).send(notice, filledIn(await (await as('case-manager')).open(notice), {}))
    expect([empty.status, empty.text.includes('There is a problem')]).toEqual([422, true])
    const { done } = await go('case-manager', notice, { outcome: 'destroyed' })
    expect(done.text).toContain('the copies were destroyed')
    expect((await (await as('chair')).open('/console/recalls')).text).toContain('1 of 1')
    expect((await (await as('case-manager')).open(notice)).text).not.toContain('Continue')
  })

  it('says of what was asked back for a suspension that is lifted that it is taken back', async () => {
    const permissionId = await house.granted(await house.requested(await house.scene(['One.']), to('case-manager')))
    must(await house.retrieve(permissionId, 'case-manager'), 200)
    const recallId = String(((await house.revoke(permissionId)).body['recall'] as Json)['recallId'])
    const [chair, holder] = [await as('chair'), await as('case-manager')]
    const notice = /href="(\/console\/return-notices\/[^"]+)"/.exec((await chair.open(`/console/recalls/${recallId}`)).text)![1]!
    const pages = async () => [
      (await chair.open(`/console/recalls/${recallId}`)).text,
      (await chair.open('/console/recalls')).text,
      (await holder.open(notice)).text,
    ]
    const saying = (texts: readonly string[]) => texts.map((text) => text.includes('Taken back'))
    expect(saying(await pages())).toEqual([false, false, false])
    await house.database.owner.query({ text: 'insert into copy_recall_lift values ($1, statement_timestamp())', values: [recallId] })
    expect(saying(await pages())).toEqual([true, true, true])
  })
})

describe('a request for parts of the record', () => {
  it('of several suppliers shows against each what stands against it, and lets out what is ticked of each', async () => {
    const partOf = ([category, supplierAgencyId, ...fields]: readonly string[]) => ({ category, supplierAgencyId, fields })
    const asked = ['accommodation calder-housing tenure arrears neighbourComplaints', 'accommodation ridings-health tenure']
    const records = [...asked, 'engagement young-horizons progress'].map((part) => partOf(part.split(' ')))
    const requestId = await house.requested(await house.scene(['One.']), { records })
    const page = await (await as('chair')).open(`/console/permissions/${requestId}`)
    const parts = page.text.split('Of the record: ').map((part) => part.split('</section>')[0]!)
    const saying = (text: string) => parts.slice(1).map((part) => part.includes(text))
    expect(saying('No permission makes neighbour complaints leave')).toEqual([true, false, false])
    expect(saying('No permission makes this leave')).toEqual([false, true, false])
    expect(saying('Would leave, if you permit it')).toEqual([false, false, true])

    const ticked = ['accommodation calder-housing tenure', 'accommodation ridings-health tenure', 'engagement young-horizons progress']
    const found = { article8Grounds: 'crime-disorder', necessity: 'Needed for the visit.', proportionality: 'No more than that.' }
    const answers = { decision: 'grant-part', records: ticked, ...found }
    const { opened, done } = await go('chair', `/console/permissions/${requestId}/decide`, answers)
    expect(opened.text.match(/No permission makes this leave: /g)).toHaveLength(2)
    expect(done.text).toContain('is given')
    const { rows } = await house.database.owner.query<Json>({
      text: `select r.category, r.supplier_agency as agency, r.fields from permission_record r join permission m on m.id = r.permission_id
              where m.request_id = $1 order by 1, 2`,
      values: [requestId],
    })
    expect(rows.map(({ category, agency, fields }) => [category, agency, ...(fields as string[])].join(' '))).toEqual(ticked)
  })
})

describe('an emergency access', () => {
  it('is opened once, however often its form or its request is sent', async () => {
    const body = emergencyOf('robin')
    const opened = () => countEntries(house.database, `p.event = 'emergency-opened'`)
    const before = await opened()
    const post = () => house.as('case-manager').post('/v1/emergency-accesses', body, { 'idempotency-key': 'one-emergency' })
    const replies = await Promise.all([post(), post(), post()])
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201])
    const ids = new Set(replies.map((reply) => String((reply.body['emergency'] as Json)['emergencyId'])))
    expect([ids.size, (await opened()) - before]).toEqual([1, 1])
    expect(replies.map((reply) => (reply.body['records'] as readonly unknown[]).length > 0)).toEqual([true, true, true])
    const other = await house
      .as('case-manager')
      .post('/v1/emergency-accesses', { ...body, atRisk: 'Somebody else' }, { 'idempotency-key': 'one-emergency' })
    expect([other.status, other.body['code']]).toEqual([409, 'conflict'])
    const visitor = await as('case-manager')
    await visitor.open('/console')
    const { offenderId, ...rest } = body
    const sent = {
      ...(rest as Record<string, string>),
      offenderId: String(offenderId),
      _key: 'form-emergency',
      _step: 'confirm',
      _token: visitor.token(),
    }
    const [one, two] = await Promise.all([visitor.send('/console/emergency/new', sent), visitor.send('/console/emergency/new', sent)])
    expect([one.status, two.status, (await opened()) - before]).toEqual([200, 200, 2])
  })
})
