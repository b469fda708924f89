import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followLogKeys } from '../../../src/cli/witness/followed-keys.ts'
import { openWitnessKey } from '../../../src/cli/witness/witness-key.ts'
import { openWitnessState } from '../../../src/cli/witness/witness-state.ts'
import { watchLog } from '../../../src/cli/witness/watch-log.ts'
import { findNewestCheckpoint } from '../../../src/db/log/checkpoints.ts'
import { admitKey } from '../../../src/gateway/log/keys/admit-key.ts'
import { publishedTree } from '../../../src/gateway/log/checkpoint.ts'
import { keyDocument } from '../../../src/gateway/log/keys/key-document.ts'
import { readStanding } from '../../../src/jobs/high-water.ts'
import { followKeys } from '../../../src/ledger/verify/keys/follow-keys.ts'
import { signKeyChange } from '../../../src/ledger/keys/key-change.ts'
import { parseNoteKey } from '../../../src/ledger/verify/signed-note.ts'
import { exportAndVerify, type LogKey, makeKey, origin } from '../sealing-support.ts'
import { type Keys, keyTamperings } from './key-tampering.ts'
import { type KeyedLog, openKeyedLog, told, undone } from './support.ts'

let log: KeyedLog
let keys: Keys
let directory: string
/** The mark that was kept when the first key signed alone. */
let early: string
const sizes: number[] = []
const sizeNow = async (): Promise<number> => (await findNewestCheckpoint(log.fresh.db))?.size ?? 0

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-keys-'))
  log = await openKeyedLog()
  keys = { first: log.first, second: makeKey('second'), third: makeKey('third') }
  const { first, second, third } = keys
  await log.work(first, 3)
  early = (await findNewestCheckpoint(log.fresh.db))!.note
  sizes.push(await sizeNow())
  await log.endorse(first, second)
  // Two instances, one of which has the new key already, take turns.
  for (const key of [first, second, first, second, first]) await log.work(key, 2)
  await log.end(second)
  await log.work(second, 3)
  await log.endorse(second, third)
  await log.work(third, 2)
  await log.end(third)
  await log.work(third, 3)
})
afterAll(async () => {
  await log.fresh.drop()
  rmSync(directory, { recursive: true, force: true })
})

const verify = (key: LogKey) => exportAndVerify(log.fresh.db, keys.third, { verify: { key: told(key) } })

describe('a log whose key was changed twice', () => {
  test.each(['first', 'second', 'third'] as const)('is whole to whoever was told the %s key and nothing else', async (name) => {
    const verdict = await verify(keys[name])
    expect(verdict.findings).toEqual([])
    expect(verdict.keys.map(({ text }) => text)).toEqual([told(keys.first), told(keys.second), told(keys.third)])
    const [first, second, third] = verdict.keys
    expect([first!.from, second!.from, third!.until]).toEqual([0, sizes[0], null])
    // Two commits of two entries by the older key after the newer one had begun, then nothing: they overlapped.
    expect(first!.until).toBeGreaterThan(second!.from)
    expect(third!.from).toBeLessThan(second!.until!)
  })

  test('is not whole to whoever was told a key that nothing leads from (the control)', async () => {
    const { findings } = await verify(makeKey())
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(
      new Set(['key-not-endorsed', 'key-forged', 'checkpoint-forged', 'batch-forged']),
    )
  })

  test('a part of it proves itself as well', async () => {
    const only = { from: 2, to: (await sizeNow()) - 2 }
    expect(await exportAndVerify(log.fresh.db, keys.third, { only, verify: { key: told(keys.first) } })).toMatchObject({ findings: [] })
  })

  test('publishes all its keys, each with the part that it signed, and tells no private one', async () => {
    const document = await keyDocument(log.fresh.db)
    expect(document.keys.map(({ kid, follows, alg, d }) => [kid, follows, alg, d])).toEqual([
      ['first', null, 'EdDSA', undefined],
      ['second', 'first', 'EdDSA', undefined],
      ['third', 'second', 'EdDSA', undefined],
    ])
    const followed = followKeys(parseNoteKey(told(keys.first)), document.statements)
    expect(followed.windows.map(({ from, until }) => [from, until])).toEqual(
      document.keys.map(({ fromSize, untilSize }) => [fromSize, untilSize]),
    )
  })

  test('commits nothing more that an ended key has signed, seals nothing with it, and starts no gateway on it', async () => {
    const before = await sizeNow()
    await expect(log.commit(keys.first, 1)).rejects.toMatchObject({ code: 'unavailable' })
    const [id] = await log.commit(keys.third, 1)
    await expect(log.seal(keys.second)).rejects.toThrow('has ended')
    expect(await log.seal(keys.third)).toMatchObject({ sealed: 2, size: before + 2 })
    expect(id).toBeDefined()
    await expect(admitKey(log.fresh.db, { origin, key: keys.second })).rejects.toThrow(/The key second ended at \d+ entries/)
    await expect(admitKey(log.fresh.db, { origin, key: makeKey('strange') })).rejects.toThrow('is none of the keys of the log')
    await admitKey(log.fresh.db, { origin, key: keys.third })
  })

  test.each([
    ['an older key endorses', () => log.endorse(keys.first, makeKey('fourth')), 'The newest key of the log is third'],
    ['a key follows itself', () => log.endorse(keys.third, keys.third), 'That is a key of the log already'],
    ['an older key ends others', () => log.end(keys.second), 'second is not the newest key of the log'],
    ['there is nothing to end', () => log.end(keys.third), 'Every older key has ended already'],
  ])('refuses that %s', async (_what, act, why) => {
    await expect(act()).rejects.toThrow(why)
  })
})

/** A statement signed by both keys, of which no log knows. */
const endorsed = (older: LogKey, newer: LogKey, size: number): string => {
  const about = { entryId: '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01', at: new Date(0), size, root: Buffer.alloc(32) }
  const said = { ...about, origin, change: 'follows', key: told(newer), other: told(older) } as const
  return signKeyChange(said, [older.privateKey, newer.privateKey])
}

describe('somebody who owns the database', () => {
  test.each(keyTamperings.map((tampering) => [tampering.title, tampering] as const))('%s: found', async (_title, tampering) => {
    let named: readonly string[] = []
    const seen = await undone(
      log,
      async (tx) => void (named = await tampering.run(tx, keys)),
      (tx) => exportAndVerify(tx, keys.third, { verify: { key: told(keys.first) } }),
    )
    const fitting = seen.findings.filter(({ kind }) => kind === tampering.kind)
    expect(fitting).not.toEqual([])
    for (const id of named) expect(fitting.map(({ entryId }) => entryId)).toContain(id)
  })

  test('who has an old key endorse a second successor is found by whoever is shown both', () => {
    const [first, second] = [keys.first, keys.second]
    const statements = [second, makeKey('thief')].map((key) => endorsed(first, key, 1))
    const followed = followKeys(parseNoteKey(told(first)), statements)
    expect(followed.windows.map(({ key }) => key.text)).toEqual([told(first), told(second)])
    expect(followed.findings.map(({ kind }) => kind)).toEqual(['key-forked'])
    expect(followKeys(parseNoteKey(told(first)), statements.slice(0, 1)).findings).toEqual([])
  })
})

describe('what is kept outside of the database', () => {
  test('a witness that was told the first key follows the log to the third, also after it was started again', async () => {
    const state = openWitnessState(join(directory, 'witness'))
    const heard: string[] = []
    const start = () => ({
      logKeys: followLogKeys(parseNoteKey(told(keys.first)), join(directory, 'witness')),
      signer: openWitnessKey(join(directory, 'witness', 'witness.pem'), 'witness.invalid'),
      ...{ state, tell: (message: string) => void heard.push(message) },
    })
    const tree = publishedTree(log.fresh.db)
    const silent = async (path: string): Promise<Buffer> => {
      if (path === 'keys') throw new Error('not found')
      return Buffer.from((path === 'checkpoint' ? await tree.checkpoint() : await tree.tile(path))!)
    }
    expect(await watchLog(start(), silent)).toBe('refused')
    expect(heard).toEqual(['the log did not sign this.'])
    expect(await watchLog(start(), async (path) => (path === 'keys' ? Buffer.from(await tree.keys()) : silent(path)))).toBe('grown')
    expect(await watchLog(start(), silent)).toBe('same')
    const forged = endorsed(keys.first, makeKey('thief'), state.read()!.size)
    const shown = (path: string) =>
      path === 'keys' ? Promise.resolve(Buffer.from(JSON.stringify({ statements: [forged] }))) : silent(path)
    expect(await watchLog(start(), shown)).toBe('same')
    expect(heard.at(-1)).toContain('The log has two keys for one place')
  })

  test('the mark of how far the log had come is believed when an older key of this log signed it, and a stranger’s is not', async () => {
    const file = join(directory, 'mark.note')
    writeFileSync(file, early)
    expect(await readStanding(log.fresh.db, { file, logKey: told(keys.third) })).toEqual({ behind: false })
    expect(await readStanding(log.fresh.db, { file, logKey: told(makeKey()) })).toMatchObject({ behind: true, kept: null })
  })
})

test('a log that was restored from before a change is noticed, takes no newer key by itself, and goes on when the change is entered again', async () => {
  const restored = await openKeyedLog(keys.first)
  await restored.work(keys.first, 3)
  const file = join(directory, 'restored.note')
  writeFileSync(file, (await findNewestCheckpoint(log.fresh.db))!.note)
  expect(await readStanding(restored.fresh.db, { file, logKey: told(keys.third) })).toMatchObject({ behind: true, found: { size: 6 } })
  await expect(admitKey(restored.fresh.db, { origin, key: keys.third })).rejects.toThrow('is none of the keys of the log')
  await restored.endorse(keys.first, keys.third)
  await admitKey(restored.fresh.db, { origin, key: keys.third })
  await restored.work(keys.third, 1)
  expect(await exportAndVerify(restored.fresh.db, keys.third, { verify: { key: told(keys.first) } })).toMatchObject({ findings: [] })
  await restored.fresh.drop()
})

describe('a log whose key was lost', () => {
  let lost: KeyedLog
  const next = makeKey('next')
  beforeAll(async () => {
    lost = await openKeyedLog()
    await lost.work(lost.first, 4)
    await lost.endorse(null, next)
    await lost.end(next)
    await lost.work(next, 2)
  })
  afterAll(() => lost.fresh.drop())

  test('is whole to whoever is told the new key, and proved up to the change to whoever has the old one only', async () => {
    const after = await exportAndVerify(lost.fresh.db, next, { verify: { key: told(next) } })
    expect(after.findings).toEqual([])
    const { findings } = await exportAndVerify(lost.fresh.db, next, { verify: { key: told(lost.first) } })
    expect(findings.map(({ kind }) => kind)).toContain('key-not-endorsed')
    const places = findings.flatMap(({ leafIndex }) => (leafIndex === null ? [] : [leafIndex]))
    expect(Math.min(...places)).toBe(8)
    expect(places.length).toBeGreaterThan(5)
  })
})
