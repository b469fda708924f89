import { afterEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/core/answer.ts'
import { shieldBeatMs } from '../../src/http/present.ts'
import { bodyOf, breaks, enquiry, entryId, good, hash, offenderId, openDoors, post, type TestDoors } from './support.ts'

const opened: TestDoors[] = []
const open = async (...args: Parameters<typeof openDoors>) => {
  const doors = await openDoors(...args)
  opened.push(doors)
  return doors
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((doors) => doors.stop()))
})

const released = {
  receipt: { body: '{}', commitment: hash, index: 0, size: 1, path: [], batch: 'a.b.c' },
  offenderId,
  purpose: 'risk-management',
  decidedAt: '2026-11-21T09:30:00.000Z',
  policy: hash,
  records: [],
  withheld: [],
  unavailable: [],
}
const ncnd = (more: object = {}): Answer => ({
  status: 404,
  entryId,
  shielded: true,
  body: { type: 'urn:problem:ncnd', title: 'Neither confirmed nor denied.', status: 404, code: 'ncnd', ...more },
})

describe('the one way out', () => {
  it.each([
    ['null', null],
    ['empty', ''],
  ])('turns an answer whose entry id is %s into a 500 that says nothing', async (_name, missing) => {
    const doors = await open({
      answer: () => ({ status: 200, body: { canary: 'Jordan Testname' }, entryId: missing, headers: { etag: 'canary' } }),
    })
    const response = await post(doors, '/v1/enquiries', enquiry)
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text + JSON.stringify([...response.headers])).not.toMatch(/canary|Jordan/)
    expect(breaks('enquire', 500, JSON.parse(text))).toBeNull()
  })

  it('does the same for a refusal without an entry', async () => {
    const doors = await open({ answer: () => ({ status: 403, body: { code: 'consent-refused' }, entryId: null }) })
    expect(await (await post(doors, '/v1/enquiries', enquiry)).text()).not.toContain('consent')
  })

  it('does the same when a bad request has no entry', async () => {
    const doors = await open({ logInvalid: async () => ({ status: 400, body: null, entryId: null }) })
    expect((await post(doors, '/v1/enquiries', {})).status).toBe(500)
  })

  it('gives every body its entry id, and the headers of the house', async () => {
    const doors = await open({ answer: () => ({ status: 200, body: released, entryId, headers: { etag: '"1"' } }) })
    const response = await post(doors, '/v1/enquiries', enquiry)
    const body = await bodyOf(response)
    expect(body['entryId']).toBe(entryId)
    expect(breaks('enquire', 200, body)).toBeNull()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'ratelimit-policy': '"default";q=600;w=10',
      etag: '"1"',
    })
    expect(response.headers.get('x-powered-by')).toBeNull()
  })
})

describe('the shield', () => {
  const timed = async (doors: TestDoors) => {
    const from = performance.now()
    const response = await post(doors, '/v1/enquiries', enquiry)
    const text = await response.text()
    return { ms: performance.now() - from, response, text }
  }

  /** Milliseconds of each answer until one came within the limit: a busy machine may be late, one that holds back always is. */
  const timesUntil = async (doors: Awaited<ReturnType<typeof open>>, limit: number): Promise<readonly number[]> => {
    const times: number[] = []
    while (times.length < 3 || (times.length < 40 && Math.min(...times) >= limit)) times.push((await timed(doors)).ms)
    return times
  }

  it('answers alike in status, headers and body, whatever came before and whatever is attached', async () => {
    const variants: Answer[] = [
      ncnd(),
      { ...ncnd({ withheld: [{ category: 'oasys' }], ruleId: 'pdp', errors: [] }), headers: { etag: '"1"', 'x-why': 'pdp' } },
      { ...ncnd({ entryId: 'other', receipt: 'a.b.c' }), headers: { link: '</ask>' } },
    ]
    const shapes: unknown[] = []
    for (const variant of variants) {
      const doors = await open({ answer: () => variant })
      const { response, text } = await timed(doors)
      expect(breaks('enquire', 404, JSON.parse(text))).toBeNull()
      const headers = [...response.headers].map(([name, value]) => [name, /^(date|x-request-id)$/.test(name) ? '' : value])
      shapes.push([response.status, headers, text])
    }
    expect(shapes[1]).toEqual(shapes[0])
    expect(shapes[2]).toEqual(shapes[0])
  })

  it('counts a shielded answer against the rate like any other', async () => {
    const answers = [ncnd(), { status: 200, body: released, entryId }, ncnd()]
    const doors = await open({ answer: () => answers.shift() as Answer })
    const rates: (string | null)[] = []
    for (let i = 0; i < 3; i += 1) rates.push((await timed(doors)).response.headers.get('ratelimit'))
    expect(rates.map((rate) => rate?.split(';')[1])).toEqual(['r=599', 'r=598', 'r=597'])
  })

  it.each([
    [0, 1],
    [20, 1],
    [60, 2],
    [110, 3],
  ])('leaves on the beat: after %i ms of work at beat %i', async (work, beat) => {
    const doors = await open({
      answer: async () => {
        await new Promise((resolve) => setTimeout(resolve, work))
        return ncnd()
      },
    })
    const times = await timesUntil(doors, (beat + 1) * shieldBeatMs)
    for (const ms of times) expect(ms).toBeGreaterThanOrEqual(beat * shieldBeatMs - 1)
    expect(Math.min(...times)).toBeLessThan((beat + 1) * shieldBeatMs)
  })

  it('does not hold back what is not shielded', async () => {
    const doors = await open()
    expect(Math.min(...(await timesUntil(doors, shieldBeatMs)))).toBeLessThan(shieldBeatMs)
  })

  it('covers a find of nobody, which is an ordinary answer', async () => {
    const doors = await open({ answer: () => ({ status: 200, body: { people: [] }, entryId, shielded: true }) })
    const response = await post(doors, '/v1/searches', { list: 'own-area' })
    const body = await bodyOf(response)
    expect([response.status, breaks('search', 200, body)]).toEqual([200, null])
  })
})

describe('the limits', () => {
  it('refuses above the rate with Retry-After, and logs it', async () => {
    const doors = await open({ options: { requestsPerWindow: 2, windowSeconds: 10 } })
    const statuses: number[] = []
    for (let i = 0; i < 3; i += 1) statuses.push((await post(doors, '/v1/enquiries', enquiry)).status)
    expect(statuses).toEqual([200, 200, 429])
    const last = await post(doors, '/v1/enquiries', enquiry)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(last.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/)
    const body = await bodyOf(last)
    expect(breaks('enquire', 429, body)).toBeNull()
    expect(body).toMatchObject({ code: 'rate-limited', entryId })
    expect(doors.seen.invalid).toMatchObject([{ code: 'rate-limited' }, { code: 'rate-limited' }])
    expect(doors.seen.asked).toHaveLength(2)
  })

  it('counts each person and each system apart', async () => {
    let sub = 0
    const base = await open()
    const doors = await open({
      options: { requestsPerWindow: 1 },
      authenticate: async (request) => ({
        agencyId: 'ridings-police',
        clientId: 'c',
        personSub: `p${(sub += 1)}`,
        binding: 'bearer',
        keyThumbprint: null,
        tokenExpiresAt: new Date(0),
        requestId: request.requestId,
        traceparent: null,
      }),
    })
    expect(base).toBeDefined()
    expect([(await post(doors, '/v1/enquiries', enquiry)).status, (await post(doors, '/v1/enquiries', enquiry)).status]).toEqual([200, 200])
  })

  it('holds searches to the shared limit too, and refuses them when that cannot be counted', async () => {
    const held = await open({ limitSearch: async () => ({ allowed: false, remaining: 0, resetSeconds: 40 }) })
    const response = await post(held, '/v1/searches', { list: 'own-area' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '40'])
    expect(response.headers.get('ratelimit')).toMatch(/, "search";r=0;t=40$/)
    expect((await post(held, '/v1/enquiries', enquiry)).status).toBe(200)
    const broken = await open({ limitSearch: () => Promise.reject(new Error('store down')) })
    expect((await post(broken, '/v1/searches', { list: 'own-area' })).status).toBe(500)
    expect(broken.seen.asked).toEqual([])
  })

  it('answers 503 at the door when too many are at work, and stays alive', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const doors = await open({ options: { maxInFlight: 2 }, answer: () => gate.then(() => ({ status: 200, body: {}, entryId })) })
    const held = [post(doors, '/v1/enquiries', enquiry), post(doors, '/v1/enquiries', enquiry)]
    await expect.poll(() => doors.seen.asked.length).toBe(2)
    const turnedAway = await post(doors, '/v1/enquiries', enquiry)
    expect([turnedAway.status, turnedAway.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await fetch(`${doors.url}/health/liveness`)).status).toBe(200)
    release()
    expect((await Promise.all(held)).map((response) => response.status)).toEqual([200, 200])
    expect((await post(doors, '/v1/enquiries', enquiry)).status).toBe(200)
  })
})

describe('the operations log', () => {
  it('has one line for each request, with the route and no personal data', async () => {
    const doors = await open()
    await post(doors, '/v1/enquiries', enquiry)
    await post(doors, `/v1/offenders/${offenderId}/consent-events?who=canary`, { canary: 'Canary Testname' })
    await fetch(`${doors.url}/v1/people/canary-name?x=canary`, { headers: good })
    await fetch(`${doors.url}/v1/me/access`, { headers: { authorization: 'Bearer canary-token' } })
    await expect.poll(() => doors.seen.lines.length).toBe(4)
    const lines = doors.seen.lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map((line) => [line['method'], line['route'], line['status'], line['operationId'], line['entryId']])).toEqual([
      ['POST', '/v1/enquiries', 200, 'enquire', entryId],
      ['POST', '/v1/offenders/{offenderId}/consent-events', 400, 'recordConsent', entryId],
      ['GET', null, 404, null, null],
      ['GET', '/v1/me/access', 401, 'myAccess', null],
    ])
    expect(lines[0]).toMatchObject({ agencyId: 'ridings-police', clientId: 'ridings-police-records', ms: expect.any(Number) as number })
    expect(doors.seen.lines.join('')).not.toMatch(/canary|Testname|Home visit/i)
    expect(doors.seen.lines.join('')).not.toContain(offenderId)
  })
})
