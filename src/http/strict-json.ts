import { isUtf8 } from 'node:buffer'
import { Fault } from '../core/fault.ts'
import { scanJson } from '../core/scan-json.ts'

/**
 * The value of a JSON body, or a `malformed` Fault whose details name the path of what is wrong. Two readers of one body must not
 * be able to see two different things, so what RFC 8259 leaves to the reader is refused: a byte order mark, duplicate names, lone
 * surrogates, NUL, `__proto__`, numbers beyond a double, nesting deeper than 32.
 */
export const parseStrictJson = (bytes: Uint8Array): unknown => {
  if (bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw malformed('', 'The body starts with a byte order mark.')
  if (!isUtf8(bytes)) throw malformed('', 'The body is not valid UTF-8.')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const problem = scanJson(text)
  if (problem !== null) throw malformed(problem.path, problem.message)
  return JSON.parse(text)
}

const malformed = (path: string, message: string) =>
  new Fault('malformed', 'The body is not JSON that can be read in one way only.', { details: [{ path, message }] })
