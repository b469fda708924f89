import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chooseDatabaseUser, prepareHome, type DatabaseUser } from './home.ts'
import { findPostgresFiles, type PostgresFiles } from './programs.ts'

export const windows = process.platform === 'win32'

export interface ClusterOptions {
  readonly dataDir: string
  readonly log: (message: string) => void
  /** A `bin` directory of an installed PostgreSQL, taken instead of the bundled one. */
  readonly installed?: string
}

/** A directory of data, and what runs on it as whom. */
export interface Cluster {
  readonly home: string
  readonly dir: string
  readonly logFile: string
  readonly user: DatabaseUser
  readonly files: PostgresFiles
  readonly log: (message: string) => void
}

/** Finds the programs and the directory, and makes the cluster in it on first use. */
export function prepareCluster({ dataDir, log, installed }: ClusterOptions): Cluster {
  const user = chooseDatabaseUser(join(dataDir, 'postgres'))
  const home = prepareHome(dataDir, user)
  const files = findPostgresFiles(user, home, installed)
  const cluster = { home, dir: join(home, 'data'), logFile: join(home, 'postgres.log'), user, files, log }
  if (!existsSync(cluster.dir)) initialise(cluster)
  const major = readFileSync(join(cluster.dir, 'PG_VERSION'), 'utf8').trim()
  if (files.version.split('.')[0] !== major)
    throw new Error(
      `${cluster.dir} was made by PostgreSQL ${major}, and the one found here is ${files.version}: move the data with pg_dump.`,
    )
  return cluster
}

/** Makes the cluster beside its place and moves it there, so that a start that was killed half-way leaves nothing half-made. */
function initialise(cluster: Cluster): void {
  removeAbandoned(cluster.home)
  const partial = `${cluster.dir}.new.${String(process.pid)}`
  const locale =
    Number(cluster.files.version.split('.')[0]) >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : [process.platform === 'linux' ? '--locale=C.UTF-8' : '--locale=C']
  const common = ['-D', partial, '-U', 'gateway_owner', '-E', 'UTF8', ...locale, '--data-checksums', '--no-instructions']
  const passwordFile = join(cluster.home, 'password')
  if (windows) writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  // A socket in a directory that only this user may enter needs no password; a port does.
  const auth = windows ? ['--auth=scram-sha-256', `--pwfile=${passwordFile}`] : ['--auth-local=trust', '--auth-host=reject']
  const { status, stderr, error } = run(cluster, 'initdb', [...common, ...auth])
  if (status !== 0) throw new Error(`The database could not be made in ${cluster.dir}: ${error?.message ?? stderr}`)
  try {
    renameSync(partial, cluster.dir)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    // Another first start was quicker.
    if (!existsSync(cluster.dir)) throw error
  }
}

function removeAbandoned(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = /^data\.new\.(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(home, name), { recursive: true, force: true })
  }
}

/** Whether a process of this number exists, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function spawnOptions({ user, home }: Pick<Cluster, 'user' | 'home'>) {
  return { cwd: home, windowsHide: true, ...(user === null ? {} : { uid: user.uid, gid: user.gid }) }
}

/** Runs one of PostgreSQL's programs to its end, as the database's user. */
export function run(cluster: Cluster, program: string, args: readonly string[]) {
  return spawnSync(join(cluster.files.binDir, program), args, { ...spawnOptions(cluster), encoding: 'utf8' })
}

/** The end of the server's own log; empty when there is none. */
export function logTail({ logFile }: Cluster): string {
  return (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '').split('\n').slice(-12).join('\n')
}
