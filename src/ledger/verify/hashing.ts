import { hash } from 'node:crypto'

/** This folder checks what the rest of the house wrote, so it shares no code with it: even the hashing is its own. */
export const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  hash('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer')

/** One buffer for all nodes: a million of them need no million buffers. */
const node = Buffer.alloc(65)
node[0] = 0x01
/** RFC 6962 section 2.1: 0x01 before an inner node. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  node.set(left, 1)
  node.set(right, 33)
  return hash('sha256', node, 'buffer')
}

/** 0x00 before a leaf, which here is the salted commitment to the entry beside the digest of its receipt. */
const leaf = Buffer.alloc(65)
let salted = Buffer.alloc(64 * 1024)

/** The leaf of an entry from its parts, in hexadecimal as bundles have them, without a buffer for each: there are millions. Empty for none. */
export const entryLeafHex = (entry: { readonly salt: string; readonly canonical: Uint8Array; readonly receiptDigest: string }): string => {
  if (entry.receiptDigest.length !== 64 || entry.salt.length !== 64) return ''
  const saltLength = 32
  const length = saltLength + entry.canonical.length
  if (length > salted.length) salted = Buffer.alloc(length * 2)
  salted.write(entry.salt, 0, 'hex')
  salted.set(entry.canonical, saltLength)
  leaf.write(hash('sha256', salted.subarray(0, length), 'hex'), 1, 'hex')
  leaf.write(entry.receiptDigest, 33, 'hex')
  return hash('sha256', leaf, 'hex')
}

/** Level by level; an odd node at the end moves up as it is, which gives the same root as RFC 6962's split. */
export const merkleRoot = (leaves: readonly Uint8Array[]): Buffer => {
  let level: readonly Uint8Array[] = leaves
  if (level.length === 0) return sha256(Buffer.alloc(0))
  while (level.length > 1) {
    const above: Uint8Array[] = []
    for (let i = 0; i + 1 < level.length; i += 2) above.push(nodeHash(level[i]!, level[i + 1]!))
    if (level.length % 2 === 1) above.push(level[level.length - 1]!)
    level = above
  }
  return Buffer.from(level[0]!)
}
