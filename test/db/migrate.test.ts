import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listMigrations, migrate } from '../../src/db/server/migrate.ts'
import { emptyDatabase } from '../support/database.ts'

let database: Awaited<ReturnType<typeof emptyDatabase>>
let dir: string
const log = (): void => undefined
const shipped = listMigrations()
const names = shipped.map(({ name }) => name)

beforeEach(async () => {
  database = await emptyDatabase()
  dir = mkdtempSync(join(tmpdir(), 'gateway-migrations-'))
  cpSync('migrations', dir, { recursive: true })
})
afterEach(async () => {
  await database.drop()
  rmSync(dir, { recursive: true })
})

const run = (from = dir) => migrate({ connection: database.ownerConnection, log, dir: from })

async function ask(text: string): Promise<unknown[]> {
  const client = new pg.Client(database.ownerConnection)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

test('the shipped migrations run once, in order, and leave partitions for the months ahead', async () => {
  expect(names.length).toBeGreaterThan(5)
  expect(await run()).toEqual(names)
  expect(await run()).toEqual([])
  expect(await ask(`select count(*)::integer as n from pg_inherits where inhparent = 'access_log'::regclass`)).toEqual([{ n: 5 }])
})

test('several instances that start at once migrate once between them', async () => {
  const ran = await Promise.all([run(), run(), run(), run()])
  expect(ran.flat()).toEqual(names)
})

test('a file that was edited after it ran is refused, by name, and accepted again when put back', async () => {
  await run()
  appendFileSync(join(dir, `${names[1] ?? ''}.sql`), '\n-- a harmless remark\n')
  await expect(run()).rejects.toThrow(`${names[1] ?? ''} was edited`)
  cpSync('migrations', dir, { recursive: true })
  expect(await run()).toEqual([])
})

test('a database on which a newer gateway has run is refused', async () => {
  writeFileSync(join(dir, '9999-later.sql'), 'create table later (id text primary key);\n')
  expect(await run()).toEqual([...names, '9999-later'])
  await expect(run('migrations')).rejects.toThrow('9999-later, which this build does not know')
})

test('a new file that would have to run before one that already ran is refused', async () => {
  await run()
  writeFileSync(join(dir, '0000-earlier.sql'), 'create table earlier (id text primary key);\n')
  await expect(run()).rejects.toThrow('0000-earlier')
  expect(await ask(`select to_regclass('earlier')::text as earlier`)).toEqual([{ earlier: null }])
})

test('a migration that fails leaves nothing of the run behind, is named, and may be mended', async () => {
  writeFileSync(join(dir, '9998-good.sql'), 'create table good (id text primary key);\n')
  writeFileSync(join(dir, '9999-broken.sql'), 'create table good (id text primary key);\n')
  await expect(run()).rejects.toThrow('9999-broken failed')
  expect(await ask(`select to_regclass('agency')::text as agency, to_regclass('good')::text as good`)).toEqual([
    { agency: null, good: null },
  ])
  writeFileSync(join(dir, '9999-broken.sql'), 'create table better (id text primary key);\n')
  expect(await run()).toEqual([...names, '9998-good', '9999-broken'])
})

test('a file that ran but has no pin is refused', async () => {
  await run()
  await ask(`delete from schema_migration_pin where name = '${names[0] ?? ''}'`)
  await expect(run()).rejects.toThrow(`${names[0] ?? ''} was edited`)
})

test('a file whose name does not say its order is refused', () => {
  writeFileSync(join(dir, 'quick-fix.sql'), 'select 1')
  expect(() => listMigrations(dir)).toThrow('is not named NNNN-what.sql')
})
