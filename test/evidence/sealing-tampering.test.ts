import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Tx, withTransaction } from '../../src/db/db.ts'
import { findNewestCheckpoint } from '../../src/db/log/checkpoints.ts'
import type { Verdict } from '../../src/cli/log/verify-bundle.ts'
import { logVerifierKey } from '../../src/ledger/note.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { exportAndVerify, makeKey, makeLog, origin } from './sealing-support.ts'
import { type Tampering, tamperings } from './tampering.ts'

const TIMES = inject('faults')?.size === 'long' ? 50 : 10
let fresh: FreshDatabase
let ids: readonly string[]
let newest: string
const key = makeKey()
const table: string[] = []

beforeAll(async () => {
  fresh = await freshDatabase()
  const commits = [1, 1, 3, 8, 1, 5, 2, 1, 13, 1, 4, 1, 1, 6, 2, 9, 1]
  ids = await makeLog(fresh.db, key, { commits, sealEvery: 3 })
  newest = (await findNewestCheckpoint(fresh.db))!.note
})
afterAll(async () => {
  await fresh.drop()
  console.log(['tampering by the owner of the database'.padEnd(76) + 'found  located', ...table].join('\n'))
})

class Undone extends Error {}

/** Does it as the owner with the triggers off, exports and verifies what is then there, and takes it all back. */
const verdictOn = async (run: (tx: Tx) => Promise<readonly string[]>): Promise<{ touched: readonly string[]; verdict: Verdict }> => {
  let seen: { touched: readonly string[]; verdict: Verdict } | null = null
  const attempt = withTransaction(fresh.owner, async (tx) => {
    await tx.query({ text: `set local session_replication_role = 'replica'` })
    const touched = await run(tx)
    seen = { touched, verdict: await exportAndVerify(tx, key, { verify: { checkpoint: newest } }) }
    throw new Undone()
  })
  await expect(attempt).rejects.toThrow(Undone)
  return seen!
}

const isLocated = ({ kinds }: Tampering, { touched, verdict }: { touched: readonly string[]; verdict: Verdict }): boolean => {
  const fitting = verdict.findings.filter((finding) => kinds.includes(finding.kind))
  if (touched.length === 0) return fitting.some((finding) => finding.leafIndex !== null)
  return touched.every((id) => fitting.some((finding) => finding.entryId === id))
}

test('a log that nobody touched is whole (the control)', async () => {
  const { verdict } = await verdictOn(() => Promise.resolve([]))
  expect(verdict).toMatchObject({ findings: [], entries: ids.length, treeSize: ids.length, whole: true })
})

describe('scenario 56: somebody who owns the database', () => {
  test.each(tamperings.map((tampering) => [tampering.title, tampering] as const))(
    '%s: found and located, every time',
    async (title, tampering) => {
      let [found, located] = [0, 0]
      for (let i = 0; i < TIMES; i += 1) {
        const seen = await verdictOn((tx) => tampering.run(tx, { ids, pick: i * 7, key }))
        if (seen.verdict.findings.length > 0) found += 1
        if (isLocated(tampering, seen)) located += 1
        else if (located === i) console.log(title, seen.touched, seen.verdict.findings.slice(0, 6))
      }
      table.push(`${title.padEnd(76)}${String(found).padStart(2)}/${TIMES}  ${String(located).padStart(2)}/${TIMES}`)
      expect([found, located]).toEqual([TIMES, TIMES])
    },
    300_000,
  )
})

test('scenario 56: a part of the log proves that it is in the log, and is found out when it is not', async () => {
  const some = [ids[0]!, ids[17]!, ids[18]!, ids.at(-1)!]
  expect(await exportAndVerify(fresh.owner, key, { only: { entryIds: some } })).toMatchObject({ findings: [], entries: 4, whole: false })
  expect(await exportAndVerify(fresh.owner, key, { only: { from: 10, to: 30 } })).toMatchObject({ findings: [], entries: 20 })
  const { verdict } = await verdictOn(async (tx) => {
    await tx.query({ text: `update log_leaf set leaf_hash = sha256(leaf_hash) where entry_id = $1`, values: [some[1]] })
    await tx.query({ text: `update access_log set leaf_hash = sha256(leaf_hash) where entry_id = $1`, values: [some[1]] })
    const part = await exportAndVerify(tx, key, { only: { entryIds: some } })
    expect(part.findings.map((finding) => finding.entryId)).toContain(some[1])
    return []
  })
  expect(verdict.findings.length).toBeGreaterThan(0)
})

test('a whole log rewritten and signed with another key is found by the key that was told apart from the bundle', async () => {
  const thief = makeKey()
  const other = await freshDatabase()
  await makeLog(other.db, thief, { commits: [3, 3], sealEvery: 1 })
  expect((await exportAndVerify(other.db, thief)).findings).toEqual([])
  const told = logVerifierKey(origin, key.publicKey)
  const kinds = (await exportAndVerify(other.db, thief, { verify: { key: told } })).findings.map((finding) => finding.kind)
  expect(kinds).toContain('checkpoint-forged')
  expect(kinds).toContain('batch-forged')
  await other.drop()
})
