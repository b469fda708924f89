import { type KeyObject, sign } from 'node:crypto'
import { hashLeaf, rootAndPaths, sha256 } from './tree.ts'

/** One access-log entry on its way into a commit. `salt` is 32 random bytes; both texts are RFC 8785 canonical JSON. */
export interface SealableEntry {
  readonly entryId: string
  readonly salt: Uint8Array
  readonly canonical: Uint8Array
  /** What the receipt will say of the entry: bound to the leaf, so that it can be shown without showing the entry. */
  readonly receiptBody: Uint8Array
}

/** The place of a commit in the chain of its instance: links may fork, a link to an absent batch is a fault. */
export interface BatchPlace {
  readonly epoch: string
  readonly counter: number
  /** Hash of the newest batch this instance knows to be committed; null for the first of all. */
  readonly previous: Uint8Array | null
  readonly at: Date
}

export interface BatchKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

export interface SealedBatch {
  readonly place: BatchPlace
  readonly root: Buffer
  readonly hash: Buffer
  readonly jws: string
  readonly leaves: readonly {
    readonly commitment: Buffer
    readonly receiptDigest: Buffer
    readonly hash: Buffer
    readonly path: readonly Buffer[]
  }[]
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** The first part of the signature of every commit that this key signs: it tells whose it is without reading the rest. */
export const batchHeader = (kid: string): string =>
  base64url(Buffer.from(JSON.stringify({ alg: 'EdDSA', kid, typ: 'access-log-batch+jws' })))

/**
 * The salted commitment hides the entry from whoever holds the leaf only (a name cannot be guessed from it); the receipt's
 * digest stands beside it, so that a receipt still proves itself after the entry's payload was lawfully erased.
 */
export const commitmentOf = (salt: Uint8Array, canonical: Uint8Array): Buffer => sha256(salt, canonical)
export const leafOf = (commitment: Uint8Array, receiptBody: Uint8Array): Buffer => leafOfDigest(commitment, sha256(receiptBody))
const leafOfDigest = (commitment: Uint8Array, receiptDigest: Uint8Array): Buffer => hashLeaf(Buffer.concat([commitment, receiptDigest]))

/** Signs all the entries of one commit at once: one Merkle root, one Ed25519 signature (compact JWS, RFC 7515, RFC 8037). */
export const sealBatch = (entries: readonly SealableEntry[], place: BatchPlace, key: BatchKey): SealedBatch => {
  const commitments = entries.map((entry) => commitmentOf(entry.salt, entry.canonical))
  const digests = entries.map((entry) => sha256(entry.receiptBody))
  const leaves = commitments.map((commitment, i) => leafOfDigest(commitment, digests[i]!))
  const { root, paths } = rootAndPaths(leaves)
  const header = batchHeader(key.kid)
  const payload = Buffer.from(
    JSON.stringify({
      at: place.at.toISOString(),
      counter: place.counter,
      epoch: place.epoch,
      previous: place.previous === null ? null : base64url(place.previous),
      root: base64url(root),
      size: entries.length,
    }),
  )
  const signed = `${header}.${base64url(payload)}`
  const jws = `${signed}.${base64url(sign(null, Buffer.from(signed), key.privateKey))}`
  return {
    place,
    root,
    hash: sha256(payload),
    jws,
    leaves: leaves.map((hash, i) => ({ commitment: commitments[i]!, receiptDigest: digests[i]!, hash, path: paths[i]! })),
  }
}
