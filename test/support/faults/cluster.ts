import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Cluster, logTail, prepareCluster, spawnOptions } from '../../../src/db/postgres/cluster.ts'
import { chooseAddress, removeSocketDir } from '../../../src/db/postgres/server.ts'

/** A PostgreSQL of the harness's own: it dies when it is told to, and stays dead until it is started again. */
export interface FaultCluster {
  readonly owner: pg.PoolConfig
  readonly app: pg.PoolConfig
  /** SIGKILL of the postmaster, as a crash of the machine's memory would be: nothing is flushed, nobody is told. */
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const databaseName = 'gateway'
const startLimitMs = 60_000
/** The instant of every commit is kept, to the microsecond and under the locks it held: what decides which of two came first. */
const settings = ['listen_addresses=', 'track_commit_timestamp=on', 'max_connections=100', 'jit=off', 'timezone=UTC', 'log_timezone=UTC']

export const startCluster = async (dataDir: string): Promise<FaultCluster> => {
  const { TEST_POSTGRES: version } = process.env
  const installed = version === undefined ? undefined : `/usr/lib/postgresql/${version}/bin`
  const cluster = prepareCluster({ dataDir, log: () => undefined, installed })
  const address = await chooseAddress(cluster)
  const owner = { ...address, user: 'gateway_owner', database: databaseName }
  let server = await launchUntilReady(cluster, address)
  process.once('exit', () => server.kill('SIGKILL'))
  await makeDatabase(address)
  return {
    owner,
    app: { ...owner, user: 'gateway_app' },
    kill: () => end(server, 'SIGKILL'),
    start: async () => {
      server = await launchUntilReady(cluster, address)
    },
    stop: async () => {
      await end(server, 'SIGINT')
      removeSocketDir(address)
    },
  }
}

/** A killed server's children hold its memory for a moment, and the next one refuses to start beside them: it is tried again. */
const launchUntilReady = async (cluster: Cluster, address: pg.PoolConfig): Promise<ChildProcess> => {
  const deadline = Date.now() + startLimitMs
  while (Date.now() < deadline) {
    const server = launch(cluster, address)
    while (server.exitCode === null && server.signalCode === null) {
      if (await answers(address)) return server
      await delay(20)
    }
    await delay(50)
  }
  throw new Error(`The harness's database does not start: ${logTail(cluster)}`)
}

const launch = (cluster: Cluster, address: pg.PoolConfig): ChildProcess => {
  const output = openSync(cluster.logFile, 'a', 0o600)
  const where = [`unix_socket_directories=${String(address.host)}`, 'unix_socket_permissions=0777']
  const args = ['-D', cluster.dir, ...[...settings, ...where].flatMap((setting) => ['-c', setting])]
  const server = spawn(join(cluster.files.binDir, 'postgres'), args, { ...spawnOptions(cluster), stdio: ['ignore', output, output] })
  server.on('error', () => undefined)
  closeSync(output)
  return server
}

const end = async (server: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill(signal)
  await ended
}

const answers = async (address: pg.PoolConfig): Promise<boolean> => {
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

const makeDatabase = async (address: pg.PoolConfig): Promise<void> => {
  const client = new pg.Client({ ...address, user: 'gateway_owner', database: 'postgres' })
  await client.connect()
  await client.query('create role gateway_app login')
  await client.query(`create database ${databaseName}`)
  await client.end()
}
