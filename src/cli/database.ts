import type pg from 'pg'
import type { Config } from '../config.ts'
import { findAppConnection } from '../db/server/app-role.ts'
import { startPostgres } from '../db/server/embedded.ts'

export interface CommandDatabase {
  readonly owner: pg.PoolConfig
  /** Needs the migrations to have run, since they make the role. */
  readonly app: () => Promise<pg.PoolConfig>
  readonly says: string
  readonly close: () => Promise<void>
}

/** The database that DATABASE_URL names, else the bundled one: joined where it runs, else started for as long as the command takes. */
export const openCommandDatabase = async (config: Config): Promise<CommandDatabase> => {
  if (config.database.url !== null) {
    const given = { connectionString: config.database.url }
    const owner = { connectionString: config.database.ownerUrl ?? config.database.url }
    return {
      owner,
      app: () => findAppConnection(given, owner),
      says: 'the PostgreSQL that DATABASE_URL names',
      close: () => Promise.resolve(),
    }
  }
  const postgres = await startPostgres({ dataDir: config.dataDir, log: () => undefined })
  return {
    owner: postgres.ownerConnection,
    app: () => Promise.resolve(postgres.appConnection),
    says: `PostgreSQL ${postgres.version} in ${postgres.home}`,
    close: () => postgres.stop(),
  }
}
