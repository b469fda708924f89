import type { Db } from '../../../db/db.ts'
import { type CheckedLeaf, listEarlierRoots, readCheckedLeaves } from '../../../db/log/checked-leaves.ts'
import type { StoredCheckpoint } from '../../../db/log/checkpoints.ts'
import { readTile } from '../../../db/log/tiles.ts'
import { hashNode, rootFromPath } from '../../../ledger/tree.ts'
import { inclusionProof, subtreesOf } from '../../../ledger/proof.ts'
import { subtreesFromTiles } from '../../../ledger/tiles.ts'
import { entryLeafHex } from '../../../ledger/verify/hashing.ts'

/** One thing that is not as it was signed. */
export interface LogFault {
  readonly kind: 'root' | 'earlier-root' | 'signature' | 'entry-missing' | 'entry-altered' | 'leaf-not-in-tree' | 'leaf-missing'
  /** The leaf it is about; null: the tree as a whole. */
  readonly leafIndex: number | null
}

export interface CheckedEntries {
  readonly recomputed: number
  /** Lawfully erased: the leaf alone is left, and was found in the tree. */
  readonly erased: number
  readonly faults: readonly LogFault[]
}

/** The root over the first `size` leaves, from the hashes as they are stored now; null where some are missing. */
const rootAt = async (db: Db, size: number): Promise<Buffer | null> => {
  try {
    const read = subtreesFromTiles(size, (address) => readTile(db, address))
    const hashes = await read(subtreesOf({ from: 0, to: size }))
    return Buffer.from(hashes.reduceRight((right, left) => hashNode(left, right)))
  } catch (thrown) {
    if (thrown instanceof RangeError) return null
    throw thrown
  }
}

/** Is the tree as stored the one that the checkpoint signs, and are the shorter ones that were signed before its beginning? */
export const checkRoots = async (
  db: Db,
  checkpoint: StoredCheckpoint,
  earlier: number,
): Promise<{ readonly compared: number; readonly faults: readonly LogFault[] }> => {
  const roots = [{ size: checkpoint.size, root: checkpoint.root }, ...(await listEarlierRoots(db, checkpoint.size, earlier))]
  const faults: LogFault[] = []
  for (const { size, root } of roots) {
    if ((await rootAt(db, size))?.equals(root) === true) continue
    faults.push({ kind: size === checkpoint.size ? 'root' : 'earlier-root', leafIndex: null })
  }
  return { compared: roots.length, faults }
}

/** Is each of these entries what was committed, and its leaf in the tree that the checkpoint signs? */
export const checkEntries = async (db: Db, checkpoint: StoredCheckpoint, indexes: readonly number[]): Promise<CheckedEntries> => {
  const leaves = await readCheckedLeaves(db, indexes)
  const found = new Set(leaves.map(({ leafIndex }) => leafIndex))
  const read = subtreesFromTiles(checkpoint.size, (address) => readTile(db, address))
  const faults: LogFault[] = indexes.filter((index) => !found.has(index)).map((leafIndex) => ({ kind: 'leaf-missing', leafIndex }))
  for (const leaf of leaves) {
    const kind = contentFault(leaf) ?? ((await isInTree(leaf, checkpoint, read)) ? null : 'leaf-not-in-tree')
    if (kind !== null) faults.push({ kind, leafIndex: leaf.leafIndex })
  }
  const recomputed = leaves.filter(({ canonical }) => canonical !== null).length
  return {
    recomputed,
    erased: leaves.filter(({ canonical, erased }) => canonical === null && erased).length,
    faults: faults.toSorted((left, right) => left.leafIndex! - right.leafIndex!),
  }
}

const contentFault = ({ canonical, salt, receiptDigest, leafHash, committedHash, erased }: CheckedLeaf): LogFault['kind'] | null => {
  if (committedHash === null) return 'entry-missing'
  if (!committedHash.equals(leafHash)) return 'entry-altered'
  if (canonical === null || salt === null) return erased ? null : 'entry-missing'
  const hex = entryLeafHex({ salt: salt.toString('hex'), canonical, receiptDigest: receiptDigest?.toString('hex') ?? '' })
  return hex === leafHash.toString('hex') ? null : 'entry-altered'
}

const isInTree = async (
  { leafIndex, leafHash }: CheckedLeaf,
  { size, root }: StoredCheckpoint,
  read: Parameters<typeof inclusionProof>[1],
): Promise<boolean> => {
  try {
    const path = await inclusionProof({ index: leafIndex, size }, read)
    return rootFromPath({ leaf: leafHash, index: leafIndex, size, path })?.equals(root) === true
  } catch (thrown) {
    if (thrown instanceof RangeError) return false
    throw thrown
  }
}
