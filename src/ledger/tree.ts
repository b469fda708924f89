import { hash } from 'node:crypto'

/** RFC 6962 section 2.1: a leaf and a node are hashed under different prefixes, so that neither can pass for the other. */
const LEAF_PREFIX = Buffer.from([0x00])
const NODE_PREFIX = Buffer.from([0x01])

export const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  hash('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer')

export const hashLeaf = (data: Uint8Array): Buffer => sha256(LEAF_PREFIX, data)
export const hashNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE_PREFIX, left, right)

/** Largest power of two smaller than n; requires n > 1. */
const splitPoint = (n: number): number => 2 ** Math.floor(Math.log2(n - 1))

/** Merkle tree hash over leaf hashes (RFC 6962 section 2.1); requires at least one leaf. */
export const rootOf = (leaves: readonly Uint8Array[]): Buffer => {
  if (leaves.length === 0) throw new RangeError('a tree needs at least one leaf')
  return rootOfRange(leaves, 0, leaves.length)
}

const rootOfRange = (leaves: readonly Uint8Array[], from: number, to: number): Buffer => {
  if (to - from === 1) return Buffer.from(leaves[from]!)
  const middle = from + splitPoint(to - from)
  return hashNode(rootOfRange(leaves, from, middle), rootOfRange(leaves, middle, to))
}

/** Root and every leaf's audit path in one walk: what a commit of up to 64 entries needs, without hashing a node twice. */
export const rootAndPaths = (leaves: readonly Uint8Array[]): { root: Buffer; paths: Buffer[][] } => {
  const paths: Buffer[][] = leaves.map(() => [])
  const walk = (from: number, to: number): Buffer => {
    if (to - from === 1) return Buffer.from(leaves[from]!)
    const middle = from + splitPoint(to - from)
    const left = walk(from, middle)
    const right = walk(middle, to)
    for (let i = from; i < middle; i++) paths[i]!.push(right)
    for (let i = middle; i < to; i++) paths[i]!.push(left)
    return hashNode(left, right)
  }
  if (leaves.length === 0) throw new RangeError('a tree needs at least one leaf')
  return { root: walk(0, leaves.length), paths }
}

/** Recomputes the root from a leaf hash and its audit path (RFC 9162 section 2.1.3.2); null when the path cannot belong to the place. */
export const rootFromPath = (place: { leaf: Uint8Array; index: number; size: number; path: readonly Uint8Array[] }): Buffer | null => {
  if (place.index < 0 || place.index >= place.size) return null
  let node: Buffer = Buffer.from(place.leaf)
  let index = place.index
  let last = place.size - 1
  for (const sibling of place.path) {
    if (last === 0) return null
    if (index % 2 === 1 || index === last) {
      node = hashNode(sibling, node)
      while (index % 2 === 0 && index !== 0) {
        index = Math.floor(index / 2)
        last = Math.floor(last / 2)
      }
    } else {
      node = hashNode(node, sibling)
    }
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? node : null
}
