import { type KeyObject, verify } from 'node:crypto'
import type { Database } from '../../../src/db/db.ts'
import { commitmentOf } from '../../../src/ledger/batch.ts'
import { verifyReceipt } from '../../../src/ledger/receipt.ts'
import { hashLeaf, rootOf, sha256 } from '../../../src/ledger/tree.ts'
import type { Received } from './load.ts'

export interface LogFindings {
  readonly batches: number
  readonly entries: number
  /** Received answers whose entry, payload or batch is not in the log. */
  readonly missing: readonly string[]
  /** Received answers whose entry is not what its leaf was made of, or whose receipt does not prove that entry. */
  readonly unproved: readonly string[]
  /** Batches whose signature, root, hash or number of entries is not what the log holds. */
  readonly broken: readonly string[]
  /** Batches that link to one that is not there. */
  readonly absentLinks: readonly string[]
  /** Batches that link to none, as only the first of all may. */
  readonly roots: number
}

/** Compares what clients hold with what the log holds, and the log with its own signatures. */
export const checkLog = async (owner: Database, publicKey: KeyObject, received: readonly Received[]): Promise<LogFindings> => {
  const stored = await findStored(owner, received)
  const batches = await listBatches(owner)
  const hashes = new Set(batches.map((batch) => batch.hash.toString('hex')))
  return {
    batches: batches.length,
    entries: batches.reduce((sum, batch) => sum + batch.leaves.length, 0),
    missing: received.filter(({ entryId }) => !stored.has(entryId)).map(({ entryId }) => entryId),
    unproved: received.filter((one) => !isProved(one, stored.get(one.entryId), publicKey)).map(({ entryId }) => entryId),
    broken: batches.filter((batch) => !isSound(batch, publicKey)).map(nameOf),
    absentLinks: batches.filter(({ previous }) => previous !== null && !hashes.has(previous.toString('hex'))).map(nameOf),
    roots: batches.filter(({ previous }) => previous === null).length,
  }
}

interface Stored {
  readonly entryId: string
  readonly leaf: Buffer
  readonly salt: Buffer
  readonly canonical: Buffer
  /** SHA-256 of what the receipt says, whether or not anybody was given one. */
  readonly receiptDigest: Buffer
  readonly jws: string
}

const findStored = async (owner: Database, received: readonly Received[]): Promise<ReadonlyMap<string, Stored>> => {
  const { rows } = await owner.query<Stored>({
    text: `
      select l.entry_id as "entryId", l.leaf_hash as leaf, p.salt, p.canonical,
             p.receipt_digest as "receiptDigest", b.jws
        from access_log l
        join access_log_payload p on p.entry_id = l.entry_id
        join log_batch b on b.epoch = l.batch_epoch and b.counter = l.batch_counter
       where l.entry_id = any($1::uuid[])`,
    values: [received.map(({ entryId }) => entryId)],
  })
  return new Map(rows.map((row) => [row.entryId, row]))
}

/** A refusal at a door comes without a receipt; where there is one, it has to prove this very entry. */
const isProved = ({ receipt }: Received, stored: Stored | undefined, publicKey: KeyObject): boolean => {
  if (stored === undefined) return true
  const commitment = commitmentOf(stored.salt, stored.canonical)
  if (!hashLeaf(Buffer.concat([commitment, stored.receiptDigest])).equals(stored.leaf)) return false
  if (receipt === null) return true
  return (
    receipt.batch === stored.jws &&
    receipt.commitment === commitment.toString('base64url') &&
    sha256(Buffer.from(receipt.body, 'utf8')).equals(stored.receiptDigest) &&
    verifyReceipt(receipt, publicKey)
  )
}

interface Batch {
  readonly epoch: string
  readonly counter: number
  readonly root: Buffer
  readonly size: number
  readonly previous: Buffer | null
  readonly hash: Buffer
  readonly jws: string
  readonly leaves: readonly Buffer[]
}

const listBatches = async (owner: Database): Promise<readonly Batch[]> => {
  const { rows } = await owner.query<Batch>({
    text: `
      select b.epoch, b.counter, b.root, b.size, b.previous, b.hash, b.jws,
             coalesce(array_agg(l.leaf_hash order by l.batch_position) filter (where l.entry_id is not null), '{}') as leaves
        from log_batch b
        left join access_log l on l.batch_epoch = b.epoch and l.batch_counter = b.counter
       group by b.epoch, b.counter`,
  })
  return rows
}

const nameOf = ({ epoch, counter }: Batch): string => `${epoch}/${String(counter)}`

const isSound = (batch: Batch, publicKey: KeyObject): boolean => {
  const [header, payload, signature] = batch.jws.split('.') as [string, string, string]
  if (!verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))) return false
  const bytes = Buffer.from(payload, 'base64url')
  const signed = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>
  const root = batch.leaves.length === 0 ? null : rootOf(batch.leaves)
  return (
    root?.equals(batch.root) === true &&
    sha256(bytes).equals(batch.hash) &&
    signed.root === batch.root.toString('base64url') &&
    signed.previous === (batch.previous?.toString('base64url') ?? null) &&
    signed.epoch === batch.epoch &&
    signed.counter === batch.counter &&
    signed.size === batch.leaves.length &&
    batch.size === batch.leaves.length
  )
}
