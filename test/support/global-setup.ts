import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { findAppConnection } from '../../src/db/server/app-role.ts'
import { startPostgres } from '../../src/db/server/embedded.ts'
import { migrate } from '../../src/db/server/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: {
      /** Superuser and application role, without a database's name; plain data, since it travels to the workers. */
      readonly owner: pg.PoolConfig
      readonly app: pg.PoolConfig
      readonly template: string
      /** Begins the name of every database of this run. */
      readonly prefix: string
    }
  }
}

interface Server {
  readonly owner: pg.PoolConfig
  /** Absent where the server has no login of that role. */
  readonly app?: pg.PoolConfig
  readonly stop: () => Promise<void>
}

const silent = (): void => undefined

/**
 * One cluster for the run: `TEST_DATABASE_URL` (a superuser's), or `TEST_POSTGRES=15` for the installed PostgreSQL of that version,
 * or the bundled one.
 */
async function startServer(): Promise<Server> {
  const { TEST_DATABASE_URL: url, TEST_POSTGRES: version } = process.env
  if (url !== undefined) {
    const { hostname, port, username, password, pathname } = new URL(url)
    const [user, secret, database] = [username, password, pathname.slice(1)].map(decodeURIComponent)
    const owner = {
      host: decodeURIComponent(hostname),
      port: Number(port || 5432),
      user,
      password: secret || undefined,
      database: database || 'postgres',
    }
    return { owner, stop: async () => undefined }
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-test-'))
  const installed = version === undefined ? undefined : `/usr/lib/postgresql/${version}/bin`
  const postgres = await startPostgres({ dataDir, log: silent, installed })
  const stop = async (): Promise<void> => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { owner: postgres.ownerConnection, app: postgres.appConnection, stop }
}

let tearDown: () => Promise<void> = async () => undefined

export async function setup(project: TestProject): Promise<void> {
  const server = await startServer()
  const prefix = `gateway_test_${randomBytes(4).toString('hex')}`
  const template = `${prefix}_template`
  const admin = new pg.Client(server.owner)
  await admin.connect()
  await admin.query(`create database ${template}`)
  const owner = { ...server.owner, database: template }
  await migrate({ connection: owner, log: silent })
  const app = server.app ?? (await findAppConnection(owner))
  project.provide('postgres', { owner: server.owner, app, template, prefix })
  tearDown = async () => {
    const { rows } = await admin.query<{ name: string }>('select datname as name from pg_database where starts_with(datname, $1)', [prefix])
    for (const { name } of rows) await admin.query(`drop database ${name} with (force)`)
    await admin.end()
    await server.stop()
  }
}

export const teardown = (): Promise<void> => tearDown()
