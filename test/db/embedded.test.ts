import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '../../src/db/db.ts'
import { startPostgres, type RunningPostgres } from '../../src/db/server/embedded.ts'

const asRoot = process.getuid?.() === 0
const launcher = new URL('../../src/db/server/embedded.ts', import.meta.url).href
let dataDir: string
let said: string[]
let started: RunningPostgres[]
let children: ChildProcess[]

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gateway-embedded-'))
  said = []
  started = []
  children = []
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const postgres of started) await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(dir = dataDir): Promise<RunningPostgres> {
  const postgres = await startPostgres({ dataDir: dir, log: (message) => said.push(message) })
  started.push(postgres)
  return postgres
}

/** Starts the database from a process of its own, which tells where it is and then waits to be killed. */
async function startElsewhere(
  ids: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; told: { connection: pg.PoolConfig; runsAs: string | null } }> {
  const script = `const { startPostgres } = await import(${JSON.stringify(launcher)})
    const { ownerConnection: connection, runsAs, stop } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined })
    process.on('SIGTERM', () => stop().then(() => process.exit(0)))
    console.log(JSON.stringify({ connection, runsAs }))
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { ...ids, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = (await child.stdout?.setEncoding('utf8').take(1).toArray()) as readonly unknown[]
  return { child, told: JSON.parse(String(line)) as { connection: pg.PoolConfig; runsAs: string | null } }
}

async function ask<Row extends pg.QueryResultRow>(connection: pg.PoolConfig, text: string): Promise<Row[]> {
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

const write = (connection: pg.PoolConfig) => ask(connection, 'create table note as select 1 as written')
const read = (connection: pg.PoolConfig) => ask(connection, 'select written from note')
const serverPid = (home = join(dataDir, 'postgres')) => Number(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
/** The server removes the file as the last thing it does. */
const hasStopped = () => !existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))
const exited = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve))

async function eventually<Value>(attempt: () => Promise<Value>): Promise<Value> {
  const deadline = Date.now() + 15_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await delay(50)
    }
  }
}

test('it starts twice on the same directory, keeps the data, and leaves nothing running', async () => {
  const first = await start()
  await write(first.ownerConnection)
  await first.stop()
  expect(hasStopped()).toBe(true)
  expect(existsSync(String(first.ownerConnection.host))).toBe(false)
  const second = await start()
  expect(await read(second.ownerConnection)).toEqual([{ written: 1 }])
})

test('it listens on a socket in a private directory and nowhere else, never as root, with checksums', async () => {
  const postgres = await start()
  const host = String(postgres.appConnection.host)
  expect(statSync(host).mode & 0o777).toBe(0o700)
  expect(`${host}/.s.PGSQL.5432`.length).toBeLessThan(100)
  expect(statSync(host).uid).not.toBe(0)
  expect(statSync(join(postgres.home, 'data')).mode & 0o777).toBe(0o700)
  const [row] = await ask(
    postgres.appConnection,
    `select current_setting('listen_addresses') as tcp, current_setting('data_checksums') as checksums, current_setting('fsync') as fsync,
            current_setting('server_encoding') as encoding, current_user::text as user, current_setting('is_superuser') as super,
            lower('É') as lower`,
  )
  expect(row).toEqual({ tcp: '', checksums: 'on', fsync: 'on', encoding: 'UTF8', user: 'gateway_app', super: 'off', lower: 'é' })
  if (asRoot) expect(postgres.runsAs).toMatch(/^(postgres|nobody)$/)
  else expect(postgres.runsAs).toBeNull()
})

test('after kill -9 of the server it comes back by itself, at the same place, with what was committed; a pool lives on', async () => {
  const postgres = await start()
  await write(postgres.ownerConnection)
  const db = connect({ connection: postgres.ownerConnection })
  await db.query({ text: 'select 1' })
  process.kill(serverPid(), 'SIGKILL')
  await eventually(async () => {
    expect(said).toContain('The database went away; starting it again.')
  })
  const answers = { rows: [{ written: 1 }], rowCount: 1 }
  const seen: unknown[] = []
  const question = () => db.query({ text: 'select written from note' })
  expect(
    await eventually(() =>
      question().catch((error: unknown) => {
        seen.push(error)
        throw error
      }),
    ),
  ).toEqual(answers)
  for (const error of seen) expect(error).toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 })
  await db.end()
})

test('after kill -9 of whoever started it, a later start takes the running server over and can stop it', async () => {
  const { child, told } = await startElsewhere()
  await write(told.connection)
  const pid = serverPid()
  child.kill('SIGKILL')
  await exited(child)
  const postgres = await start()
  expect(postgres.shared).toBe(false)
  expect(serverPid()).toBe(pid)
  expect(await read(postgres.ownerConnection)).toEqual([{ written: 1 }])
  await postgres.stop()
  expect(hasStopped()).toBe(true)
  await expect(read(told.connection)).rejects.toThrow('ENOENT')
})

test('after kill -9 of both, the next start recovers', async () => {
  const { child, told } = await startElsewhere()
  await write(told.connection)
  const pid = serverPid()
  child.kill('SIGKILL')
  process.kill(pid, 'SIGKILL')
  await exited(child)
  const postgres = await start()
  expect(serverPid()).not.toBe(pid)
  expect(await read(postgres.ownerConnection)).toEqual([{ written: 1 }])
})

test('a killed server whose number now belongs to something else does not stand in the way', async () => {
  const postgres = await start()
  await write(postgres.ownerConnection)
  await postgres.stop()
  const file = join(postgres.home, 'data', 'postmaster.pid')
  writeFileSync(file, `${String(process.pid)}\n${join(postgres.home, 'data')}\n1\n5432\n/nowhere\n\n`)
  if (asRoot) chownSync(file, statSync(postgres.home).uid, statSync(postgres.home).gid)
  expect(await read((await start()).ownerConnection)).toEqual([{ written: 1 }])
})

test('a second process on the same directory shares the server and leaves it running', async () => {
  const { child, told } = await startElsewhere()
  await write(told.connection)
  const shared = await start()
  expect(shared.shared).toBe(true)
  expect(await read(shared.appConnection).catch(String)).toContain('permission denied')
  await shared.stop()
  expect(await read(told.connection)).toEqual([{ written: 1 }])
  child.kill('SIGTERM')
  await exited(child)
  await expect(read(told.connection)).rejects.toThrow()
})

test('two starts at once end with one server, which one of them keeps', async () => {
  const both = await Promise.all([start(), start()])
  expect(both.map(({ shared }) => shared).sort()).toEqual([false, true])
  expect(both[0]?.ownerConnection).toEqual(both[1]?.ownerConnection)
  await both.find(({ shared }) => shared)?.stop()
  expect(await ask(both[0]?.ownerConnection ?? {}, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('two first starts at once, from two processes, make one database', async () => {
  const both = await Promise.all([startElsewhere(), startElsewhere()])
  expect(both[0]?.told.connection).toEqual(both[1]?.told.connection)
  await write(both[0]?.told.connection ?? {})
  const ended = both.map(({ child }) => exited(child))
  for (const { child } of both) child.kill('SIGTERM')
  await Promise.all(ended)
  expect(hasStopped()).toBe(true)
})

test('what a killed first start left half-made is cleared away', async () => {
  const abandoned = join(dataDir, 'postgres', 'data.new.999999999')
  mkdirSync(abandoned, { recursive: true })
  writeFileSync(join(abandoned, 'PG_VERSION'), '18\n')
  expect(await ask((await start()).ownerConnection, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(existsSync(abandoned)).toBe(false)
})

test('data of another version of PostgreSQL is refused in words', async () => {
  const postgres = await start()
  await postgres.stop()
  writeFileSync(join(postgres.home, 'data', 'PG_VERSION'), '14\n')
  await expect(start()).rejects.toThrow('was made by PostgreSQL 14')
})

test.runIf(asRoot)(
  'as root, where the database cannot reach the directory, it keeps its data elsewhere, the same place every time',
  async () => {
    chmodSync(dataDir, 0o700)
    const hidden = join(dataDir, 'clone', '.data')
    const first = await start(hidden)
    try {
      expect(first.home.startsWith(dataDir)).toBe(false)
      await write(first.ownerConnection)
      await first.stop()
      const second = await start(hidden)
      expect(second.home).toBe(first.home)
      expect(await read(second.ownerConnection)).toEqual([{ written: 1 }])
      await second.stop()
    } finally {
      rmSync(first.home, { recursive: true, force: true })
    }
  },
)

test.runIf(asRoot)('an ordinary user starts it as that user; root later continues it as that user', async () => {
  const nobody = { uid: 65_534, gid: 65_534 }
  chownSync(dataDir, nobody.uid, nobody.gid)
  const { child, told } = await startElsewhere(nobody)
  expect(told.runsAs).toBeNull()
  await write(told.connection)
  child.kill('SIGTERM')
  await exited(child)
  const postgres = await start()
  expect(statSync(postgres.home).uid).toBe(nobody.uid)
  expect(await read(postgres.ownerConnection)).toEqual([{ written: 1 }])
})
