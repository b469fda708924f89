import { createHash } from 'node:crypto'
import type { Db } from '../../db/db.ts'
import { findCosignatures, findNewestCheckpoint, type StoredCheckpoint } from '../../db/log/checkpoints.ts'
import {
  type ExportedLeaf,
  findEndOfLeaves,
  findLeafIndexes,
  readBatches,
  readBatchesOf,
  readCheckpointNotes,
  readLeaves,
  readLoosePayloads,
  readUnsealedEntries,
} from '../../db/log/export.ts'
import { listLogKeys } from '../../db/log/log-keys.ts'
import { readTile } from '../../db/log/tiles.ts'
import { type Range, subtreesOf } from '../../ledger/proof.ts'
import { subtreesFromTiles } from '../../ledger/tiles.ts'
import { bundleReadme } from './export-readme.ts'
import { jwkOf } from './keys/key-document.ts'
import { statementsOf } from './keys/trusted-keys.ts'
import type { ZipMember } from './zip-writer.ts'

export interface ExportOptions {
  readonly origin: string
  /** The log's verifier key (C2SP signed-note). */
  readonly logKey: string
  /** Public keys that signed commits, as JWK, each with its kid. */
  readonly batchKeys: readonly Readonly<Record<string, unknown>>[]
  readonly at: Date
  /** Entries to export; absent: the whole log. */
  readonly only?: { readonly from: number; readonly to: number } | { readonly entryIds: readonly string[] }
}

const ROWS_AT_ONCE = 5_000
const LEAVES_A_FILE = 20_000
const MOST_UNSEALED = 100_000

const nothingSealed = new RangeError('nothing in the log was sealed yet')

/**
 * The files of a bundle, as the database has them, in the state of one snapshot if `db` is a transaction that keeps one. What it says is
 * not checked here: that is for whoever gets it, with other code.
 */
export async function* bundleMembers(db: Db, options: ExportOptions): AsyncGenerator<ZipMember> {
  const checkpoint = await findNewestCheckpoint(db)
  if (checkpoint === null) throw nothingSealed
  const ranges = await rangesOf(db, checkpoint.size, options)
  const whole = options.only === undefined
  const entries = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  const digests: Record<string, string> = {}
  const member = (name: string, content: string | Uint8Array): ZipMember => {
    const bytes = Buffer.from(content)
    digests[name] = createHash('sha256').update(bytes).digest('hex')
    return { name, bytes }
  }
  yield member('README.txt', bundleReadme({ origin: options.origin, size: checkpoint.size, entries }))
  yield member('checkpoint.txt', await cosigned(db, checkpoint))
  yield member('checkpoints.txt', whole ? await allNotes(db) : '')
  const ids: string[] = []
  for await (const [place, bytes] of entryFiles(db, ranges, whole ? null : ids))
    yield member(`entries/${String(place).padStart(6, '0')}.tsv`, bytes)
  const loose = whole ? [...(await readUnsealedEntries(db, MOST_UNSEALED)), ...(await readLoosePayloads(db, MOST_UNSEALED))] : []
  yield member('unsealed.tsv', Buffer.concat(loose.map(lineOf)))
  yield member('batches.tsv', (whole ? await allBatches(db) : await readBatchesOf(db, ids)).map((line) => `${line}\n`).join(''))
  yield member('outside.tsv', await outsideOf(db, checkpoint.size, ranges))
  const { origin, logKey, at } = options
  const keys = await listLogKeys(db)
  const ownKids = new Set(options.batchKeys.map(({ kid }) => kid))
  const batchKeys = [...options.batchKeys, ...keys.filter(({ kid }) => !ownKids.has(kid)).map(jwkOf)]
  const keyStatements = statementsOf(keys)
  const about = { format: 'access-log-bundle/1', origin, treeSize: checkpoint.size, whole, ranges, exportedAt: at.toISOString() }
  yield {
    name: 'manifest.json',
    bytes: Buffer.from(`${JSON.stringify({ ...about, logKey, batchKeys, keyStatements, files: digests }, null, 2)}\n`),
  }
}

const rangesOf = async (db: Db, size: number, { only }: ExportOptions): Promise<readonly Range[]> => {
  if (only === undefined) return [{ from: 0, to: Math.max(size, await findEndOfLeaves(db)) }]
  if ('from' in only) {
    const range = { from: Math.max(0, only.from), to: Math.min(size, only.to) }
    if (range.from >= range.to) throw new RangeError(`there are no entries from ${only.from} to ${only.to}`)
    return [range]
  }
  const ranges = rangesOfIndexes(await findLeafIndexes(db, only.entryIds))
  if (ranges.length === 0) throw new RangeError('none of these entries is sealed')
  return ranges
}

/** Neighbouring leaves as one range each; `indexes` ascend. */
export const rangesOfIndexes = (indexes: readonly number[]): readonly Range[] => {
  const ranges: { from: number; to: number }[] = []
  for (const index of indexes) {
    const last = ranges.at(-1)
    if (last?.to === index) last.to += 1
    else ranges.push({ from: index, to: index + 1 })
  }
  return ranges
}

const cosigned = async (db: Db, checkpoint: StoredCheckpoint): Promise<string> =>
  checkpoint.note + (await findCosignatures(db, checkpoint.size)).map((one) => one.line).join('')

const allNotes = async (db: Db): Promise<string> => {
  const notes: string[] = []
  for (let after = -1; ;) {
    const rows = await readCheckpointNotes(db, after, ROWS_AT_ONCE)
    notes.push(...rows.map((row) => row.note))
    if (rows.length < ROWS_AT_ONCE) return notes.join('\n')
    after = rows.at(-1)!.size
  }
}

const allBatches = async (db: Db): Promise<readonly string[]> => {
  const lines: string[] = []
  for (let after = { epoch: '00000000-0000-0000-0000-000000000000', counter: -1 }; ;) {
    const rows = await readBatches(db, after, ROWS_AT_ONCE)
    for (const row of rows) lines.push(row.line)
    if (rows.length < ROWS_AT_ONCE) return lines
    after = rows.at(-1)!
  }
}

const lineOf = ({ fields, canonical }: ExportedLeaf): Buffer =>
  Buffer.concat([Buffer.from(`${fields}\t`), canonical ?? Buffer.alloc(0), Buffer.from('\n')])

async function* entryFiles(db: Db, ranges: readonly Range[], ids: string[] | null): AsyncGenerator<readonly [number, Buffer]> {
  let place = 0
  let lines: Buffer[] = []
  for (const range of ranges) {
    for (let from = range.from; from < range.to; from += ROWS_AT_ONCE) {
      const rows = await readLeaves(db, from, Math.min(range.to, from + ROWS_AT_ONCE))
      for (const row of rows) lines.push(lineOf(row))
      ids?.push(...rows.map((row) => row.entryId))
      if (lines.length < LEAVES_A_FILE) continue
      yield [place, Buffer.concat(lines)]
      place += 1
      lines = []
    }
  }
  if (lines.length > 0 || place === 0) yield [place, Buffer.concat(lines)]
}

/** Complete subtrees over all leaves outside the ranges: with the leaves inside they make the root. */
export const outsideSubtrees = async (db: Db, size: number, ranges: readonly Range[]) => {
  const gaps = [...ranges, { from: size, to: size }].map((range, i) => ({ from: i === 0 ? 0 : ranges[i - 1]!.to, to: range.from }))
  const subtrees = gaps.flatMap(subtreesOf)
  const hashes = await subtreesFromTiles(size, (address) => readTile(db, address))(subtrees)
  return subtrees.map(({ level, index }, i) => ({ level, index, hash: Buffer.from(hashes[i]!).toString('hex') }))
}

const outsideOf = async (db: Db, size: number, ranges: readonly Range[]): Promise<string> =>
  (await outsideSubtrees(db, size, ranges)).map(({ level, index, hash }) => `${level}\t${index}\t${hash}\n`).join('')
