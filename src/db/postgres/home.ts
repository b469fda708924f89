import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, parse, resolve } from 'node:path'

/** The user that the database runs as; null when it runs as the user who started us. */
export type DatabaseUser = { readonly name: string; readonly uid: number; readonly gid: number } | null

/** PostgreSQL refuses to run as root, so root drops to the owner of an existing data directory, else to `postgres`, else to `nobody`. */
export function chooseDatabaseUser(home: string): DatabaseUser {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }))
  const owner = existsSync(home) ? statSync(home) : null
  if (owner !== null && owner.uid !== 0)
    return { name: users.find(({ uid }) => uid === owner.uid)?.name ?? String(owner.uid), uid: owner.uid, gid: owner.gid }
  const found = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody')
  if (found === undefined) throw new Error('PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody".')
  return found
}

/** Whether every directory on the way to `path` may be entered by the database's user; what does not exist yet is no obstacle. */
export function isReachable(path: string, user: DatabaseUser): boolean {
  const { root } = parse(path)
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && !mayEnter(at, user)) return false
    if (at === root) return true
  }
}

function mayEnter(path: string, user: DatabaseUser): boolean {
  if (user === null) {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  }
  const { mode, uid, gid } = statSync(path)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  return (mode & bit) !== 0
}

/**
 * The directory in which the database keeps its files, made when absent and given to its user. Below `dataDir` where its user can
 * go there; else (a clone below /root) a directory of the machine, the same one every time for the same `dataDir`.
 */
export function prepareHome(dataDir: string, user: DatabaseUser): string {
  const wanted = join(resolve(dataDir), 'postgres')
  mkdirSync(dirname(wanted), { recursive: true })
  // The directory is the gateway's own: others may pass through it, they still cannot list it.
  if (user !== null && statSync(dirname(wanted)).uid === 0) chmodSync(dirname(wanted), statSync(dirname(wanted)).mode | 0o011)
  const name = `offender-information-gateway-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`
  const homes = [wanted, ...['/var/lib', '/var/tmp'].map((dir) => join(dir, name))]
  const home = homes.find((dir) => isReachable(dirname(dir), user))
  if (home === undefined) throw new Error(`The database's user cannot reach ${wanted}; set DATA_DIR to a directory that it can.`)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const owner = lstatSync(home)
  const expected = user?.uid ?? process.getuid?.()
  // In /var/tmp anybody could have made the directory first.
  if (!owner.isDirectory() || (owner.uid !== expected && owner.uid !== process.getuid?.()))
    throw new Error(`${home} belongs to user ${String(owner.uid)}: start as that user, or set DATA_DIR to another directory.`)
  if (user !== null) chownSync(home, user.uid, user.gid)
  return realpathSync(home)
}

/** Where private socket directories may stand: a Unix socket's whole path has at most 103 bytes on some systems. */
export function socketParents(user: DatabaseUser): string[] {
  return [tmpdir(), '/tmp', '/var/tmp'].filter((dir) => dir.length < 70 && existsSync(dir) && isReachable(dir, user))
}
