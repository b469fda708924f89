import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { request as plainRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { Fault } from '../../src/core/fault.ts'
import { bodyOf, breaks, contract, enquiry, entryId, good, hash, offenderId, openDoors, post, type TestDoors } from './support.ts'

let doors: TestDoors
beforeAll(async () => void (doors = await openDoors()))
afterAll(() => doors.stop())
beforeEach(() => {
  for (const list of Object.values(doors.seen) as unknown[][]) list.length = 0
})

const examples: Readonly<Record<string, string>> = {
  offenderId,
  category: 'oasys',
  agreementId: offenderId,
  agencyId: 'ridings-police',
  clientId: 'some-client',
  thumbprint: hash,
  appointmentId: offenderId,
  entryId,
  hash,
}
/** A parameter that has no example of its own is an id. */
const addressOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => examples[name] ?? offenderId)

/** Status, headers and body as sent, by node:http: fetch will not send some of what must be tried. */
const send = (method: string, path: string, headers: Record<string, string>, body: Uint8Array | string | null = null) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const request = plainRequest({ port: doors.port, host: '127.0.0.1', method, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    request.on('error', reject)
    request.end(body)
  })

describe('every operation of the contract', () => {
  it.each(contract.operations.map((operation) => [operation.operationId, operation] as const))(
    '%s is reached at its path, and is closed to a stranger',
    async (operationId, operation) => {
      const method = operation.method.toUpperCase()
      const stranger = await fetch(doors.url + addressOf(operation.path), { method })
      expect(stranger.status).toBe(401)
      expect(stranger.headers.get('www-authenticate')).toBe('DPoP algs="ES256", Bearer')
      expect(breaks(operationId, 401, await bodyOf(stranger))).toBeNull()
      expect(doors.seen.unauthenticated).toEqual([{ reason: 'the access token is missing', sourceAddress: '127.0.0.1' }])
      const body = operation.body === null ? null : '{"nonsense":1}'
      const known = await fetch(doors.url + addressOf(operation.path), { method, headers: good, body })
      expect(known.status).toBe(body === null ? 200 : 400)
      const answered = await bodyOf(known)
      expect(answered['entryId']).toBe(entryId)
      if (body !== null) expect(breaks(operationId, 400, answered)).toBeNull()
      expect(doors.seen.asked.map((one) => one.operationId)).toEqual(body === null ? [operationId] : [])
    },
  )
})

describe('what a known caller sends wrong is refused, and logged without its values', () => {
  const badBodies: readonly (readonly [string, number, Record<string, string>, Uint8Array | string, string])[] = [
    ['an unknown field', 400, {}, JSON.stringify({ ...enquiry, extra: 'canary' }), 'invalid'],
    ['a wrong type', 400, {}, JSON.stringify({ ...enquiry, justification: ['canary'] }), 'invalid'],
    ['a duplicate name', 400, {}, '{"purpose":"canary","purpose":"recall"}', 'malformed'],
    ['no body', 400, {}, '', 'malformed'],
    ['a body that is no JSON', 400, {}, 'canary', 'malformed'],
    ['a body of 1 MB', 413, {}, 'x'.repeat(1024 * 1024), 'too-large'],
    ['a body of 5 MB', 413, {}, 'x'.repeat(5 * 1024 * 1024), 'too-large'],
    ['a body one byte too long', 413, {}, ' '.repeat(100 * 1024 + 1), 'too-large'],
    ['a compressed body', 415, { 'content-encoding': 'gzip' }, gzipSync(JSON.stringify(enquiry)), 'unsupported-media-type'],
    ['a form', 415, { 'content-type': 'application/x-www-form-urlencoded' }, 'a=canary', 'unsupported-media-type'],
    ['plain text', 415, { 'content-type': 'text/plain' }, JSON.stringify(enquiry), 'unsupported-media-type'],
    [
      'another character set',
      415,
      { 'content-type': 'application/json; charset=utf-16' },
      JSON.stringify(enquiry),
      'unsupported-media-type',
    ],
    ['JSON by a longer name', 415, { 'content-type': 'application/jsonp' }, JSON.stringify(enquiry), 'unsupported-media-type'],
  ]
  it.each(badBodies)('%s: %i', async (_name, status, headers, body, code) => {
    const answer = await send('POST', '/v1/enquiries', { ...good, ...headers }, body).catch(
      (error: unknown) => error as NodeJS.ErrnoException,
    )
    if (answer instanceof Error) {
      // A client that goes on sending after the answer may find the connection closed first.
      expect([answer.code, body.length]).toEqual([expect.stringMatching(/^(EPIPE|ECONNRESET)$/), 5 * 1024 * 1024])
    } else {
      expect(answer.status).toBe(status)
      expect(breaks('enquire', status, JSON.parse(answer.body))).toBeNull()
      expect(JSON.parse(answer.body)).toMatchObject({ code, status, entryId })
    }
    expect(doors.seen.invalid).toMatchObject([{ operationId: 'enquire', method: 'POST', path: '/v1/enquiries', code }])
    expect(JSON.stringify(doors.seen.invalid)).not.toContain('canary')
    expect(doors.seen.asked).toEqual([])
  })

  it.each([
    ['a repeated query key', 'GET', '/v1/agencies?limit=5&limit=6', 'malformed'],
    ['a repeated query key by escape', 'GET', '/v1/agencies?limit=5&%6cimit=6', 'malformed'],
    ['a query key as a list', 'GET', '/v1/agencies?limit[]=5', 'invalid'],
    ['an unknown query key', 'GET', '/v1/agencies?name=canary', 'invalid'],
    ['a prototype as query key', 'GET', '/v1/agencies?__proto__=canary', 'invalid'],
    ['a query where none is taken', 'GET', '/v1/me/access?x=1', 'invalid'],
    ['a limit that is no number', 'GET', '/v1/agencies?limit=canary', 'invalid'],
    ['a limit out of range', 'GET', '/v1/agencies?limit=101', 'invalid'],
    ['an id that is no UUID', 'GET', '/v1/agreements/canary', 'invalid'],
    ['an encoded slash', 'DELETE', '/v1/clients/a%2Fkeys/suspension', 'invalid'],
    ['a path upwards', 'GET', '/v1/agreements/..%2f..%2fcanary', 'invalid'],
    ['NUL in a path', 'GET', '/v1/agreements/%00', 'invalid'],
  ])('%s', async (_name, method, path, code) => {
    const answer = await send(method, path, good)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ code, entryId })
    expect(doors.seen.invalid).toHaveLength(1)
    expect(JSON.stringify(doors.seen.invalid)).not.toContain('canary')
  })

  it('a body where none is taken', async () => {
    expect((await send('GET', '/v1/me/access', { ...good, 'content-length': '2' }, '{}')).status).toBe(400)
  })

  it('an Idempotency-Key that is none', async () => {
    const answer = await post(
      doors,
      '/v1/agencies',
      { agencyId: 'a-b', name: 'A', kind: 'police', regime: 'general' },
      { 'idempotency-key': 'a b' },
    )
    expect(await bodyOf(answer)).toMatchObject({ status: 400, errors: [{ path: '/headers/idempotency-key' }] })
  })
})

describe('what leads nowhere', () => {
  it.each([
    ['a trailing slash', 'POST', '/v1/enquiries/', 404],
    ['capitals', 'POST', '/V1/enquiries', 404],
    ['a doubled slash', 'POST', '//v1/enquiries', 404],
    ['dots', 'POST', '/v1/x/../enquiries', 404],
    ['an unknown path', 'GET', '/v1/offenders', 404],
    ['a path that cannot be decoded', 'GET', '/v1/agreements/%zz', 404],
    ['the wrong method', 'GET', '/v1/enquiries', 405],
    ['HEAD for GET', 'HEAD', '/v1/agencies', 405],
    ['OPTIONS', 'OPTIONS', '/v1/agencies', 405],
    ['PATCH', 'PATCH', '/v1/agencies', 405],
    ['TRACE', 'TRACE', '/v1/agencies', 405],
  ])('%s: %s %s is %i', async (_name, method, path, status) => {
    const answer = await send(method, path, good)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    if (status === 405) expect(answer.headers['allow']).toBe(path === '/v1/enquiries' ? 'POST' : 'GET, POST')
    expect(doors.seen.asked).toEqual([])
  })

  it('takes no method from a header', async () => {
    expect((await send('POST', '/v1/me/access', { ...good, 'x-http-method-override': 'GET' })).status).toBe(405)
  })
})

describe('what reaches a use case', () => {
  it('is the body, the parameters, the query and the headers, as values', async () => {
    const body = { version: 1, jws: 'a.b.c' }
    await post(doors, `/v1/agreements/${offenderId}/signatures`, body, { 'idempotency-key': 'k-1', 'if-match': '"2"' })
    await fetch(`${doors.url}/v1/agencies?limit=20&cursor=abc`, { headers: good })
    expect(doors.seen.asked).toEqual([
      {
        operationId: 'signAgreement',
        request: {
          params: { agreementId: offenderId },
          query: {},
          body,
          idempotencyKey: { key: 'k-1', requestHash: expect.stringMatching(/^[\w-]{43}$/) as string },
          ifMatch: '"2"',
        },
      },
      {
        operationId: 'listAgencies',
        request: { params: {}, query: { limit: '20', cursor: 'abc' }, body: null, idempotencyKey: null, ifMatch: null },
      },
    ])
  })

  it('has another hash under the same key when the body or the path is another', async () => {
    for (const [path, why] of [
      ['a-1', 'x'],
      ['a-1', 'x'],
      ['a-1', 'y'],
      ['a-2', 'x'],
    ] as const) {
      await post(doors, `/v1/agencies/${path}/suspension`, { why }, { 'idempotency-key': 'k' })
    }
    const [first, again, ...others] = doors.seen.asked.map((one) => one.request.idempotencyKey?.requestHash)
    expect(again).toBe(first)
    expect(new Set([first, ...others]).size).toBe(3)
  })

  it('may be a policy bundle of more than 100 KB, and no other body may', async () => {
    const bundle = { rules: 'x'.repeat(200 * 1024) }
    expect((await post(doors, '/v1/policies', { bundle })).status).toBe(200)
    expect((await post(doors, '/v1/policies', { bundle: { rules: 'x'.repeat(1024 * 1024) } })).status).toBe(413)
  })

  it('goes to coverage, not to an agreement of that name', async () => {
    await fetch(`${doors.url}/v1/agreements/coverage`, { headers: good })
    expect(doors.seen.asked.map((one) => one.operationId)).toEqual(['agreementCoverage'])
  })

  it('keeps a request id that is a UUID and makes one otherwise', async () => {
    const kept = await post(doors, '/v1/enquiries', enquiry, { 'x-request-id': entryId })
    expect(kept.headers.get('x-request-id')).toBe(entryId)
    const made = await post(doors, '/v1/enquiries', enquiry, { 'x-request-id': 'canary' })
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('what goes wrong behind the doors', () => {
  const at = async (answer: () => never) => {
    const broken = await openDoors({ answer })
    const response = await post(broken, '/v1/enquiries', enquiry)
    const body = await bodyOf(response)
    await broken.stop()
    return { response, body, seen: broken.seen }
  }

  it('is a 500 that tells nothing when it is a bug', async () => {
    const { response, body, seen } = await at(() => {
      throw new Error('canary: relation "offender" does not exist')
    })
    expect(response.status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('canary')
    expect(breaks('enquire', 500, body)).toBeNull()
    expect(seen.lines.join('')).toContain('"a bug"')
    expect(seen.lines.join('')).not.toContain('canary')
  })

  it('is a 503 with Retry-After when the log cannot be written', async () => {
    const { response, body } = await at(() => {
      throw new Fault('unavailable', 'canary: connection refused', { retryAfterSeconds: 3 })
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3'])
    expect(JSON.stringify(body)).not.toContain('canary')
    expect(breaks('enquire', 503, body)).toBeNull()
  })

  it.each([
    ['not-found', 404],
    ['conflict', 409],
    ['precondition-failed', 412],
    ['precondition-required', 428],
  ] as const)('is a logged refusal when it is %s', async (code, status) => {
    const { response, body, seen } = await at(() => {
      throw new Fault(code, 'Not so.')
    })
    expect(response.status).toBe(status)
    expect(body).toMatchObject({ code, entryId, detail: 'Not so.' })
    expect(seen.invalid).toMatchObject([{ code }])
  })

  it('is a 503 when a refusal cannot be logged, known or unknown', async () => {
    const down = () => Promise.reject(new Fault('unavailable', 'down'))
    const broken = await openDoors({ logInvalid: down, logUnauthenticated: down })
    expect((await post(broken, '/v1/enquiries', {})).status).toBe(503)
    expect((await fetch(`${broken.url}/v1/me/access`)).status).toBe(503)
    await broken.stop()
  })
})
