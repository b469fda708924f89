import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storyId } from '../../src/sandbox/people/story.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries } from '../support/logged.ts'
import { makeVisitor, type Visitor } from './support/visitor.ts'

let house: TestGateway
let admin: Visitor
beforeAll(async () => {
  house = await openGateway()
  admin = makeVisitor(house.url)
  await admin.signIn('admin')
})
afterAll(() => house.close())

const permitted = (operation: string): Promise<number> =>
  countEntries(house.database, `p.effect = 'permit' and convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = '${operation}'`)
const keyIn = (text: string): string => /name="_key" value="([^"]+)"/.exec(text)![1]!
const provedAgo = (minutes: number) =>
  house.database.owner.query({
    text: `update console_session set authenticated_at = statement_timestamp() - make_interval(mins => $1)`,
    values: [minutes],
  })

const person = { agencyId: 'ridings-police', sub: 'new-starter', displayName: 'Noor Starter' }

describe('an act', () => {
  it('is asked, read back, and only then done; sent twice it acts once', async () => {
    const form = await admin.open('/console/agency/people/new')
    const key = keyIn(form.text)
    const check = await admin.send('/console/agency/people/new', { ...person, _key: key })
    expect(check.text).toContain('Check your answers')
    expect(check.text).toContain('Noor Starter')
    expect(await permitted('registerPerson')).toBe(0)
    const token = admin.token()
    const twice = { ...person, _key: key, _step: 'confirm', _token: token }
    const done = await Promise.all([admin.send('/console/agency/people/new', twice), admin.send('/console/agency/people/new', twice)])
    for (const { status, text } of done) expect([status, text.includes('Noor Starter is registered.')]).toEqual([200, true])
    expect(await permitted('registerPerson')).toBe(1)
  })

  it('shows what was typed again, and says what was wrong at the field it was wrong in', async () => {
    const seen = await admin.send('/console/agency/appointments/new', {
      ...person,
      role: 'case-manager',
      'fromAt-day': '31',
      'fromAt-month': '2',
      'fromAt-year': '2026',
    })
    expect(seen.status).toBe(422)
    expect(seen.text).toContain('<title>Error: ')
    expect(seen.text).toContain('There is a problem')
    expect(seen.text).toContain('href="#fromAt-day"')
    for (const typed of ['value="new-starter"', 'value="31"', 'value="case-manager" selected']) expect(seen.text).toContain(typed)
  })

  it('says what has changed meanwhile, when the same form is sent with other answers', async () => {
    const form = await admin.open('/console/agency/people/new')
    const key = keyIn(form.text)
    await admin.send('/console/agency/people/new', { ...person, sub: 'one', _key: key, _step: 'confirm' })
    const seen = await admin.send('/console/agency/people/new', { ...person, sub: 'two', _key: key, _step: 'confirm' })
    expect(seen.status).toBe(422)
    expect(seen.text).toContain('Use a new key for a new change')
  })

  it('goes through a person’s whole day: register, appoint, list, end', async () => {
    const first = { 'fromAt-day': '1', 'fromAt-month': '6', 'fromAt-year': '2026' }
    const spoc = makeVisitor(house.url)
    await spoc.signIn('spoc')
    await spoc.open('/console/agency/people/new')
    const own = { agencyId: 'ridings-partnership', sub: 'day-person', displayName: 'Dana Day' }
    await spoc.send('/console/agency/people/new', { ...own, _key: 'day-1', _step: 'confirm' })
    const appointed = await spoc.send('/console/agency/appointments/new', {
      ...own,
      ...first,
      role: 'minute-taker',
      areaId: 'calder',
      _key: 'day-2',
      _step: 'confirm',
    })
    expect(appointed.text).toContain('is appointed: minute taker')
    const list = await spoc.open('/console/agency/people')
    expect(list.text).toContain('Dana Day')
    const row = list.text.slice(list.text.indexOf('Dana Day'))
    expect(row).toContain('Minute taker, Calder, 1 June 2026 to further notice')
    const end = /href="(\/console\/agency\/appointments\/[^"]+\/end)"/.exec(row)![1]!
    expect((await spoc.send(end, { why: 'Moved on', _key: 'day-3', _step: 'confirm' })).text).toContain('The appointment has ended.')
    expect((await spoc.open('/console/agency/people')).text).not.toContain('Minute taker')
  })

  it('registers a pasted public key, stops the system at once and lets it work again', async () => {
    const at = '/console/agency/clients/ridings-partnership-mobile'
    await admin.open('/console/agency/clients/new')
    const system = { agencyId: 'ridings-partnership', clientId: 'ridings-partnership-mobile', name: 'Mobile', binding: 'dpop' }
    await admin.send('/console/agency/clients/new', { ...system, _key: 'sys-1', _step: 'confirm' })
    const key = JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }))
    const added = await admin.send(`${at}/keys/new`, { key, _key: 'sys-2', _step: 'confirm' })
    expect(added.text).toContain('The key is registered.')
    const wrong = await admin.send(`${at}/keys/new`, { key: 'not a key', _key: 'sys-3', _step: 'confirm' })
    expect([wrong.status, wrong.text.includes('href="#key"'), wrong.text.includes('not a key')]).toEqual([422, true, true])
    await admin.send(`${at}/stop`, { why: 'Lost', _key: 'sys-4', _step: 'confirm' })
    expect((await admin.open('/console/agency/clients')).text).toContain('Stopped')
    await admin.send(`${at}/start`, { _key: 'sys-5', _step: 'confirm' })
    expect((await admin.open('/console/agency/clients')).text).not.toContain('Stopped')
  })
})

describe('before an act binds', () => {
  it('the person proves again who they are: to open the form after five minutes, to send it after fifteen', async () => {
    await provedAgo(6)
    const asked = await admin.open('/console/agency/people/new')
    expect(asked.text).toContain('Confirm that it is you')
    const again = /href="([^"]+again=yes[^"]+)"/.exec(asked.text)![1]!.replaceAll('&amp;', '&')
    const choice = await admin.open(again)
    expect(choice.text).toContain('who are you?')
    const before = await permitted('registerPerson')
    await provedAgo(16)
    await admin.open('/console')
    const late = await admin.send('/console/agency/people/new', { ...person, sub: 'late', _key: 'late', _step: 'confirm' })
    expect([late.status, late.text.includes('Nothing has been done yet')]).toEqual([403, true])
    expect(await permitted('registerPerson')).toBe(before)
    // Reading does not bind.
    expect((await admin.open('/console/agency/people')).status).toBe(200)
    await admin.signIn('admin')
    expect((await admin.open('/console/agency/people/new')).text).toContain('Register a person')
  })
})

const reasons = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the conference' }

describe('what is decided elsewhere meanwhile', () => {
  it('ends a page at the next request: the system, the person, the agency', async () => {
    const { owner } = house.database
    const visitor = makeVisitor(house.url)
    await visitor.signIn('analyst')
    const look = async () => {
      const { status, text } = await visitor.open('/console/agreements')
      return [status, /About the reason “([^”]+)”/.exec(text)?.[1] ?? null]
    }
    expect(await look()).toEqual([200, null])
    const during = async (set: string, back: string) => {
      await owner.query({ text: set })
      const seen = await look()
      await owner.query({ text: back })
      return seen
    }
    const client = `update client set suspended_at = %s where id = 'ridings-police-console'`
    expect(await during(client.replace('%s', 'statement_timestamp()'), client.replace('%s', 'null'))).toEqual([403, 'agency-inactive'])
    const gone = `update person set active_to = %s where agency_id = 'ridings-police' and sub = 'analyst'`
    expect(await during(gone.replace('%s', 'statement_timestamp()'), gone.replace('%s', 'null'))).toEqual([403, 'user-inactive'])
    expect(await look()).toEqual([200, null])
  })

  it('is shown nothing of what the log could not record', async () => {
    const visitor = makeVisitor(house.url)
    await visitor.signIn('analyst')
    await house.database.owner.query({ text: 'revoke insert on access_log_payload from gateway_app' })
    try {
      await visitor.open('/console/help')
      const seen = await visitor.send('/console/people/record', {
        ...reasons,
        offenderId: storyId('jordan'),
        categories: 'identity',
        _step: 'ask',
      })
      expect(seen.status).toBeGreaterThanOrEqual(500)
      expect(seen.text).not.toMatch(/Examplewood|14 May 2007/)
    } finally {
      await house.database.owner.query({ text: 'grant insert on access_log_payload to gateway_app' })
    }
    const after = await visitor.send('/console/people/record', {
      ...reasons,
      offenderId: storyId('jordan'),
      categories: 'identity',
      _step: 'ask',
      _token: visitor.token() || (await visitor.open('/console'), visitor.token()),
    })
    expect(after.text).toContain('Examplewood')
  })
})
