import type { IncomingMessage } from 'node:http'
import { Fault } from '../../../core/fault.ts'
import { collectBody } from '../../request/read-body.ts'

/** What was typed, by name. */
export interface Form {
  /** Trimmed; empty when it was left out. */
  text(name: string): string
  all(name: string): readonly string[]
  readonly values: Readonly<Record<string, string | readonly string[]>>
  /** Fields in which something was typed that cannot be kept; it is left out of what they give. */
  readonly spoiled: readonly string[]
}

const LIMIT_BYTES = 100 * 1024
const formType = /^application\/x-www-form-urlencoded(?:[ \t]*;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?)?$/i

/** A form as browsers send it; Faults `unsupported-media-type`, `too-large`. */
export const readForm = async (request: IncomingMessage): Promise<Form> => {
  if (!formType.test(request.headers['content-type'] ?? '')) throw new Fault('unsupported-media-type', 'A form is expected here.')
  return formOf(new URLSearchParams((await collectBody(request, LIMIT_BYTES)).toString('utf8')))
}

/** NUL cannot be stored, and a character that was not UTF-8 is not what was typed. */
const unkeepable = /[\0\ufffd]/g

const kept = (text: string): string => text.replaceAll(unkeepable, '')

export const formOf = (given: URLSearchParams): Form => {
  const sent = new URLSearchParams([...given].map(([name, value]): [string, string] => [kept(name), kept(value)]))
  return {
    // A line break is two characters in what browsers send, and one in what was typed.
    text: (name) => (sent.get(name) ?? '').replaceAll('\r\n', '\n').trim(),
    all: (name) => sent.getAll(name),
    values: Object.fromEntries(
      [...new Set(sent.keys())].map((name) => [name, sent.getAll(name).length > 1 ? sent.getAll(name) : sent.get(name)!]),
    ),
    spoiled: [...new Set([...given].filter((pair) => pair.join('').search(unkeepable) >= 0).map(([name]) => kept(name)))],
  }
}
