import { hashNode } from './tree.ts'

/** The complete subtree over leaves `index * 2^level` up to `(index + 1) * 2^level`. */
export interface Subtree {
  readonly level: number
  readonly index: number
}

/** Leaves `from` up to, without, `to`. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Largest power of two smaller than n; requires n > 1. */
const splitPoint = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** RFC 6962 section 2.1.1: the ranges whose hashes lead from leaf `index` to the root, the nearest first. */
const inclusionRanges = (index: number, { from, to }: Range): Range[] => {
  if (to - from === 1) return []
  const middle = from + splitPoint(to - from)
  return index < middle
    ? [...inclusionRanges(index, { from, to: middle }), { from: middle, to }]
    : [...inclusionRanges(index, { from: middle, to }), { from, to: middle }]
}

/** RFC 6962 section 2.1.2, SUBPROOF: `whole` is true while the older tree is the range itself, whose root its holder knows. */
const consistencyRanges = (older: number, { from, to }: Range, whole: boolean): Range[] => {
  if (older === to) return whole ? [] : [{ from, to }]
  const middle = from + splitPoint(to - from)
  return older <= middle
    ? [...consistencyRanges(older, { from, to: middle }, whole), { from: middle, to }]
    : [...consistencyRanges(older, { from: middle, to }, false), { from, to: middle }]
}

/** The complete subtrees that make up a range, from left to right. In a proof's ranges they stand the largest first. */
export const subtreesOf = ({ from, to }: Range): Subtree[] => {
  const subtrees: Subtree[] = []
  for (let at = from; at < to;) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1
    subtrees.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return subtrees
}

/** Finds the hashes of complete subtrees, in the order asked. */
export type ReadSubtrees = (subtrees: readonly Subtree[]) => Promise<readonly Uint8Array[]>

const hashRanges = async (ranges: readonly Range[], read: ReadSubtrees): Promise<Buffer[]> => {
  const parts = ranges.map(subtreesOf)
  const hashes = await read(parts.flat())
  let next = 0
  return parts.map((subtrees) => {
    const found = hashes.slice(next, next + subtrees.length)
    next += subtrees.length
    return Buffer.from(found.reduceRight((right, left) => hashNode(left, right)))
  })
}

/** The audit path of a leaf in the tree of `size` leaves; at most ceil(log2 size) hashes. */
export const inclusionProof = (place: { readonly index: number; readonly size: number }, read: ReadSubtrees): Promise<Buffer[]> => {
  if (place.index < 0 || place.index >= place.size) throw new RangeError(`leaf ${place.index} is not in a tree of ${place.size}`)
  return hashRanges(inclusionRanges(place.index, { from: 0, to: place.size }), read)
}

/** That the tree of `older` leaves is the beginning of the tree of `newer`; at most ceil(log2 newer) + 1 hashes, none from or to an equal one. */
export const consistencyProof = (sizes: { readonly older: number; readonly newer: number }, read: ReadSubtrees): Promise<Buffer[]> => {
  if (sizes.older < 0 || sizes.older > sizes.newer) throw new RangeError(`a tree of ${sizes.older} does not begin one of ${sizes.newer}`)
  if (sizes.older === 0) return Promise.resolve([])
  return hashRanges(consistencyRanges(sizes.older, { from: 0, to: sizes.newer }, true), read)
}
