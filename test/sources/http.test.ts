import { afterEach, expect, test } from 'vitest'
import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { arrests, bodyOf, goodReply, listen, question, sourceAt } from './support/hostile.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
const serve = async (handler: RequestListener) => {
  const { address, close } = await listen(handler)
  closers.push(close)
  return address
}
const json =
  (value: unknown): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(value))
  }
const onlyReply = async (value: unknown, categories: Record<string, unknown>) => {
  const source = sourceAt(await serve(json(value)), { categories: { 'arrest-disposal': { ...arrests, ...categories } } })
  return (await source.fetch(question))[0]
}

test('a reply becomes items of the category, with careful defaults and only what the mapping names', async () => {
  const [reply] = await sourceAt(await serve(json(goodReply))).fetch(question)
  expect(reply).toEqual({
    category: 'arrest-disposal',
    outcome: 'items',
    items: [
      {
        fields: { arrestedOn: '2025-03-04', offence: 'Burglary dwelling' },
        originator: 'ridings-police',
        recordedOn: '2025-03-04',
        nature: 'fact',
        subjectType: 'other',
        marking: 'official-sensitive',
        restricted: null,
        collectedOnConsent: false,
        grade: null,
        conditions: [],
        reviewBy: null,
      },
    ],
  })
})

test('the number travels in the body, the credential and request id in headers', async () => {
  const seen: unknown[] = []
  const address = await serve(async (request, response) => {
    const { authorization, 'x-request-id': id } = request.headers
    seen.push(request.method, request.url, authorization, id, JSON.parse(await bodyOf(request)))
    json(goodReply)(request, response as never)
  })
  let token = 'first\n'
  const source = sourceAt(address, { credential: { type: 'bearer-file', file: 'police.token' } }, () => token)
  await source.fetch(question)
  token = 'second'
  await source.fetch({ ...question, requestId: 'bad\r\nid: 1' })
  expect(seen).toEqual([
    'POST',
    '/arrests',
    'Bearer first',
    'req-1',
    { pncId: '19980123456X' },
    'POST',
    '/arrests',
    'Bearer second',
    undefined,
    { pncId: '19980123456X' },
  ])
})

test('a number that is no number is never sent, and says nothing about the source', async () => {
  let asked = 0
  const address = await serve((request, response) => {
    asked++
    json(goodReply)(request, response as never)
  })
  const source = sourceAt(address, {
    categories: { 'arrest-disposal': { ...arrests, request: { method: 'GET', path: '/persons/{identifier}/arrests' } } },
  })
  for (const identifier of ['', '..', '../x', 'a\nb', 'x?y', '-', 'é', 'A%2e']) {
    expect(await source.fetch({ ...question, identifier })).toMatchObject([{ because: 'failed' }])
  }
  expect(asked).toBe(0)
  expect(await source.fetch(question)).toMatchObject([{ outcome: 'items' }])
})

test('categories of one request are fetched once, others apart, and an unknown one is named', async () => {
  const paths: string[] = []
  const address = await serve((request, response) => {
    paths.push(request.url ?? '')
    json(goodReply)(request, response as never)
  })
  const other = { ...arrests, request: { ...arrests.request, path: '/other' } }
  const source = sourceAt(address, { categories: { 'arrest-disposal': arrests, 'offence-history': arrests, 'police-intel': other } })
  const replies = await source.fetch({
    ...question,
    categories: ['police-intel', 'ogrs', 'offence-history', 'arrest-disposal', 'arrest-disposal'],
  })
  expect(paths.toSorted()).toEqual(['/arrests', '/other'])
  expect(replies.map((reply) => [reply.category, reply.outcome])).toEqual([
    ['police-intel', 'items'],
    ['ogrs', 'unavailable'],
    ['offence-history', 'items'],
    ['arrest-disposal', 'items'],
  ])
  expect(replies[0]).toMatchObject({ items: [{ grade: { source: 'unknown', intelligence: 'unknown', handling: 'unknown' } }] })
})

test('one category of a shared reply that cannot be read leaves the other whole', async () => {
  const broken = { ...arrests, records: 'moved' }
  const source = sourceAt(await serve(json(goodReply)), { categories: { 'arrest-disposal': arrests, 'offence-history': broken } })
  const replies = await source.fetch({ ...question, categories: ['arrest-disposal', 'offence-history'] })
  expect(replies).toMatchObject([{ outcome: 'items' }, { outcome: 'unavailable', because: 'invalid-reply' }])
})

test('one category of a shared reply that is about someone else drops the whole reply', async () => {
  const wrong = { ...arrests, subject: 'other' }
  const address = await serve(json({ ...goodReply, other: 'B2' }))
  const source = sourceAt(address, { categories: { 'arrest-disposal': arrests, 'offence-history': wrong } })
  const replies = await source.fetch({ ...question, categories: ['arrest-disposal', 'offence-history'] })
  expect(replies).toMatchObject([{ because: 'wrong-subject' }, { because: 'wrong-subject' }])
})

const person = { pnc: question.identifier }
const item = (text: string) => ({ item: text })
test.each([
  ['no records are an answer', { person, arrests: [] }, {}, { outcome: 'items', items: [] }],
  ['records that are gone are not "no records"', { person }, {}, { because: 'invalid-reply' }],
  ['records of another type', { person, arrests: 'none' }, {}, { because: 'invalid-reply' }],
  ['another person', { ...goodReply, person: { pnc: '1998/0123456Y' } }, {}, { because: 'wrong-subject' }],
  ['no person', { arrests: goodReply.arrests }, {}, { because: 'invalid-reply' }],
  ['an empty number', { ...goodReply, person: { pnc: '' } }, {}, { because: 'wrong-subject' }],
  ['one record of another person', { ...goodReply, ids: [question.identifier, 'B2'] }, { subject: 'ids' }, { because: 'wrong-subject' }],
  ['nobody at all', { ...goodReply, ids: [] }, { subject: '[ids]' }, { because: 'wrong-subject' }],
  ['no item', goodReply, item('"text"'), { because: 'invalid-reply' }],
  ['a day that does not exist', goodReply, item('{ "fields": {}, "recordedOn": "2025-02-30" }'), { because: 'invalid-reply' }],
  ['a misspelt member', goodReply, item('{ "fields": {}, "recordedon": "2025-02-03" }'), { because: 'invalid-reply' }],
  ['an object as a field', goodReply, item('{ "fields": { "offence": { "a": 1 } } }'), { because: 'invalid-reply' }],
  ['a NUL in a text', { person, arrests: [{ offence: 'a\0b' }] }, {}, { because: 'invalid-reply' }],
  ['a lone surrogate', { person, arrests: [{ offence: 'a\ud800b' }] }, {}, { because: 'invalid-reply' }],
  ['an expression that fails', goodReply, item('$error("x")'), { because: 'invalid-reply' }],
  ['an expression that compiles text', goodReply, item('$eval("{ \\"fields\\": {} }")'), { because: 'invalid-reply' }],
  ['an expression that never ends', goodReply, item('($f := function($n) { $f($n + 1) }; $f(0))'), { because: 'invalid-reply' }],
  ['too many records', { person, arrests: Array.from({ length: 1001 }, () => ({})) }, {}, { because: 'too-large' }],
  ['an unknown marking', goodReply, item('{ "fields": {}, "marking": "Cosmic" }'), { items: [{ marking: 'unknown' }] }],
  [
    'a marking in capitals',
    goodReply,
    item('{ "fields": {}, "marking": "OFFICIAL SENSITIVE" }'),
    { items: [{ marking: 'official-sensitive' }] },
  ],
  [
    'grades in either case',
    goodReply,
    item('{ "fields": {}, "grade": { "source": 2, "intelligence": "B", "handling": "not-graded" } }'),
    { items: [{ grade: { source: '2', intelligence: 'b', handling: 'unknown' } }] },
  ],
])('%s', async (_title, reply, mapping, expected) => {
  expect(await onlyReply(reply, mapping)).toMatchObject(expected)
})

test('keys of the prototype are data like any other, and reach nothing', async () => {
  const reply = { person, arrests: [{ constructor: 'x', toString: 'y', offence: 'z' }] }
  expect(await onlyReply(reply, item('{ "fields": { "offence": offence, "constructor": constructor } }'))).toMatchObject({
    items: [{ fields: { offence: 'z', constructor: 'x' } }],
  })
  expect(await onlyReply({ person, arrests: [{ k: '__proto__' }] }, item('{ "fields": { (k): { "polluted": 1 } } }'))).not.toMatchObject({
    items: [{ fields: { polluted: 1 } }],
  })
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

test('a compressed reply is read, and only in a form the gateway asked for', async () => {
  const encoded =
    (encoding: string) =>
    (_request: unknown, response: { writeHead: (status: number, headers: object) => { end: (body: Buffer) => void } }) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(gzipSync(JSON.stringify(goodReply)))
  expect(await sourceAt(await serve(encoded('gzip') as never)).fetch(question)).toMatchObject([{ outcome: 'items' }])
  expect(await sourceAt(await serve(encoded('gzip, gzip') as never)).fetch(question)).toMatchObject([{ because: 'invalid-reply' }])
})

test.each(['GET', 'POST'] as const)('a connection cut before an answer: %s is tried again only where that is harmless', async (method) => {
  let asked = 0
  const address = await serve((request, response) => {
    if (++asked === 1) request.socket.destroy()
    else json(goodReply)(request, response as never)
  })
  const request = method === 'GET' ? { method, path: '/persons/{identifier}/arrests' } : arrests.request
  const [reply] = await sourceAt(address, { timeoutMs: 1000, categories: { 'arrest-disposal': { ...arrests, request } } }).fetch(question)
  expect([asked, reply?.outcome]).toEqual(method === 'GET' ? [2, 'items'] : [1, 'unavailable'])
})
