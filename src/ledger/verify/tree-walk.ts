import { merkleRoot, nodeHash, sha256 } from './hashing.ts'

export interface GrowingTree {
  add(leaf: Uint8Array): void
  root(): Buffer
}

/** The tree as it grew: roots of its complete subtrees. Written apart from the one that writes the log, and checked against it. */
export const growTree = (): GrowingTree => {
  const peaks: { readonly height: number; readonly hash: Uint8Array }[] = []
  return {
    add: (leaf) => {
      let peak: { height: number; hash: Uint8Array } = { height: 0, hash: leaf }
      while (peaks.at(-1)?.height === peak.height) {
        const left = peaks.pop()!
        peak = { height: peak.height + 1, hash: nodeHash(left.hash, peak.hash) }
      }
      peaks.push(peak)
    },
    root: () => {
      const [last, ...others] = peaks.map((peak) => peak.hash).reverse()
      if (last === undefined) return sha256(Buffer.alloc(0))
      return Buffer.from(others.reduce((right, left) => nodeHash(left, right), last))
    },
  }
}

/** Hashes of complete subtrees, by `level index`; level 0 holds leaves. */
export type KnownSubtrees = ReadonlyMap<string, Uint8Array>

/** The root of a tree of which some leaves and, for all others, subtrees are known (RFC 6962 section 2.1); null when a part is missing. */
export const rootOfParts = (size: number, known: KnownSubtrees): Buffer | null => {
  const rangeRoot = (from: number, to: number): Uint8Array | null => {
    const width = to - from
    if (Number.isInteger(Math.log2(width)) && from % width === 0) {
      const whole = known.get(`${Math.log2(width)} ${from / width}`)
      if (whole !== undefined) return whole
    }
    if (width <= 1) return null
    const middle = from + 2 ** Math.ceil(Math.log2(width) - 1)
    const left = rangeRoot(from, middle)
    const right = left === null ? null : rangeRoot(middle, to)
    return left === null || right === null ? null : merkleRoot([left, right])
  }
  const root = size === 0 ? null : rangeRoot(0, size)
  return root === null ? null : Buffer.from(root)
}
