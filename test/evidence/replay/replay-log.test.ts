import { afterAll, beforeAll, expect, test } from 'vitest'
import { engineVersion } from '../../../src/core/decision/policy.ts'
import { type Tx, withTransaction } from '../../../src/db/db.ts'
import { eraseLogPayloads } from '../../../src/db/log/retention.ts'
import { openLogWriter } from '../../../src/gateway/commit/log-writer.ts'
import { bundlesIn } from '../../../src/gateway/log/replay/find-bundles.ts'
import { replayLog, type ReplayReport } from '../../../src/gateway/log/replay/replay-log.ts'
import { sealOnce } from '../../../src/jobs/sealer.ts'
import { enquire } from '../../journeys/support/requests.ts'
import { shipped } from '../../support/facts.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { commitEntries, entryAt, makeKey, origin } from '../sealing-support.ts'

const key = makeKey()
let house: TestGateway
let ids: readonly string[]
beforeAll(async () => {
  house = await openGateway({ sealing: { on: false } })
  const replies = []
  for (const persona of ['analyst', 'case-manager', 'keyworker', 'constable-wharfe'])
    for (const person of ['jordan', 'casey', 'sam', 'drew', 'pat'])
      replies.push(await enquire(house.as(persona), person, 'oasys police-intel drug-treatment arrest-disposal identity'))
  ids = replies.map(({ entryId }) => entryId)
  await house.as('analyst').post('/v1/searches', {
    ...{ list: 'own-area', purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Area list' },
  })
  await sealOnce({ database: house.database.db, origin, privateKey: key.privateKey })
  // One more that waits to be sealed.
  await enquire(house.as('analyst'), 'jordan', 'oasys')
}, 120_000)
afterAll(() => house.close())

const replay = (
  db: Tx | TestGateway['database']['db'] = house.database.db,
  part: { from?: number; to?: number } = {},
): Promise<ReplayReport> => replayLog(db, { ...part, findBundle: bundlesIn(db) })

class Undone extends Error {}
/** Does something to the log as its owner, decides again, and takes it all back. */
const replayAfter = async (text: string, values: readonly unknown[]): Promise<ReplayReport> => {
  let report: ReplayReport | null = null
  const attempt = withTransaction(house.database.owner, async (tx) => {
    await tx.query({ text: `set local session_replication_role = 'replica'` })
    const { rowCount } = await tx.query({ text, values })
    if (rowCount !== 1) throw new Error(`${rowCount} rows were touched`)
    report = await replay(tx)
    throw new Undone()
  })
  await expect(attempt).rejects.toThrow(Undone)
  return report!
}

test('every decision of the log comes out the same, unsealed ones too, and each names its engine', async () => {
  const report = await replay()
  const { rows } = await house.database.owner.query<{ count: number }>({ text: 'select count(*) as count from access_log' })
  expect(report.findings).toEqual([])
  expect(report.entries).toBe(rows[0]!.count)
  expect(report.decisions).toBeGreaterThan(200)
  expect(report.erased).toEqual([])
  expect(Object.keys(report.engines)).toEqual([engineVersion])
})

test('a part of the log is decided again by its leaves', async () => {
  const [first, second] = [await replay(house.database.db, { to: 10 }), await replay(house.database.db, { from: 10, to: 12 })]
  expect([first.entries, second.entries]).toEqual([10, 2])
})

const setInEntry = (path: string, value: string): string => `
  update access_log_payload set canonical = convert_to(jsonb_set(convert_from(canonical, 'UTF8')::jsonb, '${path}', '${value}')::text, 'UTF8')
   where entry_id = $1`

test.each([
  ['a fact of the enquiry', '{facts,callerClient}', '"inactive"'],
  ['the reasons of a refusal', '{categories,0,reasons}', '[{"code":"default","ruleId":"no-permit","stage":"permit"}]'],
  ['the rules that permitted', '{categories,0,permittedBy}', '["p-none"]'],
  ['a field that was released', '{categories,0,fields}', '["sourceRef","noSuchField"]'],
])('an entry in which %s was altered is reported by its id', async (_what, path, value) => {
  const { findings } = await replayAfter(setInEntry(path, value), [ids[0]])
  expect(findings.length).toBeGreaterThan(0)
  for (const finding of findings) expect(finding).toMatchObject({ kind: 'differs', entryId: ids[0] })
})

test('an altered bundle, a missing one, unreadable bytes and a payload that is gone are each told apart', async () => {
  const missing = await replayAfter(setInEntry('{policy}', '"AAAA"'), [ids[1]])
  expect(missing.findings).toEqual([expect.objectContaining({ kind: 'bundle-missing', entryId: ids[1] })])
  const unreadable = await replayAfter(`update access_log_payload set canonical = '\\x00' where entry_id = $1`, [ids[2]])
  expect(unreadable.findings).toEqual([expect.objectContaining({ kind: 'unreadable', entryId: ids[2] })])
  const gone = await replayAfter('delete from access_log_payload where entry_id = $1', [ids[3]])
  expect(gone.findings).toEqual([expect.objectContaining({ kind: 'payload-missing', entryId: ids[3] })])
  const bent = `update policy_bundle set content = jsonb_set(content::jsonb, '{stages,1,rules}', '[]') where hash = $1`
  const { findings } = await replayAfter(bent, [shipped.hash])
  expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['bundle-altered']))
  expect(findings.map(({ entryId }) => entryId)).toEqual(expect.arrayContaining([...ids]))
})

test('entries of another engine are counted under its name', async () => {
  const report = await replayAfter(setInEntry('{engine}', '"casl-6.0.0/1"'), [ids[4]])
  expect(report.engines).toMatchObject({ 'casl-6.0.0/1': 1 })
  expect(report.engine).toBe(engineVersion)
})

test('a lawfully erased entry is reported as erased, and is no difference', async () => {
  const { db } = house.database
  const log = await openLogWriter(db, key)
  const old = await commitEntries(db, log, [{}, {}], new Date(Date.now() - 7 * 365.25 * 86_400_000))
  await withTransaction(db, async (tx) => {
    const writer = await openLogWriter(tx, key)
    const at = new Date()
    const entry = entryAt(at, { event: 'erasure', content: { erased: old } })
    await writer.append(tx, [entry], [], at)
    await eraseLogPayloads(tx, entry.columns.entryId)
  })
  await sealOnce({ database: db, origin, privateKey: key.privateKey })
  const report = await replay()
  expect(report.findings).toEqual([])
  expect(report.erased.toSorted()).toEqual(old.toSorted())
})
