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
  /** What was chosen from somebody's own disk; there is none on a page that takes no files. */
  readonly files: readonly FormFile[]
}

/** A file as it was sent: its name below the folder that was chosen, and its content as text. */
export interface FormFile {
  readonly field: string
  readonly name: string
  readonly text: string
}

const LIMIT_BYTES = 100 * 1024
const formType = /^application\/x-www-form-urlencoded(?:[ \t]*;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?)?$/i
const filesType = /^multipart\/form-data[ \t]*;/i

/**
 * A form as browsers send it; Faults `unsupported-media-type`, `too-large`, `malformed`.
 * @param takesBytes how much a page that takes files takes in all; absent: it takes none
 */
export const readForm = async (request: IncomingMessage, takesBytes?: number): Promise<Form> => {
  const type = request.headers['content-type'] ?? ''
  const takesFiles = takesBytes !== undefined && filesType.test(type)
  if (!takesFiles && !formType.test(type)) throw new Fault('unsupported-media-type', 'A form is expected here.')
  const bytes = await collectBody(request, takesBytes ?? LIMIT_BYTES)
  return takesFiles ? formWithFiles(bytes, type) : formOf(new URLSearchParams(bytes.toString('utf8')))
}

const formWithFiles = async (bytes: Buffer, type: string): Promise<Form> => {
  const parts = await partsOf(bytes, type)
  const typed = new URLSearchParams()
  const files: FormFile[] = []
  for (const [name, value] of parts) {
    if (typeof value === 'string') typed.append(name, value)
    // A field in which nothing was chosen comes as a file without a name.
    else if (value.name !== '') files.push({ field: name, name: value.name, text: await value.text() })
  }
  return formOf(typed, files)
}

const partsOf = async (bytes: Buffer, type: string): Promise<FormData> => {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what is advised against is reading a body of any size; this one is bounded
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
  } catch (cause) {
    throw new Fault('malformed', 'The form could not be read.', { cause })
  }
}

/** NUL cannot be stored, and a character that was not UTF-8 is not what was typed. */
const unkeepable = /[\0\ufffd]/g

const kept = (text: string): string => text.replaceAll(unkeepable, '')

export const formOf = (given: URLSearchParams, sentFiles: readonly FormFile[] = []): Form => {
  const sent = new URLSearchParams([...given].map(([name, value]): [string, string] => [kept(name), kept(value)]))
  const spoiledFiles = sentFiles.filter(({ name, text }) => `${name}${text}`.search(unkeepable) >= 0).map(({ field }) => kept(field))
  const spoiledFields = [...given].filter((pair) => pair.join('').search(unkeepable) >= 0).map(([name]) => kept(name))
  return {
    // A line break is two characters in what browsers send, and one in what was typed.
    text: (name) => (sent.get(name) ?? '').replaceAll('\r\n', '\n').trim(),
    all: (name) => sent.getAll(name),
    values: Object.fromEntries(
      [...new Set(sent.keys())].map((name) => [name, sent.getAll(name).length > 1 ? sent.getAll(name) : sent.get(name)!]),
    ),
    spoiled: [...new Set([...spoiledFields, ...spoiledFiles])],
    files: sentFiles.map(({ field, name, text }) => ({ field: kept(field), name: kept(name), text: kept(text) })),
  }
}
