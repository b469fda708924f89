import type { CheckedChunk } from './chunk.ts'

/** All entries of a bundle as one list, read from the packed files without making an object of each. */
export interface Entries {
  readonly count: number
  /** -1 outside the tree. */
  indexAt(i: number): number
  leafAt(i: number): Buffer
  idAt(i: number): string
  instantAt(i: number): number
  batchAt(i: number): string
  /** Whether an entry was written in the same commit as the one before it in the list. */
  continuesBatch(i: number): boolean
  positionAt(i: number): number
  /** Negative when entry `i` belongs before entry `j` within one checkpoint: by instant, instance, counter, place in the commit. */
  compare(i: number, j: number): number
}

interface Place {
  readonly chunk: CheckedChunk
  readonly place: number
}

/** Finds in which file an entry is; nearly always in that of the entry before. */
const placeIn = (chunks: readonly CheckedChunk[]): ((i: number) => Place) => {
  const starts: number[] = []
  let count = 0
  for (const chunk of chunks) {
    starts.push(count)
    count += chunk.count
  }
  let last = 0
  return (i) => {
    while (last > 0 && i < starts[last]!) last -= 1
    while (last + 1 < starts.length && i >= starts[last + 1]!) last += 1
    return { chunk: chunks[last]!, place: i - starts[last]! }
  }
}

export const joinChunks = (chunks: readonly CheckedChunk[]): Entries => {
  const at = placeIn(chunks)
  const epochAt = (i: number): string => {
    const { chunk, place } = at(i)
    return chunk.epochs[chunk.epochOf[place]!]!
  }
  const numbers =
    (name: 'indexes' | 'instants' | 'counters' | 'positions') =>
    (i: number): number => {
      const { chunk, place } = at(i)
      return chunk[name][place]!
    }
  const [instantAt, counterAt, positionAt] = [numbers('instants'), numbers('counters'), numbers('positions')]
  const part =
    (name: 'leaves' | 'ids', width: number) =>
    (i: number): Buffer => {
      const { chunk, place } = at(i)
      const bytes = chunk[name]
      return Buffer.from(bytes.buffer, bytes.byteOffset + place * width, width)
    }
  const idBytes = part('ids', 36)
  return {
    count: chunks.reduce((sum, chunk) => sum + chunk.count, 0),
    indexAt: numbers('indexes'),
    leafAt: part('leaves', 32),
    idAt: (i) => idBytes(i).toString('latin1'),
    instantAt,
    positionAt,
    batchAt: (i) => `${epochAt(i)} ${counterAt(i)}`,
    continuesBatch: (i) => i > 0 && counterAt(i) === counterAt(i - 1) && epochAt(i) === epochAt(i - 1),
    compare: (i, j) => {
      const instants = instantAt(i) - instantAt(j)
      if (instants !== 0) return instants
      const [left, right] = [epochAt(i), epochAt(j)]
      if (left !== right) return left < right ? -1 : 1
      return counterAt(i) - counterAt(j) || positionAt(i) - positionAt(j)
    },
  }
}
