import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { findAppConnection } from '../../src/db/server/app-role.ts'
import { startPostgres } from '../../src/db/server/embedded.ts'
import { connect } from '../../src/db/db.ts'
import { migrate } from '../../src/db/server/migrate.ts'
import { fillSandbox } from '../../src/fill-sandbox.ts'
import { shipPolicy } from '../../src/gateway/policies/ship-policy.ts'
import { readRecordKey } from '../../src/keys.ts'
import { makeSealer } from '../../src/sources/hosted.ts'
import { policyDirectory, shipped } from './facts.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: {
      /** Superuser and application role, without a database's name; plain data, since it travels to the workers. */
      readonly owner: pg.PoolConfig
      readonly app: pg.PoolConfig
      readonly template: string
      /** The same with the sandbox in it, and the data directory that holds its keys. */
      readonly filled: { readonly template: string; readonly dataDir: string }
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

const sandboxConfig = (dataDir: string) => ({
  mode: 'sandbox' as const,
  dataDir,
  policiesDir: policyDirectory,
  keys: { signingFile: null, recordFile: null },
})

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

/** Filled once for all, since most tests begin with the sandbox's partnership as it was seeded. */
async function fill(connection: pg.PoolConfig, dataDir: string): Promise<void> {
  const database = connect({ connection, max: 2 })
  const config = sandboxConfig(dataDir)
  const sealer = makeSealer({ current: readRecordKey(config), older: [] })
  await shipPolicy(database, shipped)
  const sandbox = await fillSandbox(database, { config, sealer })
  await sandbox.close()
  await database.end()
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
  const filled = { template: `${prefix}_filled`, dataDir: mkdtempSync(join(tmpdir(), 'gateway-filled-')) }
  await admin.query(`create database ${filled.template} template ${template}`)
  await fill({ ...app, database: filled.template }, filled.dataDir)
  project.provide('postgres', { owner: server.owner, app, template, filled, prefix })
  tearDown = async () => {
    const { rows } = await admin.query<{ name: string }>('select datname as name from pg_database where starts_with(datname, $1)', [prefix])
    for (const { name } of rows) await admin.query(`drop database ${name} with (force)`)
    await admin.end()
    await server.stop()
    rmSync(filled.dataDir, { recursive: true, force: true })
  }
}

export const teardown = (): Promise<void> => tearDown()
