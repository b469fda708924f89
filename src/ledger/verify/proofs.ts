import { nodeHash } from './hashing.ts'

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0

/** RFC 9162 section 2.1.3.2: does the path lead from the leaf at this place to this root? */
export const provesInclusion = (claim: {
  readonly leaf: Uint8Array
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  readonly path: readonly Uint8Array[]
}): boolean => {
  if (!Number.isSafeInteger(claim.index) || claim.index < 0 || claim.index >= claim.size) return false
  let [fn, sn] = [BigInt(claim.index), BigInt(claim.size) - 1n]
  let found: Uint8Array = claim.leaf
  for (const sibling of claim.path) {
    if (sn === 0n) return false
    if (fn % 2n === 1n || fn === sn) {
      found = nodeHash(sibling, found)
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else {
      found = nodeHash(found, sibling)
    }
    ;[fn, sn] = [fn >> 1n, sn >> 1n]
  }
  return sn === 0n && sameBytes(found, claim.root)
}

/** RFC 9162 section 2.1.4.2: is the older tree the beginning of the newer one? Every tree continues the empty one. */
export const provesConsistency = (claim: {
  readonly older: { readonly size: number; readonly root: Uint8Array }
  readonly newer: { readonly size: number; readonly root: Uint8Array }
  readonly path: readonly Uint8Array[]
}): boolean => {
  const { older, newer, path } = claim
  if (older.size > newer.size || older.size < 0) return false
  if (older.size === 0) return path.length === 0
  if (older.size === newer.size) return path.length === 0 && sameBytes(older.root, newer.root)
  if (path.length === 0) return false
  const nodes = Number.isInteger(Math.log2(older.size)) ? [older.root, ...path] : [...path]
  let [fn, sn] = [BigInt(older.size) - 1n, BigInt(newer.size) - 1n]
  while (fn % 2n === 1n) [fn, sn] = [fn >> 1n, sn >> 1n]
  let [oldRoot, newRoot] = [nodes[0]!, nodes[0]!]
  for (const sibling of nodes.slice(1)) {
    if (sn === 0n) return false
    if (fn % 2n === 1n || fn === sn) {
      oldRoot = nodeHash(sibling, oldRoot)
      newRoot = nodeHash(sibling, newRoot)
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else {
      newRoot = nodeHash(newRoot, sibling)
    }
    ;[fn, sn] = [fn >> 1n, sn >> 1n]
  }
  return sn === 0n && sameBytes(oldRoot, older.root) && sameBytes(newRoot, newer.root)
}
