import { createHash } from 'node:crypto'
import { z } from 'zod'
import { judgeBundle } from '../../ledger/verify/bundle.ts'
import { checkChunk } from '../../ledger/verify/chunk.ts'
import type { Finding } from '../../ledger/verify/finding.ts'
import { followKeys, type FollowedKeys } from '../../ledger/verify/keys/follow-keys.ts'
import { checkNotes, splitNotes } from '../../ledger/verify/signatures.ts'
import { parseNote, parseNoteKey, signedBy } from '../../ledger/verify/signed-note.ts'
import { runTasks } from './run-tasks.ts'
import type { KeyText, VerifyTask } from './verify-task.ts'
import { openZip, type ZipEntry } from './zip-reader.ts'

export interface VerifyOptions {
  readonly bundle: string
  /** The log's verifier key as it was told apart from the bundle; absent: the bundle's own is used, and said so. */
  readonly key?: string
  /** A checkpoint kept elsewhere. */
  readonly checkpoint?: string
  /** Verifier keys of witnesses whose signatures are looked for. */
  readonly witnesses?: readonly string[]
}

export interface Verdict {
  readonly findings: readonly Finding[]
  readonly origin: string
  readonly entries: number
  readonly treeSize: number
  readonly whole: boolean
  readonly key: string
  /** All keys of the log that follow from that one, the oldest first, each with the leaves that it may sign. */
  readonly keys: readonly KeyText[]
  readonly witnessedBy: readonly string[]
}

const manifestShape = z.object({
  format: z.literal('access-log-bundle/1'),
  origin: z.string(),
  treeSize: z.int(),
  whole: z.boolean(),
  exportedAt: z.iso.datetime(),
  logKey: z.string(),
  batchKeys: z.array(z.record(z.string(), z.unknown())),
  /** Absent in bundles written before keys could be changed. */
  keyStatements: z.array(z.string()).default([]),
  files: z.record(z.string(), z.string()),
})

const BATCHES_A_TASK = 2_000

/**
 * Checks a bundle: no network, no gateway, no database.
 * @throws Error in words when the archive cannot be read at all
 */
export const verifyBundle = async (options: VerifyOptions): Promise<Verdict> => {
  const zip = openZip(options.bundle)
  try {
    const manifest = manifestShape.parse(JSON.parse(read(zip.entries, 'manifest.json').toString('utf8')))
    const files = readFiles(zip.entries, manifest.files)
    const logKey = parseNoteKey(options.key ?? manifest.logKey)
    const followed = followKeys(logKey, manifest.keyStatements)
    const { windows } = followed
    const results = await runTasks(tasksFor(options, { manifest, followed, files, names: [...zip.entries.keys()] }))
    const chunks = results.flatMap((result) => ('chunk' in result ? [result.chunk] : []))
    const findings = judgeBundle({
      whole: manifest.whole,
      exportedAt: new Date(manifest.exportedAt),
      chunks,
      unsealed: checkChunk(files.unsealed),
      batches: results.flatMap((result) => ('batches' in result ? result.batches : [])),
      head: checkNotes([files.checkpoint], windows)[0]!,
      history: results.flatMap((result) => ('notes' in result ? result.notes : [])),
      kept: options.checkpoint === undefined ? null : checkNotes([options.checkpoint], windows)[0]!,
      outside: files.outside,
      keys: { ...followed, given: manifest.keyStatements },
    })
    return {
      findings: [...files.damaged, ...findings],
      origin: manifest.origin,
      entries: chunks.reduce((sum, chunk) => sum + chunk.count, 0),
      treeSize: manifest.treeSize,
      whole: manifest.whole,
      key: logKey.text,
      keys: keyTexts(followed),
      witnessedBy: witnessesOf(files.checkpoint, options.witnesses ?? []),
    }
  } finally {
    zip.close()
  }
}

const read = (entries: ReadonlyMap<string, ZipEntry>, name: string): Buffer => {
  const entry = entries.get(name)
  if (entry === undefined) throw new Error(`The bundle has no ${name}.`)
  return entry.read()
}

interface Files {
  readonly checkpoint: string
  readonly history: string
  readonly batches: string
  readonly unsealed: Buffer
  readonly outside: ReadonlyMap<string, Buffer>
  readonly damaged: readonly Finding[]
}

const readFiles = (entries: ReadonlyMap<string, ZipEntry>, digests: Readonly<Record<string, string>>): Files => {
  const damaged: Finding[] = []
  const take = (name: string): Buffer => {
    const bytes = read(entries, name)
    const says = `${name} is not the file that the manifest names`
    if (createHash('sha256').update(bytes).digest('hex') !== digests[name])
      damaged.push({ kind: 'file-damaged', entryId: null, leafIndex: null, says })
    return bytes
  }
  const outside = take('outside.tsv')
    .toString('latin1')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
  return {
    checkpoint: take('checkpoint.txt').toString('utf8'),
    history: take('checkpoints.txt').toString('utf8'),
    batches: take('batches.tsv').toString('utf8'),
    unsealed: take('unsealed.tsv'),
    outside: new Map(outside.map(([level, index, hash]) => [`${level} ${index}`, Buffer.from(hash ?? '', 'hex')])),
    damaged,
  }
}

interface Plan {
  readonly manifest: z.infer<typeof manifestShape>
  readonly followed: FollowedKeys
  readonly files: Files
  readonly names: readonly string[]
}

const keyTexts = ({ windows }: FollowedKeys): readonly KeyText[] => windows.map(({ key, from, until }) => ({ text: key.text, from, until }))

const tasksFor = ({ bundle }: VerifyOptions, { manifest, followed, files, names }: Plan): readonly VerifyTask[] => {
  // Commits are signed with the same keys as checkpoints: the bundle says by which name, and never which key is the log's.
  const keys = followed.windows.flatMap(({ key, from, until }) =>
    manifest.batchKeys.filter(({ x }) => x === key.key.export({ format: 'jwk' }).x).map((jwk) => ({ jwk, within: { from, until } })),
  )
  const members = names.filter((name) => name.startsWith('entries/')).sort()
  return [
    ...members.map((member): VerifyTask => ({ kind: 'entries', bundle, member })),
    ...slices(files.batches.split('\n').filter(Boolean)).map((lines): VerifyTask => ({ kind: 'batches', lines, keys })),
    ...slices(splitNotes(files.history)).map((notes): VerifyTask => ({ kind: 'notes', notes, windows: keyTexts(followed) })),
  ]
}

const slices = (lines: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(lines.length / BATCHES_A_TASK) }, (_, i) => lines.slice(i * BATCHES_A_TASK, (i + 1) * BATCHES_A_TASK))

const witnessesOf = (checkpoint: string, keys: readonly string[]): readonly string[] => {
  const note = parseNote(checkpoint)
  return note === null
    ? []
    : keys
        .map(parseNoteKey)
        .filter((key) => signedBy(note, key) !== null)
        .map((key) => key.name)
}
