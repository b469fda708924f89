import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Tx, withTransaction } from '../../../src/db/db.ts'
import { eraseLogPayloads } from '../../../src/db/log/retention.ts'
import { findNextToIndex, readIndexState } from '../../../src/db/log/search/log-index.ts'
import { findIndexed, type IndexQuestion } from '../../../src/db/log/search/log-search.ts'
import { openLogWriter } from '../../../src/gateway/commit/log-writer.ts'
import { indexOnce, startIndexing } from '../../../src/jobs/log-indexer.ts'
import { sealOnce } from '../../../src/jobs/sealer.ts'
import { freshDatabase, type FreshDatabase } from '../../support/database.ts'
import { commitEntries, entryAt, makeKey, makeLog, origin } from '../sealing-support.ts'

const key = makeKey()
const everything: IndexQuestion = {
  reader: { everything: true, agencyId: 'ridings-partnership', personSub: 'officer' },
  ...{ upTo: Number.MAX_SAFE_INTEGER, offenderId: null, person: null, agencyId: null, from: null, until: null },
  ...{ refusedOnly: false, words: null, terms: [], ownTerms: [] },
}
let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.drop())

const seal = () => sealOnce({ database: fresh.db, origin, privateKey: key.privateKey })
const find = (more: Partial<IndexQuestion> = {}) => findIndexed(fresh.db, { ...everything, ...more }, { after: null, limit: 10_000 })
const indexAll = async (): Promise<void> => {
  while ((await indexOnce(fresh.db))?.more === true);
}

describe('the index', () => {
  test('holds nothing of an empty log, and says so', async () => {
    expect(await indexOnce(fresh.db)).toEqual({ indexed: 0, more: false })
    expect(await readIndexState(fresh.db)).toEqual({ leaves: 0, waiting: 0, newestAt: null })
  })

  test('counts exactly what is committed and cannot be found yet: unsealed, then sealed and unread', async () => {
    const log = await openLogWriter(fresh.db, key)
    const ids = await commitEntries(fresh.db, log, [{}, {}, {}])
    expect(await readIndexState(fresh.db)).toMatchObject({ leaves: 0, waiting: 3 })
    await seal()
    expect(await readIndexState(fresh.db)).toMatchObject({ leaves: 0, waiting: 3 })
    await commitEntries(fresh.db, log, [{}])
    expect(await readIndexState(fresh.db)).toMatchObject({ leaves: 0, waiting: 4 })
    await indexAll()
    expect(await readIndexState(fresh.db)).toMatchObject({ leaves: 3, waiting: 1 })
    expect((await find()).map(({ entryId }) => entryId).toSorted()).toEqual(ids.toSorted())
  })

  test('reads every entry once while several instances commit, seal and index at the same time', async () => {
    const indexers = [1, 2, 3].map(() => startIndexing({ database: fresh.db, warn: () => undefined, pauseMillis: 1 }))
    const commits = Array.from({ length: 40 }, (_, i) => (i % 5) + 1)
    await Promise.all([1, 2, 3].map(() => makeLog(fresh.db, key, { commits, sealEvery: 2 })))
    await seal()
    for (const indexer of indexers) await indexer.stop()
    await indexAll()
    const { rows } = await fresh.owner.query<{ entries: number; rows: number; passed: number }>({
      text: `select (select count(*) from access_log) as entries, (select count(*) from log_index) as rows,
                    (select max(s.next_leaf) from log_index_pass s) as passed`,
    })
    expect(rows[0]!.entries).toBeGreaterThan(300)
    expect(rows[0]).toEqual({ entries: rows[0]!.entries, rows: rows[0]!.entries, passed: rows[0]!.entries })
    expect((await readIndexState(fresh.db)).waiting).toBe(0)
  })

  test('waits while there are releases to make, but not for ever', async () => {
    const log = await openLogWriter(fresh.db, key)
    const before = await findNextToIndex(fresh.db)
    await commitEntries(fresh.db, log, [{}])
    await seal()
    const start = (mostWaitMillis: number) =>
      startIndexing({ database: fresh.db, warn: () => undefined, busy: () => true, pauseMillis: 5, mostWaitMillis })
    const patient = start(60_000)
    await sleep(100)
    await patient.stop()
    expect(await findNextToIndex(fresh.db)).toBe(before)
    const late = start(50)
    await expect.poll(() => findNextToIndex(fresh.db)).toBe(before + 1)
    await late.stop()
  })

  test('goes on where it was when what it wrote was lost', async () => {
    const log = await openLogWriter(fresh.db, key)
    await commitEntries(fresh.db, log, [{}, {}])
    await seal()
    const before = await findNextToIndex(fresh.db)
    const broken = { ...fresh.db, acquire: () => Promise.reject(new Error('the connection broke')) }
    await expect(indexOnce(broken)).rejects.toThrow()
    expect(await findNextToIndex(fresh.db)).toBe(before)
    await indexAll()
    expect(await readIndexState(fresh.db)).toMatchObject({ leaves: before + 2, waiting: 0 })
  })

  test('holds an entry whose bytes are no JSON, rather than stopping at it', async () => {
    const [entryId] = await makeLog(fresh.db, key, { commits: [1], sealEvery: 1 })
    await withTransaction(fresh.owner, async (tx) => {
      await tx.query({ text: `set local session_replication_role = 'replica'` })
      await tx.query({ text: `update access_log_payload set canonical = '\\x00' where entry_id = $1`, values: [entryId] })
    })
    await indexAll()
    expect((await find()).map((one) => one.entryId)).toContain(entryId)
  })
})

describe('an erased entry', () => {
  const years = (count: number): Date => new Date(Date.now() - count * 365.25 * 86_400_000)
  const erase = (ids: readonly string[]): Promise<number> =>
    withTransaction(fresh.db, async (tx: Tx) => {
      const log = await openLogWriter(tx, key)
      const at = new Date()
      const entry = entryAt(at, { event: 'erasure', content: { erased: ids } })
      await log.append(tx, [entry], [], at)
      return eraseLogPayloads(tx, entry.columns.entryId)
    })
  const rowsOf = async (ids: readonly string[]): Promise<number> => {
    const text = 'select count(*) as left from log_index i where i.entry_id = any($1::uuid[])'
    return (await fresh.owner.query<{ left: number }>({ text, values: [ids] })).rows[0]!.left
  }
  const content = { justification: 'A word nobody else uses: quetzalcoatl' }

  test('is found before, and neither by its id nor by any word after; nor does the index read it again', async () => {
    const log = await openLogWriter(fresh.db, key)
    const old = await commitEntries(fresh.db, log, [{ content }, { content }], years(7))
    await seal()
    await indexAll()
    expect([await rowsOf(old), (await find({ words: 'quetzalcoatl' })).length]).toEqual([2, 2])
    expect(await erase(old)).toBe(2)
    expect([await rowsOf(old), (await find({ words: 'quetzalcoatl' })).length]).toEqual([0, 0])
    await seal()
    await indexAll()
    expect(await rowsOf(old)).toBe(0)
    expect((await readIndexState(fresh.db)).waiting).toBe(0)
  })

  test('that was never indexed is passed by', async () => {
    const log = await openLogWriter(fresh.db, key)
    const old = await commitEntries(fresh.db, log, [{ content }], years(7))
    await seal()
    await erase(old)
    await seal()
    await indexAll()
    expect([await rowsOf(old), (await readIndexState(fresh.db)).waiting]).toEqual([0, 0])
  })

  test('stays away when it is erased while the index reads it', async () => {
    const log = await openLogWriter(fresh.db, key)
    const old = await commitEntries(
      fresh.db,
      log,
      Array.from({ length: 50 }, () => ({ content })),
      years(7),
    )
    await seal()
    await Promise.all([indexAll(), erase(old), indexAll()])
    await indexAll()
    expect(await rowsOf(old)).toBe(0)
  })

  test('can be taken from the index by nobody else: not by the application, and not by the owner', async () => {
    for (const db of [fresh.db, fresh.owner]) await expect(db.query({ text: 'delete from log_index' })).rejects.toThrow()
  })
})
