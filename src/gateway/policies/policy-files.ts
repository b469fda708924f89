import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { bundleProblems, type PolicyBundle, type Problem } from '../../core/decision/bundle.ts'
import { PolicyError } from '../../core/decision/policy.ts'

interface PolicyFile {
  readonly name: string
  readonly document: Document
  readonly lines: LineCounter
}

const readFile = (directory: string, name: string): PolicyFile => {
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(join(directory, name), 'utf8'), { lineCounter: lines })
  return { name, document, lines }
}

const readFolder = (directory: string, folder: string): PolicyFile[] =>
  readdirSync(join(directory, folder))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readFile(directory, `${folder}/${name}`))

/** The deepest place in the file that the path still leads to. */
const lineAt = (file: PolicyFile, path: Problem['path']): number => {
  let node: unknown = file.document.contents
  for (const step of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(step, true) : undefined
    if (next === undefined || next === null) break
    node = next
  }
  const offset = (node as { range?: readonly number[] } | null)?.range?.[0] ?? 0
  return file.lines.linePos(offset).line
}

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

const sectionsOf = (directory: string) => ({
  stages: readFolder(directory, 'release'),
  categories: readFolder(directory, 'categories'),
  reasons: [readFile(directory, 'reasons.yaml')],
  change: changeFiles.filter(({ name }) => existsSync(join(directory, name))).map(({ name }) => readFile(directory, name)),
  disclose: existsSync(join(directory, 'disclose')) ? readFolder(directory, 'disclose') : [],
  misuse: existsSync(join(directory, 'misuse.yaml')) ? [readFile(directory, 'misuse.yaml')] : [],
})

/** The rules for changes to a case, and under which name each file stands in the bundle. */
const changeFiles = [
  { section: 'leadAgency', name: 'lead-agency.yaml' },
  { section: 'evidence', name: 'change/evidence.yaml' },
  { section: 'strand', name: 'change/strand.yaml' },
  { section: 'custody', name: 'change/custody.yaml' },
  { section: 'recall', name: 'change/recall.yaml' },
  { section: 'clocks', name: 'change/clocks.yaml' },
  { section: 'emergency', name: 'change/emergency.yaml' },
  { section: 'aggregates', name: 'change/aggregates.yaml' },
  { section: 'conference', name: 'change/conference.yaml' },
  { section: 'disclosure', name: 'change/disclosure.yaml' },
  { section: 'consent', name: 'change/consent.yaml' },
  { section: 'systems', name: 'change/systems.yaml' },
  { section: 'foi', name: 'foi.yaml' },
] as const

const sectionOf = (file: PolicyFile): string => changeFiles.find(({ name }) => name === file.name)!.section

const whereIs = (sections: ReturnType<typeof sectionsOf>, { path, message }: Problem): string => {
  const [section, index, ...rest] = path
  if (section === 'reasons') return `reasons.yaml:${lineAt(sections.reasons[0]!, index === undefined ? [] : [index, ...rest])}: ${message}`
  if (section === 'change') {
    const changed = sections.change.find((one) => sectionOf(one) === index)
    return changed === undefined ? `change/${String(index)}: ${message}` : `${changed.name}:${lineAt(changed, rest)}: ${message}`
  }
  const [misuse] = sections.misuse
  if (section === 'misuse' && misuse !== undefined)
    return `misuse.yaml:${lineAt(misuse, index === undefined ? [] : [index, ...rest])}: ${message}`
  const file = sections[section === 'stages' || section === 'disclose' ? section : 'categories'][Number(index)]
  return file === undefined ? `${String(section)}: ${message}` : `${file.name}:${lineAt(file, rest)}: ${message}`
}

/**
 * Reads a policies directory (`release/` in the order of its file names, `categories/`, `reasons.yaml`) into a bundle and its hash.
 * Throws a PolicyError that names file and line of every problem.
 */
export const readPolicyFiles = (directory: string): { readonly bundle: PolicyBundle; readonly hash: string } => {
  const sections = sectionsOf(directory)
  const files = [
    ...sections.stages,
    ...sections.categories,
    ...sections.reasons,
    ...sections.change,
    ...sections.disclose,
    ...sections.misuse,
  ]
  const unread = files.flatMap(({ name, document, lines }) =>
    document.errors.map((error) => `${name}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`),
  )
  const notMaps = files.filter(({ document }) => !isMap(document.contents)).map(({ name }) => `${name}:1: is not a mapping`)
  if (unread.length + notMaps.length > 0) throw new PolicyError([...unread, ...notMaps])
  const bundle = {
    stages: sections.stages.map(({ document }): unknown => document.toJS()),
    categories: sections.categories.map(({ document }): unknown => document.toJS()),
    reasons: sections.reasons[0]!.document.toJS() as unknown,
    ...(sections.change.length > 0 && {
      change: Object.fromEntries(sections.change.map((file) => [sectionOf(file), file.document.toJS() as unknown])),
    }),
    ...(sections.disclose.length > 0 && { disclose: sections.disclose.map(({ document }): unknown => document.toJS()) }),
    ...(sections.misuse.length > 0 && { misuse: sections.misuse[0]!.document.toJS() as unknown }),
  } as PolicyBundle
  const problems = bundleProblems(bundle)
  if (problems.length > 0) throw new PolicyError(problems.map((problem) => whereIs(sections, problem)))
  return { bundle, hash: policyHash(bundle) }
}
