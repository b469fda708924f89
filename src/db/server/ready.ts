import { Fault } from '../../core/fault.ts'
import type { Db } from '../db.ts'
import type { MigrationFile } from './migrate.ts'

export interface Durability {
  readonly ready: boolean
  /** One sentence each; empty when ready. */
  readonly problems: readonly string[]
}

interface Settings {
  readonly version: number
  readonly fsync: string
  readonly fullPageWrites: string
  readonly synchronousCommit: string
  readonly standby: boolean
  readonly mayChangeEvidence: boolean
}

/**
 * Whether what PostgreSQL calls committed survives a power cut, on the schema of this build, as a role that cannot change the
 * evidence (design sections 1 and 4: not ready otherwise). A database that does not answer is a problem, not an error.
 * @param migrations what this build needs, from `listMigrations`
 */
export async function checkDurability(db: Db, migrations: readonly MigrationFile[]): Promise<Durability> {
  try {
    const problems = [...settingProblems(await findSettings(db)), ...(await findMigrationProblems(db, migrations))]
    return { ready: problems.length === 0, problems }
  } catch (error) {
    if (error instanceof Fault) return { ready: false, problems: [error.message] }
    throw error
  }
}

function settingProblems(settings: Settings): string[] {
  const problems: string[] = []
  if (settings.version < 150_000) problems.push('PostgreSQL is older than version 15.')
  if (settings.fsync !== 'on') problems.push('PostgreSQL runs with fsync off: a power cut would lose log entries.')
  if (settings.fullPageWrites !== 'on') problems.push('PostgreSQL runs with full_page_writes off: a power cut could damage the log.')
  // remote_apply waits for a standby besides; every other value waits for less.
  if (!['on', 'remote_apply'].includes(settings.synchronousCommit))
    problems.push(
      `PostgreSQL runs with synchronous_commit ${settings.synchronousCommit}: answers would leave before their entries are safe.`,
    )
  if (settings.standby) problems.push('PostgreSQL is a standby: nothing can be logged.')
  if (settings.mayChangeEvidence) problems.push('The database user may change or delete log entries: it must work as gateway_app.')
  return problems
}

async function findSettings(db: Db): Promise<Settings> {
  const { rows } = await db.query<Settings>({
    name: 'find-durability',
    text: `
      select current_setting('server_version_num')::integer as version,
             current_setting('fsync') as fsync,
             current_setting('full_page_writes') as "fullPageWrites",
             current_setting('synchronous_commit') as "synchronousCommit",
             pg_is_in_recovery() as standby,
             exists (
               select from unnest(array['log_batch', 'access_log', 'access_log_payload', 'disclosure', 'consent_event', 'log_leaf', 'log_tile',
                                        'log_checkpoint', 'log_cosignature', 'log_key', 'log_key_end', 'legal_hold', 'log_erasure', 'log_index']) as evidence (name),
                           unnest(array['update', 'delete', 'truncate', 'trigger']) as forbidden (verb)
                where has_table_privilege(to_regclass('public.' || evidence.name), forbidden.verb)) as "mayChangeEvidence"`,
  })
  const [settings] = rows
  if (settings === undefined) throw new Error('PostgreSQL told nothing of itself.')
  return settings
}

async function findMigrationProblems(db: Db, migrations: readonly MigrationFile[]): Promise<string[]> {
  const { rows: tables } = await db.query<{ found: boolean }>({
    text: `select coalesce(has_table_privilege(to_regclass('public.schema_migration_pin'), 'select'), false) as found`,
  })
  if (tables[0]?.found !== true) return ['The database has not been migrated.']
  const { rows } = await db.query<MigrationFile>({
    name: 'find-migrations',
    text: `
      select schema_migration.name, schema_migration_pin.sha256
        from schema_migration
        join schema_migration_pin on schema_migration_pin.name = schema_migration.name`,
  })
  const ran = new Map(rows.map(({ name, sha256 }) => [name, sha256]))
  const missing = migrations.filter(({ name }) => !ran.has(name)).map(({ name }) => `The migration ${name} has not run.`)
  const edited = migrations
    .filter(({ name, sha256 }) => ran.has(name) && ran.get(name) !== sha256)
    .map(({ name }) => `The migration ${name} ran in another form.`)
  const unknown = [...ran.keys()]
    .filter((name) => !migrations.some((migration) => migration.name === name))
    .map((name) => `The database holds the migration ${name} of a newer gateway.`)
  return [...missing, ...edited, ...unknown]
}
