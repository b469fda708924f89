import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { PolicyBundle } from '../../core/decision/bundle.ts'
import { bundleFolders, bundleOf, singleFiles } from './bundle-files.ts'

/** JSON with its keys in order: the same text for the same content. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${sorted.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`
}

/** SHA-256 over the bundle's canonical JSON, base64url: the same whether it came from files or back out of the database. */
export const policyHash = (bundle: PolicyBundle): string => createHash('sha256').update(canonical(bundle)).digest('base64url')

/**
 * Reads a policies directory (`release/` in the order of its file names, `categories/`, `reasons.yaml`) into a bundle and its hash.
 * Throws a PolicyError that names file and line of every problem.
 */
export const readPolicyFiles = (directory: string): { readonly bundle: PolicyBundle; readonly hash: string } => {
  const inFolders = bundleFolders
    .filter((folder) => existsSync(join(directory, folder)))
    .flatMap((folder) => readdirSync(join(directory, folder)).map((name) => `${folder}/${name}`))
  const names = [...inFolders.filter((name) => name.endsWith('.yaml')), ...singleFiles.filter((name) => existsSync(join(directory, name)))]
  const bundle = bundleOf(names.map((name) => ({ name, text: readFileSync(join(directory, name), 'utf8') })))
  return { bundle, hash: policyHash(bundle) }
}
