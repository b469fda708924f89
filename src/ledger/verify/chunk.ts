import { checkEntry, readEntryLines } from './entry-lines.ts'
import type { Finding } from './finding.ts'

/** What the rest of the check needs of a file of entries: packed, so that it can be handed between threads without copying. */
export interface CheckedChunk {
  readonly findings: readonly Finding[]
  readonly count: number
  /** Leaf indexes; -1 for an entry outside the tree. */
  readonly indexes: Float64Array
  /** 32 bytes each: the leaf in the tree, or in the log for an entry outside it; zeros where there is none. */
  readonly leaves: Uint8Array
  /** 36 characters each. */
  readonly ids: Uint8Array
  /** Microseconds since 1970; NaN where the entry is not in the log. */
  readonly instants: Float64Array
  readonly epochs: readonly string[]
  /** Into `epochs`. */
  readonly epochOf: Uint32Array
  readonly counters: Float64Array
  readonly positions: Int32Array
  /** Erased payloads and the entries that are said to account for them. */
  readonly erased: readonly { readonly entryId: string; readonly by: string }[]
  readonly erasures: readonly { readonly entryId: string; readonly erases: readonly string[] }[]
  /** What entries say of the log's keys. */
  readonly keyStatements: readonly { readonly entryId: string; readonly statement: string }[]
}

const microsOf = (at: string): number => (at === '' ? Number.NaN : Date.parse(`${at.slice(0, 23)}Z`) * 1000 + Number(at.slice(23, 26)))

/** Entries of one commit share their instant, so that reading the last one again is reading nothing. */
const readInstants = (): ((at: string) => number) => {
  let [last, micros] = ['', Number.NaN]
  return (at) => {
    if (at !== last) [last, micros] = [at, microsOf(at)]
    return micros
  }
}

const countLines = (bytes: Buffer): number => {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count += 1
  return count
}

/** Checks each entry of a file by itself. */
export const checkChunk = (bytes: Buffer): CheckedChunk => {
  const size = countLines(bytes)
  const epochs = new Map<string, number>()
  const chunk = {
    findings: [] as Finding[],
    indexes: new Float64Array(size),
    leaves: new Uint8Array(size * 32),
    ids: new Uint8Array(size * 36),
    instants: new Float64Array(size),
    epochOf: new Uint32Array(size),
    counters: new Float64Array(size),
    positions: new Int32Array(size),
    erased: [] as { entryId: string; by: string }[],
    erasures: [] as { entryId: string; erases: readonly string[] }[],
    keyStatements: [] as { entryId: string; statement: string }[],
  }
  const [ids, leaves] = [Buffer.from(chunk.ids.buffer), Buffer.from(chunk.leaves.buffer)]
  const instantOf = readInstants()
  let count = 0
  for (const line of readEntryLines(bytes)) {
    const { findings, erases, keyStatement } = checkEntry(line)
    if (findings.length > 0) chunk.findings.push(...findings)
    chunk.indexes[count] = line.leafIndex ?? -1
    const leaf = line.treeLeaf ?? line.leaf
    if (leaf !== null) leaves.write(leaf, count * 32, 32, 'hex')
    ids.write(line.entryId, count * 36, 36, 'latin1')
    chunk.instants[count] = instantOf(line.at)
    if (!epochs.has(line.epoch)) epochs.set(line.epoch, epochs.size)
    chunk.epochOf[count] = epochs.get(line.epoch)!
    chunk.counters[count] = line.counter
    chunk.positions[count] = line.position
    if (line.canonical.length === 0 && line.erasedBy !== null) chunk.erased.push({ entryId: line.entryId, by: line.erasedBy })
    if (keyStatement !== undefined) chunk.keyStatements.push({ entryId: line.entryId, statement: keyStatement })
    if (erases.length > 0) chunk.erasures.push({ entryId: line.entryId, erases })
    count += 1
  }
  return { ...chunk, count, epochs: [...epochs.keys()] }
}
