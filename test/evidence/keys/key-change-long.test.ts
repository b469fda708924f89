import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { loadConfig } from '../../../src/config.ts'
import { makeSigningKey } from '../../../src/keys.ts'
import { commandLineOn } from '../../cli/support/iom.ts'
import { emptyDatabase, urlOf } from '../../support/database.ts'
import { exportAndVerify, type LogKey, makeKey } from '../sealing-support.ts'
import { type KeyedLog, openKeyedLog, told } from './support.ts'

const ROUNDS = inject('faults')?.size === 'long' ? 15 : 5

interface Round {
  /** Commits of the older key that were answered. */
  readonly older: number
  readonly refused: number
  readonly kinds: readonly string[]
}

/** Two instances on the older key and two on the newer commit and seal as fast as they can, while the older one is ended. */
const endUnderLoad = async (log: KeyedLog, pause: number): Promise<Round> => {
  const second = makeKey('second')
  await log.work(log.first, 1)
  await log.endorse(log.first, second)
  let on = true
  const tally = { older: 0, refused: 0 }
  const write = async (key: LogKey): Promise<void> => {
    while (on) {
      try {
        await log.commit(key, 1)
        if (key === log.first) tally.older += 1
      } catch {
        if (key === log.first) tally.refused += 1
        await sleep(2)
      }
    }
  }
  const seal = async (key: LogKey): Promise<void> => {
    while (on) {
      await log.seal(key).catch(() => undefined)
      await sleep(3)
    }
  }
  const working = [write(log.first), write(log.first), write(second), write(second), seal(log.first), seal(second)]
  await sleep(40 + pause)
  await log.end(second)
  await sleep(60)
  on = false
  await Promise.all(working)
  while ((await log.seal(second))?.more !== false);
  const { findings } = await exportAndVerify(log.fresh.db, second, { verify: { key: told(log.first) } })
  return { ...tally, kinds: [...new Set(findings.map(({ kind }) => kind))] }
}

const rounds = async (before: (log: KeyedLog) => Promise<unknown>): Promise<readonly Round[]> => {
  const all: Round[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const log = await openKeyedLog()
    await before(log)
    all.push(await endUnderLoad(log, round * 7))
    await log.fresh.drop()
  }
  return all
}

describe('a key that is ended while two instances sign with it and two with the next one', () => {
  test('has signed nothing behind its end, and everything is proved, every time', async () => {
    const seen = await rounds(() => Promise.resolve())
    const sum = (of: (round: Round) => number): number => seen.reduce((all, round) => all + of(round), 0)
    console.log(
      `ended under load: ${ROUNDS} rounds, ${sum(({ older }) => older)} commits by the older key, ${sum(({ refused }) => refused)} refused, 0 unproved`,
    )
    expect(seen.flatMap(({ kinds }) => kinds)).toEqual([])
    expect(seen.every(({ older, refused }) => older > 0 && refused > 0)).toBe(true)
  }, 300_000)

  test('is found out where the database does not refuse it (the control)', async () => {
    const seen = await rounds(({ fresh }) => fresh.owner.query({ text: 'drop trigger log_batch_by_a_living_key on log_batch' }))
    expect(seen.flatMap(({ kinds }) => kinds)).toContain('key-out-of-time')
  }, 300_000)
})

describe('a gateway that runs', () => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>
  let directory: string
  let gateway: ChildProcess
  let url: string
  const said: string[] = []
  beforeAll(async () => {
    database = await emptyDatabase()
    directory = mkdtempSync(join(tmpdir(), 'gateway-hangup-'))
    makeSigningKey(join(directory, 'signing.pem'))
    gateway = spawn(process.execPath, ['src/main.ts'], { env: { ...process.env, ...settings(), LOG_LEVEL: 'warn' } })
    gateway.stdout!.on('data', (bytes: Buffer) => void said.push(bytes.toString()))
    url = await vi.waitFor(() => /ready at (\S+),/.exec(said.join(''))![1]!, { timeout: 120_000, interval: 100 })
  })
  afterAll(async () => {
    const gone = new Promise((resolve) => gateway.once('exit', resolve))
    gateway.kill('SIGTERM')
    await gone
    await database.drop()
    rmSync(directory, { recursive: true, force: true })
  })
  const settings = () => ({
    DATABASE_URL: urlOf(database.ownerConnection),
    DATA_DIR: directory,
    SIGNING_KEY_FILE: join(directory, 'signing.pem'),
    PORT: '0',
  })
  const kid = async (): Promise<string> => ((await (await fetch(`${url}/info`)).json()) as { logKey: { kid: string } }).logKey.kid

  test('takes the next key over when it is sent SIGHUP, keeps its own when that one is not the log’s, and its log is proved from the first', async () => {
    const { iom } = commandLineOn(loadConfig(settings()))
    const file = join(directory, 'signing.pem')
    const before = await kid()
    renameSync(file, `${file}.old`)
    makeSigningKey(file)
    gateway.kill('SIGHUP')
    await expect.poll(() => said.join(''), { timeout: 10_000 }).toContain('the key was not taken over')
    expect(await kid()).toBe(before)
    writeFileSync(file, 'no key')
    gateway.kill('SIGHUP')
    await sleep(300)
    expect(await kid()).toBe(before)
    renameSync(`${file}.old`, file)
    const reason = ['--by', 'Ola Operator', '--why', 'Yearly change']
    expect((await iom('log', 'endorse-key', ...reason)).exitCode).toBe(0)
    renameSync(`${file}.next`, file)
    gateway.kill('SIGHUP')
    await expect.poll(kid, { timeout: 10_000 }).not.toBe(before)
    expect((await iom('log', 'end-key', '--anyway', ...reason)).exitCode).toBe(0)
    const bundle = join(directory, 'bundle.zip')
    await iom('log', 'export', bundle, '--purpose', 'integrity', ...reason)
    const verified = await iom('log', 'verify', bundle)
    expect([verified.exitCode, verified.out]).toEqual([0, expect.stringContaining('From it these keys of the log follow')])
  }, 120_000)
})
