import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { RequestListener } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { arrests, goodReply, listen, question, sourceAt } from './support/hostile.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
const serve = async (handler: RequestListener) => {
  const { address, close } = await listen(handler)
  closers.push(close)
  return address
}
const text = JSON.stringify(goodReply)
const type = { 'content-type': 'application/json' }
const sends =
  (body: string | Buffer, headers: Record<string, string> = type, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body)
  }

let sentBytes = 0
const gigabyte: RequestListener = (_request, response) => {
  response.writeHead(200, type)
  const block = Buffer.alloc(65_536, ' ')
  const more = () => {
    while (sentBytes < 1e9 && !response.destroyed) {
      sentBytes += block.length
      if (!response.write(block)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}
const dripping: RequestListener = (_request, response) => {
  response.writeHead(200, type)
  let at = 0
  const timer = setInterval(() => response.write(text.charAt(at++)), 20)
  response.on('close', () => clearInterval(timer))
}
const cut: RequestListener = (request, response) => {
  response.writeHead(200, { ...type, 'content-length': String(text.length) }).write(text.slice(0, 20))
  setTimeout(() => request.socket.resetAndDestroy(), 10)
}
const manyHeaders = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`x-${at}`, 'a'.repeat(50)]))
const nested = '['.repeat(100_000) + ']'.repeat(100_000)
const bomb = gzipSync(Buffer.alloc(50_000_000, ' '))
const smallBomb = gzipSync(`{"a":"${'a'.repeat(900_000)}"}`)
const seen: string[] = []

test.each<[string, string, RequestListener]>([
  ['hangs before the head', 'timeout', () => {}],
  ['hangs in the body', 'timeout', (_request, response) => void response.writeHead(200, type).write('{')],
  ['drips', 'timeout', dripping],
  ['is cut in the body', 'failed', cut],
  ['sends a gigabyte', 'too-large', gigabyte],
  [
    'announces a gigabyte',
    'too-large',
    (_request, response) => void response.writeHead(200, { ...type, 'content-length': '1000000000' }).write('{'),
  ],
  ['sends a compressed bomb', 'too-large', sends(bomb, { ...type, 'content-encoding': 'gzip' })],
  ['sends a bomb below the size limit', 'too-large', sends(smallBomb, { ...type, 'content-encoding': 'gzip' })],
  ['sends broken compression', 'invalid-reply', sends('no gzip', { ...type, 'content-encoding': 'gzip' })],
  ['cuts the compression short', 'invalid-reply', sends(gzipSync(text).subarray(0, 40), { ...type, 'content-encoding': 'gzip' })],
  ['sends another compression', 'invalid-reply', sends(text, { ...type, 'content-encoding': 'deflate' })],
  ['floods the head', 'too-large', sends(text, { ...type, ...manyHeaders })],
  ['redirects to an address inside', 'redirect', sends('', { location: 'http://169.254.169.254/latest/meta-data' }, 302)],
  ['redirects and keeps the method', 'redirect', sends('', { location: '/arrests' }, 307)],
  ['sends a page', 'invalid-reply', sends('<html></html>', { 'content-type': 'text/html' })],
  ['sends JSON as text', 'invalid-reply', sends(text, { 'content-type': 'text/plain' })],
  ['sends another charset', 'invalid-reply', sends(text, { 'content-type': 'application/json; charset=iso-8859-1' })],
  ['sends no JSON', 'invalid-reply', sends('{"person":')],
  ['sends bytes that are no UTF-8', 'invalid-reply', sends(Buffer.from([0x22, 0xff, 0x22]))],
  ['sends JSON of another shape', 'invalid-reply', sends('42')],
  ['sends nothing', 'invalid-reply', sends('')],
  ['names a key twice', 'invalid-reply', sends(text.replace('{"person"', '{"person":{"pnc":"B2"},"person"'))],
  ['names a key twice, once escaped', 'invalid-reply', sends(text.replace('{"person"', '{"pers\\u006fn":{"pnc":"B2"},"person"'))],
  ['names the prototype', 'invalid-reply', sends(text.replace('{"person"', '{"__proto__":{"pnc":"B2"},"person"'))],
  ['nests without end', 'invalid-reply', sends(nested)],
  ['sends more values than a person has', 'invalid-reply', sends(`[${'1,'.repeat(60_000)}1]`)],
  ['sends another person', 'wrong-subject', sends(text.replace('0123456X', '0123456Y'))],
  ['fails', 'failed', sends('{}', type, 500)],
  ['does not know the path', 'failed', sends(text, type, 404)],
  ['refuses the credential', 'refused', sends('{}', type, 401)],
  ['is busy', 'busy', sends('{}', type, 503)],
])('a source that %s is unavailable (%s) within its own limit, while another answers', async (title, because, handler) => {
  const good = sourceAt(await serve(sends(text)))
  const source = sourceAt(
    await serve((request, response) => {
      seen.push(request.url ?? '')
      handler(request, response)
    }),
    // Who hangs is given up soon; of anybody else it must not be the limit that speaks.
    because === 'timeout' ? { timeoutMs: 200 } : {},
  )
  const begun = performance.now()
  const hostile = source.fetch(question)
  expect(await good.fetch(question)).toMatchObject([{ outcome: 'items' }])
  expect(await hostile, title).toEqual([{ category: 'arrest-disposal', outcome: 'unavailable', because }])
  expect(performance.now() - begun).toBeLessThan(5_000)
})

test('no redirect was followed and the gigabyte was stopped early', () => {
  expect(seen.length).toBeGreaterThan(25)
  expect(new Set(seen)).toEqual(new Set(['/arrests']))
  expect(sentBytes).toBeGreaterThan(1_048_576)
  expect(sentBytes).toBeLessThan(50_000_000)
})

test.each([
  ['garbage', 'invalid-reply', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['two lengths', 'failed', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} '],
  ['nothing', 'failed', ''],
])('a socket that answers with %s is unavailable', async (_title, because, answer) => {
  const server = createSocketServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo
  expect(await sourceAt(`http://127.0.0.1:${port}`).fetch(question)).toMatchObject([{ because }])
})

test('a source that is not there is unavailable', async () => {
  const { address, close } = await listen(() => {})
  await close()
  expect(await sourceAt(address).fetch(question)).toMatchObject([{ because: 'failed' }])
})

test('a credential that cannot be read is a failure of that source only', async () => {
  const unreadable = () => {
    throw new Error('ENOENT')
  }
  const source = sourceAt(await serve(sends(text)), { credential: { type: 'bearer-file', file: 'gone' } }, unreadable)
  expect(await source.fetch(question)).toMatchObject([{ because: 'failed' }])
})

test('memory does not grow while a source sends what nobody reads', async () => {
  const source = sourceAt(await serve(gigabyte), { breaker: { failures: 100, restMs: 10 }, timeoutMs: 2_000 })
  const before = process.memoryUsage().rss
  for (let round = 0; round < 20; round++) {
    sentBytes = 0
    expect(await source.fetch(question)).toMatchObject([{ because: 'too-large' }])
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576)
})

test('the breaker opens after five failures in a row, lets one ask after its rest, and closes when that is answered', async () => {
  let [broken, asked] = [true, 0]
  const address = await serve((request, response) => {
    asked++
    sends(broken ? text.replace('X', 'Y') : text)(request, response)
  })
  const source = sourceAt(address, { breaker: { failures: 5, restMs: 100 } })
  const ask = async () => {
    const [reply] = await source.fetch(question)
    return reply?.outcome === 'unavailable' ? reply.because : reply?.outcome
  }
  for (let time = 0; time < 5; time++) expect(await ask()).toBe('wrong-subject')
  expect([await ask(), asked]).toEqual(['breaker-open', 5])
  await sleep(120)
  expect([await ask(), await ask(), asked]).toEqual(['wrong-subject', 'breaker-open', 6])
  broken = false
  await sleep(120)
  expect([await ask(), await ask(), asked]).toEqual(['items', 'items', 8])
})

test('a source that hangs holds only its own places: the rest are told that it is busy', async () => {
  const source = sourceAt(await serve(() => {}), { timeoutMs: 200, concurrency: 2, breaker: { failures: 100, restMs: 10 } })
  const begun = performance.now()
  const replies = (await Promise.all(Array.from({ length: 8 }, () => source.fetch(question)))).flat()
  const reasons = replies.map((reply) => (reply.outcome === 'unavailable' ? reply.because : 'items'))
  expect(reasons.filter((because) => because === 'timeout')).toHaveLength(2)
  expect(reasons.filter((because) => because === 'busy')).toHaveLength(6)
  expect(performance.now() - begun).toBeLessThan(3_000)
})

test('many enquiries at once are answered each with its own person', async () => {
  const address = await serve((request, response) => {
    const id = decodeURIComponent(request.url?.split('/')[2] ?? '')
    setTimeout(() => sends(JSON.stringify({ person: { pnc: id }, arrests: [{ offence: id }] }))(request, response), Math.random() * 20)
  })
  const byPath = { ...arrests, request: { method: 'GET', path: '/persons/{identifier}/arrests' } }
  const source = sourceAt(address, { timeoutMs: 3_000, categories: { 'arrest-disposal': byPath } })
  const ids = Array.from({ length: 100 }, (_, at) => `A/${at}`)
  const replies = await Promise.all(ids.map((identifier) => source.fetch({ ...question, identifier })))
  expect(replies.flat().map((reply) => reply.outcome === 'items' && reply.items[0]?.fields['offence'])).toEqual(ids)
})
