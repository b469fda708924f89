import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'

export interface MigrationFile {
  /** The file's name without `.sql`. */
  readonly name: string
  /** SHA-256 of the file's bytes, lower-case hexadecimal. */
  readonly sha256: string
}

export interface MigrateOptions {
  /** The owner of the tables, never the application's role. */
  readonly connection: pg.ClientConfig
  readonly log: (message: string) => void
  /** Where the files are; those of this build when absent. */
  readonly dir?: string
}

const shippedDir = fileURLToPath(new URL('../../../migrations', import.meta.url))
/** One number for all instances on a database: whoever comes second waits. */
const migrationLock = 7_030_017

/** The migrations of this build, in the order in which they run. */
export function listMigrations(dir = shippedDir): readonly MigrationFile[] {
  const files = readdirSync(dir)
    .filter((file) => !file.startsWith('.'))
    .sort()
  const odd = files.find((file) => !/^\d{4}-[a-z0-9-]+\.sql$/.test(file))
  if (odd !== undefined) throw new Error(`${join(dir, odd)} is not named NNNN-what.sql.`)
  return files.map((file) => ({
    name: basename(file, '.sql'),
    sha256: createHash('sha256')
      .update(readFileSync(join(dir, file)))
      .digest('hex'),
  }))
}

/**
 * Brings the database to this build's schema, and makes the log's partitions for the months ahead. Safe to run on several instances at once.
 * @returns the names of what ran now; empty when nothing was missing
 * @throws Error when the database was migrated by a newer gateway, or when a file that already ran was edited since
 */
export async function migrate({ connection, log, dir = shippedDir }: MigrateOptions): Promise<readonly string[]> {
  const client = new pg.Client({ ...connection, application_name: 'gateway migration' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    const files = listMigrations(dir)
    await checkHistory(client, files)
    await pin(client, files)
    const ran = await runPending(client, dir, log)
    await client.query('grant select on schema_migration, schema_migration_pin to gateway_app')
    await client.query('select ensure_log_partitions(3)')
    return ran
  } finally {
    // Ends the session, and with it the lock.
    await client.end()
  }
}

async function runPending(dbClient: pg.Client, dir: string, log: (message: string) => void): Promise<readonly string[]> {
  let current = ''
  const info = (line: string): void => {
    current = /### MIGRATION (\S+)/.exec(line)?.[1] ?? current
  }
  try {
    const ran = await runner({
      dbClient,
      dir,
      direction: 'up',
      migrationsTable: 'schema_migration',
      singleTransaction: true,
      checkOrder: true,
      noLock: true,
      // Its own account of a failure is the whole file; the error below says enough.
      logger: { info, warn: () => undefined, error: () => undefined },
    })
    for (const { name } of ran) log(`Migrated: ${name}`)
    return ran.map(({ name }) => name)
  } catch (error) {
    throw new Error(`Migration ${current} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function checkHistory(client: pg.Client, files: readonly MigrationFile[]): Promise<void> {
  const { rows: tables } = await client.query<{ found: boolean }>(`select to_regclass('public.schema_migration') is not null as found`)
  if (tables[0]?.found !== true) return
  const { rows } = await client.query<{ name: string; sha256: string | null }>(`
    select schema_migration.name, schema_migration_pin.sha256
      from schema_migration
      left join schema_migration_pin on schema_migration_pin.name = schema_migration.name
     order by schema_migration.name`)
  const problem = rows.map((row) => historyProblem(row, files)).find((found) => found !== null)
  if (problem !== undefined && problem !== null) throw new Error(problem)
}

function historyProblem(ran: { name: string; sha256: string | null }, files: readonly MigrationFile[]): string | null {
  const file = files.find(({ name }) => name === ran.name)
  if (file === undefined)
    return `The database holds the migration ${ran.name}, which this build does not know: a newer gateway has run on it.`
  if (file.sha256 === ran.sha256) return null
  return `The migration ${ran.name} was edited after it ran on this database: put the file back and write a new one.`
}

/** Pins come before the run: were they written after it, a crash between the two would leave a file that ran and is not pinned. */
async function pin(client: pg.Client, files: readonly MigrationFile[]): Promise<void> {
  await client.query('create table if not exists schema_migration_pin (name text primary key, sha256 text not null)')
  await client.query({
    text: `
      insert into schema_migration_pin as pin (name, sha256)
      select file.name, file.sha256 from unnest($1::text[], $2::text[]) as file (name, sha256)
      on conflict (name) do update set sha256 = excluded.sha256 where pin.sha256 <> excluded.sha256`,
    values: [files.map(({ name }) => name), files.map(({ sha256 }) => sha256)],
  })
}
