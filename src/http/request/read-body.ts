import type { IncomingMessage } from 'node:http'
import { Fault } from '../../core/fault.ts'

/** So much of a body that is too large is thrown away unread, so that the client is still listening when the answer comes. */
const discardLimitBytes = 2 * 1024 * 1024

const jsonType = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i

/** True when the request announces a body, whatever its length. */
export const hasBody = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0

/** The raw bytes of a JSON body; Faults `unsupported-media-type`, `too-large`, `malformed` (absent or cut short). */
export const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Uint8Array> => {
  refuseEncoding(request)
  if (!hasBody(request))
    throw new Fault('malformed', 'A JSON body is expected.', { details: [{ path: '', message: 'The body is missing.' }] })
  if (!jsonType.test(request.headers['content-type'] ?? '')) {
    throw new Fault('unsupported-media-type', 'Content-Type must be application/json, in UTF-8.')
  }
  return collectBody(request, limitBytes)
}

/** A compressed body could unfold to any size; none of ours is large enough to be worth it. */
const refuseEncoding = (request: IncomingMessage): void => {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Fault('unsupported-media-type', 'Request bodies must not be compressed.')
  }
}

/** The raw bytes of a body of any type; Faults `too-large`, `malformed` (cut short). */
export const collectBody = (request: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const refuse = (fault: Fault) => {
      request.removeAllListeners('data')
      request.removeAllListeners('end')
      reject(fault)
    }
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limitBytes) chunks.push(chunk)
      else if (size > discardLimitBytes) {
        request.pause()
        refuse(tooLarge(limitBytes))
      }
    })
    request.on('end', () => {
      if (size > limitBytes) refuse(tooLarge(limitBytes))
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
    })
    const cutShort = () => refuse(new Fault('malformed', 'The body was cut short.'))
    request.on('error', cutShort)
    request.on('aborted', cutShort)
  })

const tooLarge = (limitBytes: number) => new Fault('too-large', `The body is larger than ${limitBytes / 1024} KB.`)
