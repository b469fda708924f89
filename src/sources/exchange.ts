import { pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { SourceFailure } from './failure.ts'
import { parseStrictJson } from './strict-json.ts'

/** A reply that grows by more than this on unpacking is a bomb, whatever its size; the first part may be as repetitive as it likes. */
const maxRatio = 100
const ratioFreeBytes = 65_536
const retryWithinMs = 40

export interface Call {
  readonly dispatcher: Dispatcher
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly signal: AbortSignal
  /** Bytes of the body, counted after decompression. */
  readonly maxBytes: number
}

/** Sends one request and gives the JSON value of its reply; throws only SourceFailure. Redirects are never followed. */
export async function exchange(call: Call): Promise<unknown> {
  try {
    const reply = await send(call)
    // A body nobody reads any more still reports its end as an error.
    reply.body.on('error', () => {})
    try {
      checkHead(reply, call.maxBytes)
      return parse(await readBody(reply, call.maxBytes))
    } finally {
      reply.body.destroy()
    }
  } catch (error) {
    throw toFailure(error, call.signal)
  }
}

const connectionErrors = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

async function send(call: Call): Promise<Dispatcher.ResponseData> {
  const options = {
    origin: call.url.origin,
    path: call.url.pathname + call.url.search,
    method: call.method,
    headers: call.headers,
    body: call.body,
    signal: call.signal,
  }
  try {
    return await call.dispatcher.request(options)
  } catch (error) {
    if (call.method !== 'GET' || !connectionErrors.includes(codeOf(error)) || call.signal.aborted) throw error
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * retryWithinMs))
    return call.dispatcher.request(options)
  }
}

function checkHead(reply: Dispatcher.ResponseData, maxBytes: number): void {
  const status = reply.statusCode
  if (status >= 300 && status < 400) throw new SourceFailure('redirect')
  if (status === 401 || status === 403) throw new SourceFailure('refused')
  if (status === 429 || status === 503) throw new SourceFailure('busy')
  if (status !== 200) throw new SourceFailure('failed')
  const type = reply.headers['content-type']
  if (typeof type !== 'string' || !/^application\/([\w.-]+\+)?json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type))
    throw new SourceFailure('invalid-reply')
  if (Number(reply.headers['content-length'] ?? 0) > maxBytes) throw new SourceFailure('too-large')
}

async function readBody(reply: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> {
  let received = 0
  reply.body.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  const unpacked = unpack(reply)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes || (size > ratioFreeBytes && size > received * maxRatio)) throw new SourceFailure('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function unpack(reply: Dispatcher.ResponseData): NodeJS.ReadableStream {
  const encoding = reply.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return reply.body
  if (encoding !== 'gzip' && encoding !== 'br') throw new SourceFailure('invalid-reply')
  // The callback is what keeps a broken stream from being an uncaught error; the reader sees the same error.
  return pipeline(reply.body, encoding === 'gzip' ? createGunzip() : createBrotliDecompress(), () => {})
}

function parse(body: Buffer): unknown {
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch (error) {
    throw new SourceFailure('invalid-reply', error)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function toFailure(error: unknown, signal: AbortSignal): SourceFailure {
  if (error instanceof SourceFailure) return error
  const code = codeOf(error)
  if (signal.aborted || code.endsWith('_TIMEOUT')) return new SourceFailure('timeout', error)
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new SourceFailure('too-large', error)
  const unreadable = error instanceof Error && error.name === 'HTTPParserError'
  if (
    unreadable ||
    code.startsWith('HPE_') ||
    code.startsWith('Z_') ||
    code.startsWith('ERR_BROTLI') ||
    code.startsWith('ERR__ERROR_FORMAT')
  ) {
    return new SourceFailure('invalid-reply', error)
  }
  return new SourceFailure('failed', error)
}
