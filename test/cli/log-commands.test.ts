import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engineVersion } from '../../src/core/decision/policy.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { type CommandLine, startSandbox } from './support/iom.ts'

let sandbox: Awaited<ReturnType<typeof startSandbox>>
let iom: CommandLine['iom']
let scratch: string
let entryId: string
const review = ['--as', 'ig-officer', '--purpose', 'lawfulness', '--why', 'Monthly review']
const reasons = ['--purpose', 'risk-management', '--gateway', 'dpa35-task', '--why', 'Preparing the Calder conference']

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'gateway-log-commands-'))
  sandbox = await startSandbox()
  iom = sandbox.iom
  for (const person of ['jordan', 'sam']) await iom('enquire', '--as', 'analyst', '--person', person, '--category', 'oasys', ...reasons)
  const asked = await iom('enquire', '--as', 'analyst', '--person', 'casey', '--category', 'engagement', ...reasons, '--json')
  entryId = (JSON.parse(asked.out) as { entryId: string }).entryId
  for (
    let tries = 0;
    tries < 100 && !(await iom('log', 'search', ...review, '--subject', storyId('casey'))).out.includes(entryId);
    tries += 1
  )
    await sleep(100)
}, 180_000)
afterAll(async () => {
  await sandbox.close()
  rmSync(scratch, { recursive: true, force: true })
})

test('a search prints who asked what with which result, and counts by day', async () => {
  const { out, exitCode } = await iom('log', 'search', ...review, '--subject', storyId('casey'), '--outcome', 'refused', '--by-day')
  expect(exitCode).toBe(0)
  for (const part of [entryId, 'analyst@ridings-police', 'deny (consent-refused)', '1 refused', 'This search is entry'])
    expect(out).toContain(part)
})

test('a search that finds more says how to go on, and one page after the other is told with --cursor', async () => {
  const first = await iom('log', 'search', ...review, '--limit', '1', '--json')
  const { nextCursor, entries } = JSON.parse(first.out) as { nextCursor: string; entries: { entryId: string }[] }
  const second = await iom('log', 'search', ...review, '--limit', '1', '--cursor', nextCursor, '--json')
  expect((JSON.parse(second.out) as { entries: { entryId: string }[] }).entries[0]!.entryId).not.toBe(entries[0]!.entryId)
})

test.each([
  ['staff productivity', ['--as', 'ig-officer', '--purpose', 'staff-productivity', '--why', 'Figures']],
  ['nothing in particular', ['--as', 'ig-officer']],
])('a search for %s ends with 1 and names the paragraph', async (_what, options) => {
  const { out, exitCode } = await iom('log', 'search', ...options)
  expect(exitCode).toBe(1)
  expect(out).toContain('s.62(4)')
})

test.each([
  ['a person without an agency', ['--person', 'analyst'], '--person is an agency and a name'],
  ['a limit that is none', ['--limit', 'many'], '--limit is a number'],
  ['a format nobody knows', ['--save', '/nowhere/x.csv', '--format', 'pdf'], 'There is no format pdf'],
])('%s is a mistake in the use', async (_what, options, says) => {
  const { err, exitCode } = await iom('log', 'search', ...review, ...options)
  expect(exitCode).toBe(2)
  expect(err).toContain(says)
})

test('what is found is saved with its manifest beside it, and nothing is overwritten', async () => {
  const file = join(scratch, 'casey.csv')
  const asked = ['log', 'search', ...review, '--subject', storyId('casey'), '--save', file]
  expect((await iom(...asked)).exitCode).toBe(0)
  expect(readFileSync(file, 'utf8')).toContain(entryId)
  const { manifest, proof } = JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')) as { manifest: { entries: number }; proof: object }
  expect([manifest.entries > 0, proof !== null]).toEqual([true, true])
  expect(await iom(...asked)).toMatchObject({ exitCode: 1 })
  const refused = join(scratch, 'refused.csv')
  expect((await iom('log', 'search', '--as', 'ig-officer', '--save', refused)).exitCode).toBe(1)
  expect(existsSync(refused)).toBe(false)
})

test('an entry is explained to an officer stage by stage, with the facts that each read', async () => {
  const { out, exitCode } = await iom('explain', entryId, '--as', 'ig-officer')
  expect(exitCode).toBe(0)
  for (const part of ['R15', 'refused', 'consent=refused', 'r15-voluntary-refused', 'passed', engineVersion]) expect(out).toContain(part)
  expect((await iom('explain', entryId, '--as', 'analyst')).out).not.toContain('consent=refused')
})

test('every decision is made again without a difference, and the replay has an entry of its own', async () => {
  const words = await iom('log', 'replay', '--by', 'Otto Operator')
  expect([words.exitCode, words.err]).toEqual([0, ''])
  expect(words.out).toMatch(/No difference: \d+ decisions of \d+ entries/)
  const { out, exitCode } = await iom('log', 'replay', '--by', 'Otto Operator', '--json')
  const report = JSON.parse(out) as { decisions: number; engine: string; findings: unknown[]; engines: Record<string, number> }
  expect([exitCode, report.engine, report.findings, Object.keys(report.engines)]).toEqual([0, engineVersion, [], [engineVersion]])
  expect(report.decisions).toBeGreaterThan(0)
  const asked = ['log', 'search', ...review, '--operation', 'replayLog', '--json']
  for (let tries = 0; tries < 100 && !(await iom(...asked)).out.includes('integrity-checked'); tries += 1) await sleep(100)
  expect((await iom(...asked)).out).toContain('"event":"integrity-checked"')
})

test('a replay says by whom', async () => {
  const { err, exitCode } = await iom('log', 'replay')
  expect(exitCode).toBe(2)
  expect(err).toContain('--by is missing')
})
