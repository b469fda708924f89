import { spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { logTail, prepareCluster, spawnOptions, windows, type Cluster, type ClusterOptions } from '../postgres/cluster.ts'
import { chooseAddress, removeMisleadingPidFile, removeSocketDir, runningAddress, signalPostmaster } from '../postgres/server.ts'

export interface RunningPostgres {
  /** Superuser of this database: migrations only. */
  readonly ownerConnection: pg.PoolConfig
  /** The role `gateway_app`, which may log in here. */
  readonly appConnection: pg.PoolConfig
  /** As `postgres --version` tells it, for example `18.4`. */
  readonly version: string
  /** Where the data really is: not below `dataDir` when the database's user cannot reach that. */
  readonly home: string
  /** The user the database runs as, when that is not the user who started us. */
  readonly runsAs: string | null
  /** True when another living process started this database; `stop` then leaves it alone. */
  readonly shared: boolean
  stop(): Promise<void>
}

const databaseName = 'gateway'
/** Held by the process that answers for the database, for as long as it lives: PostgreSQL frees it when that process is gone. */
const keeperLock = 7_030_018
/** Long enough to recover a gigabyte of write-ahead log on a slow disk. */
const startLimitMillis = 120_000
const settings: readonly string[] = [
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'max_connections=100',
  'shared_buffers=128MB',
  'max_wal_size=1GB',
  'jit=off',
  'timezone=UTC',
  'log_timezone=UTC',
  // The server's own log is not evidence and must not hold personal data: no statements, no row contents in error details.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_checkpoints=off',
]

/** A session for as long as we live; it owns the database unless another living process does. */
type Keeper = { readonly client: pg.Client; readonly owns: boolean; readonly address: pg.PoolConfig }

/**
 * Starts the bundled PostgreSQL (or an installed one) on its own directory, or takes over the one that a killed predecessor left
 * running. While we live it is started again when it dies.
 * @throws Error with the end of the server's log when it does not start
 */
export async function startPostgres(options: ClusterOptions): Promise<RunningPostgres> {
  const cluster = prepareCluster(options)
  const first = await keepRunning(cluster)
  const stop = first.owns ? watchOver(cluster, first) : () => first.client.end()
  return {
    ownerConnection: { ...first.address, user: 'gateway_owner', database: databaseName },
    appConnection: { ...first.address, user: 'gateway_app', database: databaseName },
    version: cluster.files.version,
    home: cluster.home,
    runsAs: cluster.user?.name ?? null,
    shared: !first.owns,
    stop,
  }
}

/** Starts the database again whenever it dies, until the function returned is called. */
function watchOver(cluster: Cluster, first: Keeper): () => Promise<void> {
  let stopping = false
  let current = Promise.resolve(first)
  const watch = (keeper: Keeper): void => {
    keeper.client.once('end', () => {
      if (stopping) return
      cluster.log('The database went away; starting it again.')
      current = keepRunning(cluster, keeper.address)
      current.then(watch, (error: unknown) => {
        cluster.log(`The database could not be started again: ${String(error)}`)
      })
    })
  }
  watch(first)
  const interrupt = (): void => {
    signalPostmaster(cluster)
  }
  process.once('exit', interrupt)
  return async () => {
    if (stopping) return
    stopping = true
    process.removeListener('exit', interrupt)
    const keeper = await current.catch(() => first)
    await stopPostmaster(cluster, keeper)
  }
}

/**
 * Finds the database running or starts it, and becomes its keeper unless another living process is.
 * @param formerAddress where we kept it until it died: it comes back there, and to us
 */
async function keepRunning(cluster: Cluster, formerAddress?: pg.PoolConfig): Promise<Keeper> {
  const deadline = Date.now() + startLimitMillis
  const address = formerAddress ?? (await chooseAddress(cluster))
  try {
    for (;;) {
      const running = runningAddress(cluster)
      const keeper = await tryKeeper(cluster, running ?? address, formerAddress !== undefined)
      if (keeper !== null) {
        if (keeper.address.host !== address.host) removeSocketDir(address)
        return keeper
      }
      if (Date.now() > deadline) throw new Error(`The database did not start: ${logTail(cluster)}`)
      if (running === null) await launch(cluster, address, deadline)
      else await delay(100)
    }
  } catch (error) {
    if (runningAddress(cluster) === null) removeSocketDir(address)
    throw error
  }
}

/** Spawns the server in a session of its own, so that Ctrl-C reaches us first, and waits until it answers or gives up. */
async function launch(cluster: Cluster, address: pg.PoolConfig, deadline: number): Promise<void> {
  removeMisleadingPidFile(cluster)
  const output = openSync(cluster.logFile, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND, 0o600)
  const where = windows
    ? ['listen_addresses=127.0.0.1', `port=${String(address.port)}`, 'unix_socket_directories=']
    : ['listen_addresses=', `unix_socket_directories=${String(address.host)}`, 'unix_socket_permissions=0700']
  const args = ['-D', cluster.dir, ...[...settings, ...where].flatMap((setting) => ['-c', setting])]
  const child = spawn(join(cluster.files.binDir, 'postgres'), args, {
    ...spawnOptions(cluster),
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  let ended: string | null = null
  child.once('error', (error) => (ended = error.message))
  child.once('exit', (code) => (ended ??= `exit code ${String(code)}`))
  child.unref()
  while (ended === null && !(await answers(address))) {
    if (Date.now() > deadline) break
    await delay(25)
  }
  if (ended === null) return
  // Another start was quicker, or the children of a killed server have not let go of its memory yet: both pass.
  const tail = logTail(cluster)
  if (runningAddress(cluster) === null && !/lock file .* already exists|shared memory block .* still in use/.test(tail))
    throw new Error(`The database did not start (${ended}): ${tail}`)
  await delay(200)
}

async function answers(address: pg.PoolConfig): Promise<boolean> {
  const client = new pg.Client({ ...address, user: 'gateway_owner', database: 'postgres' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Connects for good; null when nothing answers there, when what answers is another database, or when it must be ours and is not yet. */
async function tryKeeper(cluster: Cluster, address: pg.PoolConfig, mustOwn: boolean): Promise<Keeper | null> {
  const client = new pg.Client({ ...address, user: 'gateway_owner', database: 'postgres', application_name: 'gateway keeper' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ dir: string }>(`select current_setting('data_directory') as dir`)
    if (rows[0]?.dir !== cluster.dir && !windows) throw new Error('Another database answers there.')
    const owns = await takeKeeperLock(client)
    if (mustOwn && !owns) throw new Error('The former session has not ended yet.')
    if (owns) await makeRolesAndDatabase(client, address)
    return { client, owns, address }
  } catch {
    await client.end().catch(() => undefined)
    return null
  }
}

/** Waits a little: the session of a keeper that was just killed ends when the server notices. */
async function takeKeeperLock(client: pg.Client): Promise<boolean> {
  for (let tries = 0; tries < 10; tries += 1) {
    const { rows } = await client.query<{ owns: boolean }>('select pg_try_advisory_lock($1) as owns', [keeperLock])
    if (rows[0]?.owns === true) return true
    await delay(100)
  }
  return false
}

async function makeRolesAndDatabase(client: pg.Client, { password }: pg.PoolConfig): Promise<void> {
  const secret = typeof password === 'string' ? `password ${client.escapeLiteral(password)}` : ''
  await client.query(`do $$ begin
    if not exists (select from pg_roles where rolname = 'gateway_app') then create role gateway_app; end if;
    alter role gateway_app login ${secret};
  end $$`)
  const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName])
  if (rowCount === 0) await client.query(`create database ${databaseName} owner gateway_owner`)
}

/** Fast shutdown: sessions are ended, what is committed is on disk. */
async function stopPostmaster(cluster: Cluster, { client, address }: Keeper): Promise<void> {
  await client.end().catch(() => undefined)
  signalPostmaster(cluster)
  for (let waited = 0; runningAddress(cluster) !== null; waited += 50) {
    if (waited === 20_000) signalPostmaster(cluster, 'SIGQUIT')
    if (waited > 30_000) throw new Error(`The database does not stop: ${logTail(cluster)}`)
    await delay(50)
  }
  removeSocketDir(address)
}
