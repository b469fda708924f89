import { createRequire } from 'node:module'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findNewestCheckpoint } from '../../src/db/log/checkpoints.ts'
import { readTile } from '../../src/db/log/tiles.ts'
import { inclusionProof } from '../../src/ledger/proof.ts'
import { subtreesFromTiles } from '../../src/ledger/tiles.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { withTransaction } from '../../src/db/db.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { sealOnce } from '../../src/jobs/sealer.ts'
import { commitmentOf } from '../../src/ledger/batch.ts'
import { sha256 } from '../../src/ledger/tree.ts'
import { entryAt, makeKey, origin } from './sealing-support.ts'

/** What another project's verifier of transparency logs (RFC 6962 section 2.1.1) takes; it is no part of its package's front door. */
type Verify = (
  entry: { canonicalizedBody: Buffer; inclusionProof: { logIndex: string; hashes: readonly Buffer[] } },
  checkpoint: { logSize: string; logHash: Buffer },
) => void
const require = createRequire(import.meta.url)
const { verifyMerkleInclusion } = require(join(require.resolve('@sigstore/verify'), '../tlog/merkle.js')) as {
  verifyMerkleInclusion: Verify
}

let fresh: FreshDatabase
/** What is hashed into the leaf of each entry: its salted commitment, and the digest of its receipt. */
const bodies = new Map<string, Buffer>()
beforeAll(async () => {
  fresh = await freshDatabase()
  const key = makeKey()
  const log = await openLogWriter(fresh.db, key)
  for (const size of [1, 3, 64, 2, 7, 64, 64, 64, 5, 31]) {
    const at = new Date()
    const entries = Array.from({ length: size }, () => entryAt(at))
    log.committed(await withTransaction(fresh.db, (tx) => log.append(tx, entries, [], at)))
    for (const { columns, sealable } of entries) {
      bodies.set(columns.entryId, Buffer.concat([commitmentOf(sealable.salt, sealable.canonical), sha256(sealable.receiptBody)]))
    }
    await sealOnce({ database: fresh.db, origin, privateKey: key.privateKey })
  }
})
afterAll(() => fresh.drop())

interface Stored {
  readonly index: number
  readonly leaf: Buffer
}

test('every leaf of a sealed log proves itself to a verifier that is not ours, and nothing altered does', async () => {
  const { rows: leaves } = await fresh.owner.query<{ index: number; entryId: string }>({
    text: 'select l.leaf_index as index, l.entry_id as "entryId" from log_leaf l order by l.leaf_index',
  })
  const rows = leaves.map(({ index, entryId }): Stored => ({ index, leaf: bodies.get(entryId)! }))
  const checkpoint = (await findNewestCheckpoint(fresh.db))!
  expect([rows.length, checkpoint.size]).toEqual([305, 305])
  const read = subtreesFromTiles(checkpoint.size, (address) => readTile(fresh.db, address))
  const signed = { logSize: String(checkpoint.size), logHash: checkpoint.root }
  const holds = (one: Stored, hashes: readonly Buffer[]): boolean => {
    try {
      verifyMerkleInclusion({ canonicalizedBody: one.leaf, inclusionProof: { logIndex: String(one.index), hashes } }, signed)
      return true
    } catch {
      return false
    }
  }
  const paths = await Promise.all(rows.map(({ index }) => inclusionProof({ index, size: checkpoint.size }, read)))
  expect(rows.filter((one, n) => !holds(one, paths[n]!)).map(({ index }) => index)).toEqual([])
  fc.assert(
    fc.property(fc.nat(rows.length - 1), fc.nat(), fc.nat(7), (n, byte, bit) => {
      const flip = (bytes: Buffer): Buffer => {
        const copy = Buffer.from(bytes)
        copy[byte % copy.length]! ^= 1 << bit
        return copy
      }
      const [one, path] = [rows[n]!, paths[n]!]
      const at = byte % path.length
      return (
        !holds({ ...one, leaf: flip(one.leaf) }, path) &&
        !holds({ ...one, index: (one.index + 1) % rows.length }, path) &&
        !holds(one, path.with(at, flip(path[at]!))) &&
        !holds(one, path.slice(1))
      )
    }),
  )
})
