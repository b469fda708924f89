import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDoors, type TestDoors } from './support.ts'

let doors: TestDoors
beforeAll(async () => void (doors = await openDoors()))
afterAll(() => doors.stop())
beforeEach(() => void (doors.seen.asked.length = 0))

/** Everything the server says until it closes, or until it has been silent for a moment. */
const talk = (bytes: string | Buffer) =>
  new Promise<{ text: string; closed: boolean }>((resolve) => {
    const socket = connect(doors.port, '127.0.0.1')
    let text = ''
    const end = (closed: boolean) => {
      socket.destroy()
      resolve({ text, closed })
    }
    socket.setTimeout(250, () => end(false))
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.on('close', () => end(true))
    socket.on('error', () => end(true))
    socket.write(bytes)
  })

const auth = 'Host: gateway\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\n'
const post = (headers: string, body: string) => `POST /v1/enquiries HTTP/1.1\r\n${auth}${headers}\r\n${body}`
const hidden = 'GET /v1/me/access HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer good\r\n\r\n'

const cases: readonly (readonly [string, string | Buffer])[] = [
  ['Content-Length and Transfer-Encoding', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${hidden}`)],
  ['Transfer-Encoding and Content-Length', post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n${hidden}`)],
  ['two lengths', post('Content-Length: 0\r\nContent-Length: 44\r\n', hidden)],
  ['two lengths in one', post('Content-Length: 0, 44\r\n', hidden)],
  ['a negative length', post('Content-Length: -1\r\n', hidden)],
  ['a length with a sign', post('Content-Length: +0\r\n', hidden)],
  ['a length in hexadecimal', post('Content-Length: 0x0\r\n', hidden)],
  ['a length beyond all', post('Content-Length: 99999999999999999999\r\n', hidden)],
  ['an empty length', post('Content-Length: \r\n', hidden)],
  ['a space before the colon', post('Content-Length : 0\r\n', hidden)],
  ['a tab before the colon', post('Transfer-Encoding\t: chunked\r\n', `0\r\n\r\n${hidden}`)],
  ['a folded header', post('Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n', hidden)],
  ['chunked twice', post('Transfer-Encoding: chunked, chunked\r\n', `0\r\n\r\n${hidden}`)],
  ['chunked not last', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${hidden}`)],
  ['an unknown coding', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${hidden}`)],
  ['a chunk size that is none', post('Transfer-Encoding: chunked\r\n', `zz\r\n{}\r\n0\r\n\r\n${hidden}`)],
  ['a chunk size with a space', post('Transfer-Encoding: chunked\r\n', `2 2\r\n{}\r\n0\r\n\r\n${hidden}`)],
  ['a chunk longer than it says', post('Transfer-Encoding: chunked\r\n', `1\r\n{}\r\n0\r\n\r\n${hidden}`)],
  ['a chunk size too large', post('Transfer-Encoding: chunked\r\n', `fffffffffffffffff\r\n{}\r\n0\r\n\r\n${hidden}`)],
  ['a bad request line', `GET  HTTP/1.1\r\n\r\n${hidden}`],
  ['no version', `GET /v1/me/access\r\n${auth}\r\n`],
  ['an unknown version', `GET /v1/me/access HTTP/9.9\r\n${auth}\r\n`],
  ['a method that is none', `G{T /v1/me/access HTTP/1.1\r\n${auth}\r\n`],
  ['a space in the path', `GET /v1/me /access HTTP/1.1\r\n${auth}\r\n`],
  ['no Host', 'GET /v1/me/access HTTP/1.1\r\nAuthorization: Bearer good\r\n\r\n'],
  ['NUL in a header', `GET /v1/me/access HTTP/1.1\r\n${auth}X-A: a\0b\r\n\r\n`],
  ['a bare carriage return in a header', `GET /v1/me/access HTTP/1.1\r\n${auth}X-A: a\rX-B: b\r\n\r\n`],
  ['bare line feeds', `GET /v1/me/access HTTP/1.1\n${auth.replaceAll('\r', '')}\n`],
  ['a header without a colon', `GET /v1/me/access HTTP/1.1\r\n${auth}nonsense\r\n\r\n`],
  ['a header without a name', `GET /v1/me/access HTTP/1.1\r\n${auth}: x\r\n\r\n`],
  ['headers over 16 KB', `GET /v1/me/access HTTP/1.1\r\n${auth}X-A: ${'a'.repeat(17 * 1024)}\r\n\r\n`],
  ['TLS spoken to plain HTTP', Buffer.from('16030100c6010000c20303', 'hex')],
  ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['CONNECT', 'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n'],
]

describe('what is not one HTTP request', () => {
  it.each(cases)('%s is answered 4xx or not at all, closed, and nothing behind it is heard', async (_name, bytes) => {
    const { text, closed } = await talk(bytes)
    expect(closed).toBe(true)
    expect(text).toMatch(/^($|HTTP\/1\.1 4\d\d )/)
    expect(text.match(/HTTP\/1\.1 \d/g)?.length ?? 0).toBeLessThanOrEqual(1)
    expect(doors.seen.asked).toEqual([])
  })

  it('hears two sound requests on one connection, in order', async () => {
    const { text } = await talk(hidden + hidden)
    expect(text.match(/HTTP\/1\.1 200 /g)?.length).toBe(2)
  })

  it('closes the connection after a body it did not read', async () => {
    const refused = `POST /v1/enquiries HTTP/1.1\r\nHost: gateway\r\nContent-Length: 200000\r\n\r\n${hidden}`
    const { text, closed } = await talk(refused)
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
    expect([closed, doors.seen.asked.length]).toEqual([true, 0])
  })

  it('takes the absolute form for what it names, never for another host', async () => {
    const { text } = await talk(`GET http://elsewhere/v1/nothing HTTP/1.1\r\n${auth}\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 404 /)
  })
})
