import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { findNewestCheckpoint } from '../../src/db/log/checkpoints.ts'
import { readTile } from '../../src/db/log/tiles.ts'
import { sealOnce } from '../../src/jobs/sealer.ts'
import { inclusionProof } from '../../src/ledger/proof.ts'
import { subtreesFromTiles } from '../../src/ledger/tiles.ts'
import { provesInclusion } from '../../src/ledger/verify/proofs.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { exportAndVerify, makeKey, origin } from './sealing-support.ts'

const KILLS = inject('faults')?.size === 'long' ? 200 : 10
const key = makeKey()
let fresh: FreshDatabase
beforeAll(async () => void (fresh = await freshDatabase()))
afterAll(() => fresh.drop())

/** Runs a process that writes and seals, kills it in the middle, and gives back what it had said was committed. */
const runAndKill = async (round: number): Promise<readonly string[]> => {
  const about = { connection: fresh.appConnection, pem: key.privateKey.export({ type: 'pkcs8', format: 'pem' }) }
  const child = spawn(process.execPath, [fileURLToPath(new URL('./sealer-process.ts', import.meta.url)), JSON.stringify(about)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const first = new Promise((resolve) => child.stdout.once('data', resolve))
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')))
  const ended = new Promise((resolve) => child.once('close', resolve))
  await Promise.race([first, ended])
  await sleep(20 + ((round * 37) % 140))
  child.kill('SIGKILL')
  await ended
  // A line that the kill cut off was never received.
  return said
    .slice(0, said.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
}

interface Row {
  readonly id: string
  readonly index: number | null
  readonly leaf: Buffer
}

test(`over ${KILLS} kills of gateway and sealer, two at a time, nothing committed is lost, doubled or unproved`, async () => {
  const received: string[] = []
  for (let round = 0; round < KILLS; round += 2) received.push(...(await Promise.all([runAndKill(round), runAndKill(round + 1)])).flat())
  while ((await sealOnce({ database: fresh.db, origin, privateKey: key.privateKey }))?.more !== false);
  const text = `select a.entry_id as id, l.leaf_index as index, a.leaf_hash as leaf from access_log a left join log_leaf l on l.entry_id = a.entry_id order by l.leaf_index`
  const { rows } = await fresh.owner.query<Row>({ text })
  expect(rows.map((row) => row.index)).toEqual(rows.map((_, i) => i))
  const known = new Map(rows.map((row) => [row.id, row]))
  expect(received.filter((id) => !known.has(id))).toEqual([])
  const { size, root } = (await findNewestCheckpoint(fresh.db))!
  const read = subtreesFromTiles(size, (address) => readTile(fresh.db, address))
  let proved = 0
  for (const id of received) {
    const { index, leaf } = known.get(id)!
    if (provesInclusion({ leaf, index: index!, size, root, path: await inclusionProof({ index: index!, size }, read) })) proved += 1
  }
  const { findings } = await exportAndVerify(fresh.owner, key)
  const { rows: notes } = await fresh.owner.query<{ count: number }>({ text: 'select count(*) as count from log_checkpoint' })
  console.log(
    `${KILLS} kills: ${received.length} entries received, ${proved} proved, ${rows.length} in the log, ${Number(notes[0]?.count)} checkpoints`,
  )
  expect(received.length).toBeGreaterThan(KILLS)
  expect(proved).toBe(received.length)
  expect(findings).toEqual([])
}, 1_800_000)

test('the count of lost entries would show one that is (the control)', async () => {
  await withTransaction(fresh.owner, async (tx) => {
    await tx.query({ text: `set local session_replication_role = 'replica'` })
    await tx.query({ text: 'delete from log_leaf where leaf_index = 3' })
  })
  expect((await exportAndVerify(fresh.owner, key)).findings.map((finding) => [finding.kind, finding.leafIndex])).toContainEqual([
    'leaf-missing',
    3,
  ])
})
