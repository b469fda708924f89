import { readdirSync, readFileSync } from 'node:fs'
import { isTree } from '../dereference.ts'

type Tree = Readonly<Record<string, unknown>>

export const releasedDir = new URL('../../../../openapi/released/', import.meta.url)

export interface ReleasedContract {
  readonly version: string
  readonly document: Tree
}

/** The contract as it was last released; null before the first time. */
export const lastReleased = (): ReleasedContract | null => {
  const versions = readdirSync(releasedDir)
    .filter((name) => /^\d+\.\d+\.\d+\.json$/.test(name))
    .map((name) => name.slice(0, -'.json'.length))
    .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }))
  const version = versions.at(-1)
  if (version === undefined) return null
  const document: unknown = JSON.parse(readFileSync(new URL(`${version}.json`, releasedDir), 'utf8'))
  if (!isTree(document)) throw new Error(`openapi/released/${version}.json is no contract`)
  return { version, document }
}

const words = new Set(['title', 'description', 'summary', 'example', 'examples', 'tags', 'license', 'servers'])
/** What stands under these are names, and a member may well be called `title`. */
const named = new Set(['properties', 'schemas', 'responses', 'headers', 'parameters', 'paths', 'content', 'securitySchemes'])

/** A contract without its words, a line for each path and component: what has to be kept to compare a later one with it. */
export const writeReleased = (document: Tree): string => {
  const bare = withoutWords(document, false) as Readonly<Record<string, unknown>>
  return `${linesOf(bare, 2)}\n`
}

const withoutWords = (node: unknown, names: boolean): unknown => {
  if (Array.isArray(node)) return node.map((item) => withoutWords(item, false))
  if (!isTree(node)) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => names || !words.has(key))
      .map(([key, value]) => [key, key === 'enum' || key === 'const' ? value : withoutWords(value, !names && named.has(key))]),
  )
}

const linesOf = (node: unknown, depth: number): string => {
  if (depth < 0 || !isTree(node)) return JSON.stringify(node)
  const inside = Object.entries(node).map(([key, value]) => `${JSON.stringify(key)}: ${linesOf(value, depth - 1)}`)
  return inside.length === 0 ? '{}' : `{\n${inside.join(',\n')}\n}`
}
