#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const main = join(root, 'src/cli/main.ts')
const [major, minor] = process.versions.node.split('.').map(Number)

// TypeScript as it stands needs Node 22.18; the project brings its own Node for machines that have an older one.
if (major > 22 || (major === 22 && minor >= 18)) {
  await import(pathToFileURL(main).href)
} else {
  const packaged = join(root, 'node_modules', `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, 'bin')
  const own = [join(packaged, 'node'), join(packaged, 'node.exe'), join(root, 'node_modules/.bin/node')].find((path) => existsSync(path))
  if (own === undefined) {
    console.error(`iom needs Node 22.18 or later, and this is ${process.version}. Run "npm ci" in ${root}: it brings one along.`)
    process.exit(1)
  }
  const { status, signal, error } = spawnSync(own, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (error) console.error(`${own} could not be run: ${error.message}`)
  process.exit(status ?? (signal === null ? 1 : 130))
}
