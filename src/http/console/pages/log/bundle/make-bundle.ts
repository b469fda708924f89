import { type ZipMember, zipArchive } from '../../../../../gateway/log/zip-writer.ts'
import type { Asked, Told } from '../../../page.ts'

/** One page of an export, with what proves it. */
interface Part {
  readonly content: string
  readonly manifest: Readonly<Record<string, unknown>>
  readonly proof: object | null
  readonly nextCursor: string | null
}

/** A thousand entries each. */
const MOST_PARTS = 5

export interface Exported {
  readonly parts: readonly Part[]
  readonly entries: number
  /** There is more than a bundle holds. */
  readonly more: boolean
  readonly entryIds: readonly string[]
}

/** Asks part after part, each an entry of its own; the first refusal ends it. */
export const exportParts = async (ask: (body: object) => Promise<Told>): Promise<Exported | { readonly refusal: Told }> => {
  const parts: Part[] = []
  const entryIds: string[] = []
  for (let cursor: string | null = null; parts.length < MOST_PARTS;) {
    const told = await ask({ format: 'csv', limit: 1000, ...(cursor === null ? {} : { cursor }) })
    if (told.status !== 200) return { refusal: told }
    const part = told.body as unknown as Part
    parts.push(part)
    entryIds.push(told.entryId)
    cursor = part.nextCursor
    if (cursor === null) break
  }
  const entries = parts.reduce((sum, { manifest }) => sum + Number(manifest['entries']), 0)
  return { parts, entries, more: parts.at(-1)!.nextCursor !== null, entryIds }
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

const readme = ({ parts, entries, more, entryIds }: Exported): string =>
  [
    `Entries of the access log: ${entries}, the newest first${parts.length === 1 ? '' : `, in ${parts.length} parts`}.`,
    ...(more ? ['There are more: choose a shorter time for the rest.'] : []),
    '',
    'entries-N.csv    what was exported. An apostrophe stands before what a spreadsheet could run.',
    'manifest-N.json  what was asked, what was left out, how many entries, and the SHA-256 of entries-N.csv.',
    'proof-N.json     the checkpoint that the log signed, the hashes of these entries, and those of the trees between them:',
    '                 hashed together as RFC 6962 has it they are the root that the checkpoint names. So the entries stand',
    '                 in the log, whatever was left out of their copy here.',
    '',
    `The export is itself in the log: ${entryIds.join(', ')}.`,
    '',
  ].join('\r\n')

/** Everything as one archive: what was exported, what it is, and what proves it. */
export const bundleOf = async (exported: Exported): Promise<Uint8Array> => {
  const members = async function* (): AsyncGenerator<ZipMember> {
    yield await Promise.resolve({ name: 'README.txt', bytes: Buffer.from(readme(exported)) })
    for (const [place, { content, manifest, proof }] of exported.parts.entries()) {
      yield { name: `entries-${place + 1}.csv`, bytes: Buffer.from(content) }
      yield { name: `manifest-${place + 1}.json`, bytes: json(manifest) }
      yield { name: `proof-${place + 1}.json`, bytes: json(proof) }
    }
  }
  const pieces: Buffer[] = []
  for await (const piece of zipArchive(members())) pieces.push(piece)
  return Buffer.concat(pieces)
}

export const asking =
  (ask: (operationId: string, asked?: Asked) => Promise<Told>, common: object) =>
  (body: object): Promise<Told> =>
    ask('exportLogEntries', { body: { ...common, ...body } })
