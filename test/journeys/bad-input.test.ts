import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { breaks } from '../http/support.ts'
import type { Json, Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'
import { consentOf, enquire, enquiryOf, idOf } from './support/requests.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
})
afterAll(() => house.close())

const canary = 'Canary Testname'
const good = enquiryOf('sam', 'identity', { justification: canary })
const text = JSON.stringify(good)
const put = (member: string, value: unknown): string => text.replace('{', `{${JSON.stringify(member)}:${JSON.stringify(value)},`)
const deep = (levels: number): string => text.replace(`"${canary}"`, '['.repeat(levels) + ']'.repeat(levels))

const replies = async (reply: Reply, expected: { status: number; code: string; path?: string; operation?: string }): Promise<void> => {
  const { status, code, path, operation = 'enquire' } = expected
  expect([reply.status, reply.body.code]).toEqual([status, code])
  expect(breaks(operation, status, reply.body)).toBeNull()
  const paths = ((reply.body.errors ?? []) as readonly { path: string }[]).map((error) => error.path)
  if (path !== undefined) expect(paths).toContain(path)
  const entries = await entriesOf(house.database, reply)
  expect(entries).toMatchObject([{ entryId: reply.entryId, operation, event: 'access-denied', effect: 'deny', reason: code, paths }])
  // Neither the log nor the answer nor the operators' lines repeat what was sent.
  expect(JSON.stringify(entries) + reply.text + house.log.join('')).not.toContain(canary)
}

const send = (body: string | Uint8Array, headers: Record<string, string> = {}) => house.as('analyst').post('/v1/enquiries', body, headers)

describe('a body that cannot be read in one way only', () => {
  const unreadable: readonly (readonly [what: string, body: string, path: string | null])[] = [
    ['cut short', text.slice(0, -1), null],
    ['empty', '', null],
    ['no JSON', canary, null],
    ['two values', text + text, null],
    ['a member twice', put('purpose', 'recall'), '/purpose'],
    ['a member of a member twice', text.replace('{"id"', '{"id":"oasys","id"'), '/categories/0/id'],
    ['a byte order mark', `\ufeff${text}`, null],
    ['NUL', text.replace(canary, 'a\\u0000b'), '/justification'],
    ['half a surrogate pair', text.replace(canary, '\\ud800'), '/justification'],
    ['__proto__', put('__proto__', { admin: true }), '/__proto__'],
    ['a number that no double holds', text.replace(`"${canary}"`, '1e400'), '/justification'],
    ['nesting without end', deep(5_000), null],
    ['nesting just too deep', deep(40), null],
    ['a trailing comma', `${text.slice(0, -1)},}`, null],
    ['single quotes', text.replaceAll('"', "'"), null],
  ]
  it.each(unreadable)('is malformed: %s', async (_what, body, path) => {
    await replies(await send(body), { status: 400, code: 'malformed', ...(path === null ? {} : { path }) })
  })

  it('is malformed: bytes that are not UTF-8', async () => {
    const latin = Buffer.from(text.replace(canary, 'caf\xe9'), 'latin1')
    await replies(await send(latin), { status: 400, code: 'malformed' })
  })

  it.each([
    ['101 KB', 101 * 1024],
    ['a megabyte', 1024 * 1024],
  ])('is too large: %s, and the connection still serves', async (_size, bytes) => {
    await replies(await send(text.replace(canary, canary.repeat(bytes / canary.length))), { status: 413, code: 'too-large' })
    expect((await enquire(house.as('analyst'), 'sam', 'identity')).status).toBe(200)
  })

  it.each<readonly [string, string | Uint8Array, Record<string, string>]>([
    ['compressed', gzipSync(text), { 'content-encoding': 'gzip' }],
    ['plain text', text, { 'content-type': 'text/plain' }],
    ['another character set', text, { 'content-type': 'application/json; charset=utf-16' }],
    ['a form', 'purpose=recall', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('is of no type that is read: %s', async (_what, body, headers) => {
    await replies(await send(body, headers), { status: 415, code: 'unsupported-media-type' })
  })
})

describe('a body that does not fit the contract', () => {
  it.each<readonly [string, Json, string]>([
    ['an unknown member', { ...good, justifcation: canary }, '/justifcation'],
    ['a member missing', { ...good, offenderId: undefined }, '/offenderId'],
    ['text for a list', { ...good, categories: 'identity' }, '/categories'],
    ['no category at all', { ...good, categories: [] }, '/categories'],
    ['a number for text', { ...good, justification: 7 }, '/justification'],
    ['a category nobody knows', { ...good, categories: [{ id: canary }] }, '/categories/0/id'],
    ['one category twice', { ...good, categories: [{ id: 'identity' }, { id: 'identity' }] }, '/categories'],
    ['a purpose nobody knows', { ...good, purpose: 'curiosity' }, '/purpose'],
    ['a field name that is none', { ...good, categories: [{ id: 'identity', fields: ['drop table'] }] }, '/categories/0/fields/0'],
    ['no UUID', { ...good, offenderId: canary }, '/offenderId'],
    ['a UUID dressed as a URN', { ...good, offenderId: `urn:uuid:${idOf('sam')}` }, '/offenderId'],
    ['too long a justification', { ...good, justification: canary.repeat(200) }, '/justification'],
  ])('is invalid and said where: %s', async (_what, body, path) => {
    await replies(await house.as('analyst').post('/v1/enquiries', body), { status: 400, code: 'invalid', path })
  })

  it('an array or text for the whole of it is invalid too', async () => {
    for (const body of ['[]', '"text"', 'null', '7']) await replies(await send(body), { status: 400, code: 'invalid', path: '' })
  })
})

describe('an instant or a day that only looks like one', () => {
  const appointed = { agencyId: 'ridings-police', sub: 'analyst', role: 'core-member', areaId: 'holme', fromAt: '2026-01-01T00:00:00Z' }
  it.each(['0000-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00+23:59', '2026-06-30T23:59:60Z', '2026-01-01', 'tomorrow'])(
    'is invalid in a body: %s',
    async (fromAt) => {
      const reply = await house.as('admin').post('/v1/appointments', { ...appointed, fromAt })
      await replies(reply, { status: 400, code: 'invalid', path: '/fromAt', operation: 'appoint' })
      const said = await house
        .as('keyworker')
        .post(`/v1/offenders/${idOf('sam')}/consent-events`, consentOf('sought', { happenedAt: fromAt }))
      await replies(said, { status: 400, code: 'invalid', path: '/happenedAt', operation: 'recordConsent' })
    },
  )

  it.each(['0000-01-01', '2026-02-30', '2026-1-1'])('is invalid in a search: %s', async (bornOn) => {
    const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Checking' }
    const reply = await house.as('analyst').post('/v1/searches', { name: { givenName: 'A', familyName: 'B', bornOn }, ...looking })
    await replies(reply, { status: 400, code: 'invalid', path: '/name/bornOn', operation: 'search' })
  })
})

describe('more than is allowed', () => {
  const isLimited = async (reply: Reply, operation: string): Promise<void> => {
    await replies(reply, { status: 429, code: 'rate-limited', operation })
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  }

  it('is refused and logged: requests of one person', async () => {
    const door = await house.another({ doors: { requestsPerWindow: 2 } })
    const ask = () => enquire(door.as('analyst'), 'sam', 'identity')
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
    await isLimited(await ask(), 'enquire')
    expect((await enquire(door.as('case-manager'), 'sam', 'identity')).status).toBe(200)
  })

  it('is refused and logged: searches of one person, counted over every instance', async () => {
    const searchLimit = { most: 2, windowSeconds: 3_600 }
    const doors = [await house.another({ searchLimit }), await house.another({ searchLimit })] as const
    const looking = { list: 'own-area', purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Briefing' }
    const search = (at: 0 | 1) => doors[at].as('chair').post('/v1/searches', looking)
    expect([(await search(0)).status, (await search(1)).status]).toEqual([200, 200])
    await isLimited(await search(0), 'search')
    await isLimited(await search(1), 'search')
  })
})

describe('an address or a header that does not fit the contract', () => {
  it.each<readonly [string, string]>([
    ['/v1/agreements?limit=5&limit=6', 'malformed'],
    ['/v1/agreements?limit=5.5', 'invalid'],
    ['/v1/agreements?unknown=1', 'invalid'],
    ['/v1/agreements?cursor=%00', 'invalid'],
  ])('%s is %s', async (path, code) => {
    await replies(await house.as('analyst').get(path), { status: 400, code, operation: 'listAgreements' })
  })

  it('a key for a change that is no key is invalid', async () => {
    const reply = await house
      .as('keyworker')
      .post(`/v1/offenders/${idOf('sam')}/consent-events`, consentOf('sought'), { 'idempotency-key': 'no key' })
    await replies(reply, { status: 400, code: 'invalid', path: '/headers/idempotency-key', operation: 'recordConsent' })
  })

  it('a person in the path who is no UUID is invalid', async () => {
    for (const id of ['nobody', `urn:uuid:${idOf('sam')}`, `${idOf('sam')}%00`]) {
      const reply = await house.as('keyworker').post(`/v1/offenders/${id}/consent-events`, consentOf('sought'))
      await replies(reply, { status: 400, code: 'invalid', path: '/path/offenderId', operation: 'recordConsent' })
    }
  })

  it('an id in capitals is the same id', async () => {
    const upper = idOf('sam').toUpperCase()
    expect((await house.as('keyworker').post(`/v1/offenders/${upper}/consent-events`, consentOf('sought'))).status).toBe(201)
    expect((await enquire(house.as('analyst'), upper, 'identity')).status).toBe(200)
  })

  it('another method, or a path that leads nowhere, is told so without a word about anybody', async () => {
    const reply = await house.as('analyst').get('/v1/enquiries')
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST'])
    for (const path of ['/v1/offenders', `/v1/offenders/${idOf('sam')}`, '/v1/enquiries/', '/V1/enquiries', '/v1/%E0%A4%A'])
      expect((await house.as('analyst').post(path, good)).status).toBe(404)
  })
})
