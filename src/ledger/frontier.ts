import { hashNode, sha256 } from './tree.ts'

/** Leaves of one tile (C2SP tlog-tiles: 2^8). */
export const TILE_WIDTH = 256

/**
 * A tree cut down to what appending needs: the roots of its complete subtrees, the largest first (RFC 6962 section 2.1). Adding a
 * leaf touches at most log2(size) of them.
 */
export interface Frontier {
  readonly size: number
  readonly hashes: readonly Buffer[]
}

/** The root of a tile that the new leaves filled; level 0 holds leaves, level 1 roots of level 0 tiles, and so on. */
export interface FullTile {
  readonly level: number
  readonly index: number
  readonly root: Buffer
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] }

/** Appends leaf hashes in order, and tells which tiles became full on the way. */
export const growFrontier = (from: Frontier, leaves: readonly Uint8Array[]): { frontier: Frontier; tiles: readonly FullTile[] } => {
  const hashes: Buffer[] = [...from.hashes]
  const tiles: FullTile[] = []
  let size = from.size
  for (const leaf of leaves) {
    let node: Buffer = Buffer.from(leaf)
    // As many complete subtrees merge as the old size has trailing one bits.
    for (let rest = size, height = 1; rest % 2 === 1; rest = (rest - 1) / 2, height += 1) {
      node = hashNode(hashes.pop()!, node)
      if (height % 8 === 0) tiles.push({ level: height / 8 - 1, index: (size + 1) / 2 ** height - 1, root: node })
    }
    hashes.push(node)
    size += 1
  }
  return { frontier: { size, hashes }, tiles }
}

/** The root of the whole tree; that of an empty one is the hash of nothing (RFC 6962 section 2.1). */
export const frontierRoot = ({ hashes }: Frontier): Buffer =>
  hashes.length === 0 ? sha256() : hashes.reduceRight((right, left) => hashNode(left, right))

/** Frontier hashes in one string of bytes, as they are stored. */
export const packFrontier = ({ hashes }: Frontier): Buffer => Buffer.concat(hashes)

/** @throws RangeError when the bytes cannot be the frontier of a tree of this size */
export const unpackFrontier = (size: number, bytes: Uint8Array): Frontier => {
  const ones = size.toString(2).replaceAll('0', '').length
  if (bytes.length !== ones * 32) throw new RangeError(`a tree of ${size} leaves has ${ones} complete subtrees, not ${bytes.length / 32}`)
  return { size, hashes: Array.from({ length: ones }, (_, i) => Buffer.from(bytes.subarray(i * 32, i * 32 + 32))) }
}
