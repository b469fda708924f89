import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { bundleProblems, type PolicyBundle, type Problem } from '../../core/decision/bundle.ts'
import { PolicyError } from '../../core/decision/policy.ts'

/** A file of a policies directory, named as it stands there. */
export interface NamedText {
  readonly name: string
  readonly text: string
}

interface PolicyFile {
  readonly name: string
  readonly document: Document
  readonly lines: LineCounter
}

const parseFile = ({ name, text }: NamedText): PolicyFile => {
  const lines = new LineCounter()
  return { name, document: parseDocument(text, { lineCounter: lines }), lines }
}

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

/** Where a bundle's files stand: folders whose files are read in the order of their names, and files that there is one of. */
export const bundleFolders = ['release', 'categories', 'disclose'] as const
export const singleFiles: readonly string[] = ['reasons.yaml', ...changeFiles.map(({ name }) => name), 'misuse.yaml']

const sectionsOf = (given: readonly NamedText[]) => {
  const files = given.toSorted((left, right) => (left.name < right.name ? -1 : 1)).map(parseFile)
  const inFolder = (folder: string) => files.filter(({ name }) => name.startsWith(`${folder}/`))
  const named = (name: string) => files.filter((file) => file.name === name)
  return {
    stages: inFolder('release'),
    categories: inFolder('categories'),
    reasons: named('reasons.yaml'),
    change: changeFiles.flatMap(({ name }) => named(name)),
    disclose: inFolder('disclose'),
    misuse: named('misuse.yaml'),
  }
}

const whereIs = (sections: ReturnType<typeof sectionsOf>, { path, message }: Problem): string => {
  const [section, index, ...rest] = path
  const [reasons] = sections.reasons
  if (section === 'reasons' && reasons !== undefined)
    return `reasons.yaml:${lineAt(reasons, index === undefined ? [] : [index, ...rest])}: ${message}`
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

/** What cannot be read at all: the YAML itself, or a file that holds something else than names and values. */
const refuseUnread = (files: readonly PolicyFile[]): void => {
  const unread = files.flatMap(({ name, document, lines }) =>
    document.errors.map((error) => `${name}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`),
  )
  const notMaps = files.filter(({ document }) => !isMap(document.contents)).map(({ name }) => `${name}:1: is not a mapping`)
  if (unread.length + notMaps.length > 0) throw new PolicyError([...unread, ...notMaps])
}

/** The bundle that a directory's files make. Throws a PolicyError that names file and line of every problem. */
export const bundleOf = (given: readonly NamedText[]): PolicyBundle => {
  const sections = sectionsOf(given)
  refuseUnread(Object.values(sections).flat())
  const bundle = {
    stages: sections.stages.map(({ document }): unknown => document.toJS()),
    categories: sections.categories.map(({ document }): unknown => document.toJS()),
    reasons: (sections.reasons[0]?.document.toJS() ?? {}) as unknown,
    ...(sections.change.length > 0 && {
      change: Object.fromEntries(sections.change.map((file) => [sectionOf(file), file.document.toJS() as unknown])),
    }),
    ...(sections.disclose.length > 0 && { disclose: sections.disclose.map(({ document }): unknown => document.toJS()) }),
    ...(sections.misuse.length > 0 && { misuse: sections.misuse[0]!.document.toJS() as unknown }),
  } as PolicyBundle
  const problems = bundleProblems(bundle)
  if (problems.length > 0) throw new PolicyError(problems.map((problem) => whereIs(sections, problem)))
  return bundle
}

/** The bundle that one text holds, in YAML or JSON: stages, categories, reasons and the rest. Throws a PolicyError as above. */
export const bundleIn = (given: NamedText): PolicyBundle => {
  const file = parseFile(given)
  refuseUnread([file])
  const bundle = file.document.toJS() as PolicyBundle
  const problems = bundleProblems(bundle)
  if (problems.length > 0) throw new PolicyError(problems.map(({ path, message }) => `${file.name}:${lineAt(file, path)}: ${message}`))
  return bundle
}
