import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Db, type Tx, withTransaction } from '../../src/db/db.ts'
import { findNewestCheckpoint } from '../../src/db/log/checkpoints.ts'
import { findLeaf, readSealingLag } from '../../src/db/log/leaves.ts'
import { readTile } from '../../src/db/log/tiles.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { sealOnce, type SealerMemory } from '../../src/jobs/sealer.ts'
import { startSealing } from '../../src/jobs/sealing-loop.ts'
import { logVerifierKey } from '../../src/ledger/note.ts'
import { consistencyProof, inclusionProof } from '../../src/ledger/proof.ts'
import { subtreesFromTiles } from '../../src/ledger/tiles.ts'
import { merkleRoot } from '../../src/ledger/verify/hashing.ts'
import { provesConsistency, provesInclusion } from '../../src/ledger/verify/proofs.ts'
import { parseCheckpoint, parseNote, parseNoteKey, signedBy } from '../../src/ledger/verify/signed-note.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { commitEntries, entryAt, exportAndVerify, makeKey, makeLog, origin } from './sealing-support.ts'

let fresh: FreshDatabase
const key = makeKey()
const seal = (memory?: SealerMemory) => sealOnce({ database: fresh.db, origin, privateKey: key.privateKey }, memory)
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.drop())

const leavesOf = async (db: Db) =>
  (
    await db.query<{ index: number; entryId: string; hash: Buffer }>({
      text: 'select l.leaf_index as index, l.entry_id as "entryId", l.leaf_hash as hash from log_leaf l order by l.leaf_index',
    })
  ).rows

/** Nothing missing, nothing twice, and the newest checkpoint is over exactly that. */
const expectDense = async (): Promise<number> => {
  const leaves = await leavesOf(fresh.owner)
  const { rows } = await fresh.owner.query<{ entries: number }>({ text: 'select count(*) as entries from access_log' })
  expect(leaves.map((leaf) => leaf.index)).toEqual(leaves.map((_, i) => i))
  expect(leaves.length).toBe(Number(rows[0]?.entries))
  const newest = await findNewestCheckpoint(fresh.db)
  expect(newest?.root.equals(merkleRoot(leaves.map((leaf) => leaf.hash)))).toBe(true)
  return leaves.length
}

describe('the sealer', () => {
  test('gives every committed entry its place, in the order of commits, and signs nothing when there is nothing new', async () => {
    const ids = await makeLog(fresh.db, key, { commits: [1, 3, 64, 2, 7], sealEvery: 2 })
    expect((await leavesOf(fresh.owner)).map((leaf) => leaf.entryId)).toEqual(ids)
    const before = await findNewestCheckpoint(fresh.db)
    expect(await seal()).toEqual({ sealed: 0, size: 77, more: false })
    expect(await findNewestCheckpoint(fresh.db)).toEqual(before)
    const note = parseNote(before!.note)!
    expect(parseCheckpoint(note.text)).toEqual({ origin, size: 77, root: before!.root })
    expect(signedBy(note, parseNoteKey(logVerifierKey(origin, key.publicKey)))).toEqual({ at: null })
    expect(signedBy(note, parseNoteKey(logVerifierKey(origin, makeKey().publicKey)))).toBeNull()
  })

  test('does not pass over an entry that began before others and was committed after them', async () => {
    const log = await openLogWriter(fresh.db, key)
    let slow = ''
    const memory: SealerMemory = { since: null }
    await seal(memory)
    await withTransaction(fresh.db, async (tx: Tx) => {
      // One instant for the columns and for the writer, or the verifier rightly calls the entry altered.
      const at = new Date()
      const early = entryAt(at)
      slow = early.columns.entryId
      await log.append(tx, [early], [], at)
      const quick = await openLogWriter(fresh.db, key)
      const [other] = await commitEntries(fresh.db, quick, [{}])
      expect(await seal(memory)).toMatchObject({ sealed: 1 })
      expect(await findLeaf(fresh.db, other!)).not.toBeNull()
      await commitEntries(fresh.db, quick, [{}])
      expect(await seal(memory)).toMatchObject({ sealed: 1 })
      expect(await findLeaf(fresh.db, slow)).toBeNull()
    })
    expect(await seal(memory)).toMatchObject({ sealed: 1 })
    expect(await findLeaf(fresh.db, slow)).not.toBeNull()
    await expectDense()
  })

  test('finds what another server left unsealed: a horizon ahead of this server is not believed', async () => {
    const log = await openLogWriter(fresh.db, key)
    await commitEntries(fresh.db, log, [{}, {}])
    expect(await seal({ since: '99999999999' })).toMatchObject({ sealed: 2 })
    await expectDense()
  })

  test('proves each entry, and each older tree, from the tiles in the database', async () => {
    const log = await openLogWriter(fresh.db, key)
    for (let i = 0; i < 12; i += 1)
      await commitEntries(
        fresh.db,
        log,
        Array.from({ length: 64 }, () => ({})),
      )
    await seal()
    const size = await expectDense()
    const leaves = await leavesOf(fresh.owner)
    const root = (await findNewestCheckpoint(fresh.db))!.root
    const read = subtreesFromTiles(size, (address) => readTile(fresh.db, address))
    for (const index of [0, 1, 255, 256, 511, size - 1]) {
      const path = await inclusionProof({ index, size }, read)
      expect(provesInclusion({ leaf: leaves[index]!.hash, index, size, root, path })).toBe(true)
      const older = { size: index + 1, root: merkleRoot(leaves.slice(0, index + 1).map((leaf) => leaf.hash)) }
      const proof = await consistencyProof({ older: older.size, newer: size }, read)
      expect(provesConsistency({ older, newer: { size, root }, path: proof })).toBe(true)
    }
  })

  test('refuses to grow a tree that somebody changed', async () => {
    const log = await openLogWriter(fresh.db, key)
    await commitEntries(fresh.db, log, [{}])
    const attempt = withTransaction(fresh.owner, async (tx) => {
      await tx.query({ text: `set local session_replication_role = 'replica'` })
      await tx.query({ text: `update log_checkpoint set frontier = set_byte(frontier, 0, get_byte(frontier, 0) # 1)` })
    })
    await attempt
    await expect(seal()).rejects.toThrow('the stored tree is not the one its checkpoint signs')
    await withTransaction(fresh.owner, async (tx) => {
      await tx.query({ text: `set local session_replication_role = 'replica'` })
      await tx.query({ text: `update log_checkpoint set frontier = set_byte(frontier, 0, get_byte(frontier, 0) # 1)` })
    })
    expect(await seal()).toMatchObject({ sealed: 1 })
  })

  test('seals once, however many instances try at once', async () => {
    const log = await openLogWriter(fresh.db, key)
    const writing = (async () => {
      for (let i = 0; i < 60; i += 1) await commitEntries(fresh.db, log, [{}, {}])
    })()
    const sealers = Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 25; i += 1) await seal()
    })
    await Promise.all([writing, ...sealers])
    await seal()
    await expectDense()
  })

  test('loses and doubles nothing when it is killed at any moment under load', async () => {
    const log = await openLogWriter(fresh.db, key)
    let on = true
    const writing = (async () => {
      while (on) await commitEntries(fresh.db, log, [{}, {}, {}])
    })()
    let killed = 0
    for (let round = 0; killed < 10 && round < 400; round += 1) {
      const passing = seal({ since: null }).catch(() => 'killed' as const)
      await fresh.owner.query({
        text: `select pg_terminate_backend(s.pid) from pg_stat_activity s
                where s.datname = current_database() and s.query ~ 'log_leaf|log_tile|log_checkpoint' and s.pid <> pg_backend_pid()`,
      })
      if ((await passing) === 'killed') killed += 1
    }
    on = false
    await writing
    expect(killed).toBe(10)
    await seal()
    await expectDense()
    expect((await exportAndVerify(fresh.owner, key)).findings).toEqual([])
  })
})

describe('the sealing loop', () => {
  test('puts a commit under a checkpoint within a second, and is quiet in a quiet night', async () => {
    const log = await openLogWriter(fresh.db, key)
    const seen: number[] = []
    const quiet = { warn: () => undefined, error: () => undefined }
    const loop = startSealing({
      database: fresh.db,
      origin,
      privateKey: key.privateKey,
      log: quiet,
      measured: ({ unsealedSeconds }) => void seen.push(unsealedSeconds),
    })
    const waits: number[] = []
    for (let i = 0; i < 8; i += 1) {
      const [id] = await commitEntries(fresh.db, log, [{}])
      const began = performance.now()
      while ((await findLeaf(fresh.db, id!)) === null) await new Promise((resolve) => setTimeout(resolve, 10))
      waits.push(performance.now() - began)
    }
    expect(Math.max(...waits)).toBeLessThan(1_000)
    expect(await readSealingLag(fresh.db)).toBeNull()
    expect(loop.alarms()).toEqual([])
    await loop.stop()
    expect(seen.every((seconds) => seconds < 1)).toBe(true)
  })

  test('raises an alarm when an entry has waited a minute, and says what is in the way', async () => {
    const log = await openLogWriter(fresh.db, key)
    const errors: string[] = []
    const broken = makeKey().publicKey
    await commitEntries(fresh.db, log, [{}], new Date(Date.now() + 1))
    await withTransaction(fresh.owner, async (tx) => {
      await tx.query({ text: `set local session_replication_role = 'replica'` })
      await tx.query({ text: `update log_checkpoint set covers_until = covers_until - interval '1 hour'` })
      await tx.query({
        text: `update log_batch set committed_at = committed_at - interval '61 seconds'
                               where committed_at = (select max(committed_at) from log_batch)`,
      })
    })
    const loop = startSealing({
      database: fresh.db,
      origin,
      privateKey: broken,
      log: { warn: () => undefined, error: (_about, message) => void errors.push(message) },
    })
    await expect.poll(() => loop.alarms()).toEqual([expect.stringMatching(/^The oldest log entry that is not sealed is \d+ seconds old\./)])
    await loop.stop()
    expect(errors).toContain('the log is not being sealed')
  })
})
