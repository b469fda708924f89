import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type pg from 'pg'
import { isAlive, run, windows, type Cluster } from './cluster.ts'
import { socketParents } from './home.ts'

interface PidFile {
  readonly pid: number
  readonly port: number
  readonly socketDir: string
}

/** What a server wrote into its directory when it started; it stays behind when the server was killed. */
function readPidFile({ dir }: Cluster): PidFile | null {
  try {
    const [pid, , , port, socketDir = ''] = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(pid), port: Number(port), socketDir }
  } catch {
    return null
  }
}

/** Where the server that runs on this directory listens; null when none does. */
export function runningAddress(cluster: Cluster): pg.PoolConfig | null {
  const file = readPidFile(cluster)
  if (file === null || !isServer(file.pid, cluster)) return null
  return windows ? loopback(cluster, file.port) : { host: file.socketDir, port: file.port }
}

/** Whether the process is a server on this directory: after a crash its number may belong to something else. */
function isServer(pid: number, cluster: Cluster): boolean {
  if (!isAlive(pid)) return false
  if (windows) return true
  const command = existsSync('/proc/self/cmdline')
    ? tryRead(`/proc/${String(pid)}/cmdline`)
    : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  return command.includes(cluster.dir)
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A killed server's file stops the next one when its number has gone to another living process. */
export function removeMisleadingPidFile(cluster: Cluster): void {
  const file = readPidFile(cluster)
  if (file !== null && file.pid > 0 && isAlive(file.pid) && !isServer(file.pid, cluster))
    rmSync(join(cluster.dir, 'postmaster.pid'), { force: true })
}

/** Where a server shall listen: a killed one's own place, so that whoever was connected finds it again, else a new private one. */
export async function chooseAddress(cluster: Cluster): Promise<pg.PoolConfig> {
  if (windows) return loopback(cluster, await freePort())
  const former = readPidFile(cluster)?.socketDir ?? ''
  if (former !== '' && existsSync(former)) return { host: former, port: 5432 }
  const [parent] = socketParents(cluster.user)
  if (parent === undefined) throw new Error('There is no directory for temporary files that the database can reach.')
  const host = mkdtempSync(join(parent, 'gateway-db-'))
  if (cluster.user !== null) chownSync(host, cluster.user.uid, cluster.user.gid)
  return { host, port: 5432 }
}

function loopback({ home }: Cluster, port: number): pg.PoolConfig {
  return { host: '127.0.0.1', port, password: readFileSync(join(home, 'password'), 'utf8') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export function signalPostmaster(cluster: Cluster, signal: NodeJS.Signals = 'SIGINT'): void {
  const file = readPidFile(cluster)
  if (file === null || !isServer(file.pid, cluster)) return
  if (windows) run(cluster, 'pg_ctl', ['stop', '-D', cluster.dir, '-m', 'fast'])
  else process.kill(file.pid, signal)
}

export function removeSocketDir({ host }: pg.PoolConfig): void {
  if (!windows && host !== undefined) rmSync(host, { recursive: true, force: true })
}
