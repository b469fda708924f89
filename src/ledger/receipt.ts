import { type KeyObject, verify } from 'node:crypto'
import type { SealedBatch } from './batch.ts'
import { leafOf } from './batch.ts'
import { rootFromPath } from './tree.ts'

/** What the holder of an answer keeps: that this decision was committed to the log, provable without the gateway. */
export interface Receipt {
  /** Canonical JSON of the summary: entry, decision, policy and agreement versions, marking, handling conditions. */
  readonly body: string
  /** Salted SHA-256 commitment to the full entry, base64url. */
  readonly commitment: string
  readonly index: number
  readonly size: number
  readonly path: readonly string[]
  /** Compact JWS over the root of the commit. */
  readonly batch: string
}

export const receiptOf = (batch: SealedBatch, index: number, body: Uint8Array): Receipt => {
  const leaf = batch.leaves[index]!
  return {
    body: Buffer.from(body).toString('utf8'),
    commitment: leaf.commitment.toString('base64url'),
    index,
    size: batch.leaves.length,
    path: leaf.path.map((node) => node.toString('base64url')),
    batch: batch.jws,
  }
}

/** True when the receipt's summary stood in a commit signed by the holder of `publicKey` (Ed25519). */
export const verifyReceipt = (receipt: Receipt, publicKey: KeyObject): boolean => {
  const [header, payload, signature, ...rest] = receipt.batch.split('.')
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return false
  if (!verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))) return false
  const signed = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { root: string; size: number }
  if (signed.size !== receipt.size) return false
  const root = rootFromPath({
    leaf: leafOf(Buffer.from(receipt.commitment, 'base64url'), Buffer.from(receipt.body, 'utf8')),
    index: receipt.index,
    size: receipt.size,
    path: receipt.path.map((node) => Buffer.from(node, 'base64url')),
  })
  return root !== null && root.toString('base64url') === signed.root
}
