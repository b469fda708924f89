import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { loadConfig, type Config } from '../../src/config.ts'
import { openHouse } from '../../src/house.ts'
import { makeLog } from '../../src/http/request-log.ts'
import { highWaterOf, readSigningKey } from '../../src/keys.ts'
import { commandLineOn } from '../cli/support/iom.ts'
import { emptyDatabase, urlOf } from '../support/database.ts'

let database: Awaited<ReturnType<typeof emptyDatabase>>
let admin: pg.Client
let config: Config
let name: string
let backup: string
beforeAll(async () => {
  database = await emptyDatabase()
  name = String(database.ownerConnection.database)
  backup = `${name}_backup`
  admin = new pg.Client(inject('postgres').owner)
  await admin.connect()
  const DATABASE_URL = urlOf(database.ownerConnection)
  config = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), 'gateway-restore-')), PORT: '0', DATABASE_URL })
})
afterAll(async () => {
  await admin.query(`drop database if exists ${backup} with (force)`)
  await admin.end()
  await database.drop()
  rmSync(config.dataDir, { recursive: true, force: true })
})

const start = () => openHouse({ config, log: makeLog('silent') })
const ask = async (text: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client(database.ownerConnection)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}
const mark = (): string => readFileSync(highWaterOf(config, readSigningKey(config)).file, 'utf8')
const sizeIn = (note: string): number => Number(note.split('\n')[1])
const entries = async (): Promise<number> => Number((await ask('select count(*) as n from access_log'))[0]!.n)

/** One run of the gateway in which something is logged, sealed and marked. */
const work = async (): Promise<void> => {
  const house = await start()
  try {
    const before = await entries()
    const { iom } = commandLineOn(config)
    await iom(
      'enquire',
      '--url',
      house.url,
      '--as',
      'analyst',
      '--person',
      'jordan',
      '--category',
      'identity',
      '--purpose',
      'risk-management',
      '--gateway',
      'dpa35-task',
      '--why',
      'Home visit',
    )
    await vi.waitFor(async () => {
      expect(await entries()).toBeGreaterThan(before)
      expect(sizeIn(mark())).toBe(await entries())
    }, 10_000)
  } finally {
    await house.close()
  }
}

const copy = async (from: string, to: string): Promise<void> => {
  await admin.query(`drop database if exists ${to} with (force)`)
  await admin.query(`create database ${to} template ${from}`)
}

it('a gateway that stops and starts on its own database is not stopped', async () => {
  await work()
  await copy(name, backup)
  await work()
  await work()
})

it('on an older copy of the database the start is refused until it is acknowledged, and nothing is written before', async () => {
  const had = sizeIn(mark())
  await copy(backup, name)
  const found = await entries()
  expect(found).toBeLessThan(had)
  await expect(start()).rejects.toThrow(`the log had ${had} sealed entries and the database has ${found}`)
  await expect(start()).rejects.toThrow('iom log acknowledge-restore')
  expect(await entries()).toBe(found)
})

it('acknowledged, an entry tells of the gap, the gateway starts and the log goes on', async () => {
  const had = sizeIn(mark())
  const has = await entries()
  const { iom } = commandLineOn(config)
  expect((await iom('log', 'acknowledge-restore', '--by', 'Ola Operator')).exitCode).toBe(2)
  const done = await iom('log', 'acknowledge-restore', '--by', 'Ola Operator', '--why', 'The disk failed; last night’s copy was restored')
  expect([done.exitCode, done.err]).toEqual([0, ''])
  const [row] = await ask(
    `select convert_from(p.canonical, 'UTF8')::jsonb as entry from access_log_payload p order by p.entry_id desc limit 1`,
  )
  expect(row!.entry).toMatchObject({
    operation: 'acknowledgeRestore',
    event: 'integrity-checked',
    by: 'Ola Operator',
    lostEntries: had - has,
  })
  expect(row!.entry).toMatchObject({ had: { size: had }, has: { size: has } })
  await work()
  expect(sizeIn(mark())).toBeGreaterThan(has)
  const again = await iom('log', 'acknowledge-restore', '--by', 'Ola Operator', '--why', 'Once more')
  expect([again.exitCode, again.err]).toEqual([1, 'Nothing is missing: the log is the one it was, grown or the same.'])
})

it('another log that has grown longer than the mark is no better, and neither is a mark that somebody wrote', async () => {
  const { file } = highWaterOf(config, readSigningKey(config))
  const good = mark()
  const lines = good.split('\n')
  writeFileSync(file, [lines[0], '1', ...lines.slice(2)].join('\n'))
  await expect(start()).rejects.toThrow('is not signed by the log')
  writeFileSync(file, good)
  // The same size with another root: what was signed there was another log.
  await ask(
    `begin; set local session_replication_role = 'replica'; update log_checkpoint set root = sha256('other') where tree_size = ${sizeIn(good)}; commit`,
  )
  await expect(start()).rejects.toThrow('another log than the one')
})
