import { entryLeafHex } from './hashing.ts'
import type { Finding, FindingKind } from './finding.ts'

/** One line of a bundle's entries; what the database does not have is null. */
export interface EntryLine {
  readonly leafIndex: number | null
  readonly entryId: string
  /** Hexadecimal, as are the next leaf, the salt and the digest. */
  readonly treeLeaf: string | null
  readonly at: string
  readonly leaf: string | null
  readonly epoch: string
  readonly counter: number
  readonly position: number
  readonly salt: string | null
  readonly digest: string | null
  readonly erasedBy: string | null
  readonly columns: string
  readonly canonical: Buffer
}

const TAB = 0x09
const LINE_FEED = 0x0a
/** Whatever is no hash is a hash that nothing has. */
const hexOf = (text: string): string | null => (text === '' ? null : text.length === 64 ? text : '-')

/** Twelve columns between tabs, then the entry's own bytes, in which neither tab nor line feed stands unescaped. */
const parseLine = (line: Buffer): EntryLine => {
  let end = -1
  for (let column = 0; column < 12; column += 1) {
    end = line.indexOf(TAB, end + 1)
    if (end < 0) throw new RangeError('a line of the entries has too few columns')
  }
  const fields = line.toString('utf8', 0, end).split('\t')
  const [index, entryId, treeLeaf, at, leaf, epoch, counter, position, salt, digest, erasedBy, columns] = fields as [
    string, string, string, string, string, string, string, string, string, string, string, string,
  ] // prettier-ignore
  return {
    leafIndex: index === '' ? null : Number(index),
    entryId,
    treeLeaf: hexOf(treeLeaf),
    at,
    leaf: hexOf(leaf),
    epoch,
    counter: Number(counter),
    position: Number(position),
    salt: hexOf(salt),
    digest: hexOf(digest),
    erasedBy: erasedBy === '' ? null : erasedBy,
    columns,
    canonical: line.subarray(end + 1),
  }
}

export function* readEntryLines(bytes: Buffer): Generator<EntryLine> {
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, from)
    if (end < 0) throw new RangeError('the last line of the entries is cut off')
    yield parseLine(bytes.subarray(from, end))
    from = end + 1
  }
}

interface Content {
  readonly entryId?: unknown
  readonly at?: unknown
  readonly event?: unknown
  readonly effect?: unknown
  readonly reason?: unknown
  readonly offenderId?: unknown
  readonly purpose?: unknown
  readonly caller?: { readonly agencyId?: unknown; readonly clientId?: unknown; readonly personSub?: unknown } | null
  readonly erased?: unknown
  readonly statement?: unknown
}

const contentOf = (canonical: Buffer): Content | null => {
  try {
    const value: unknown = JSON.parse(canonical.toString('utf8'))
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

/** The search columns as the entry itself has them: altered columns hide an entry from a search without touching it. */
const columnsOf = ({ event, effect, reason, caller, offenderId, purpose }: Content): unknown[] =>
  [event, effect, reason, caller?.agencyId, caller?.clientId, caller?.personSub, offenderId, purpose].map((value) => value ?? null)

const sameColumns = (columns: string, content: Content): boolean => {
  const stored: unknown = JSON.parse(columns)
  return Array.isArray(stored) && columnsOf(content).every((value, i) => value === stored[i])
}

export interface CheckedEntry {
  readonly findings: readonly Finding[]
  /** Entries that this one says were erased. */
  readonly erases: readonly string[]
  /** What it says of a key of the log. */
  readonly keyStatement?: string
}

/** What one entry shows by itself: its text against its leaf, its columns and instant against its text. */
export const checkEntry = (line: EntryLine): CheckedEntry => {
  const found = (kind: FindingKind, says: string): Finding => ({ kind, entryId: line.entryId, leafIndex: line.leafIndex, says })
  const findings: Finding[] = []
  if (line.leaf === null) {
    return line.treeLeaf === null
      ? { findings: [found('payload-without-entry', 'its text stands in the log, and the entry itself nowhere')], erases: [] }
      : { findings: [found('entry-deleted', 'its leaf is in the tree, and the entry was deleted from the log')], erases: [] }
  }
  if (line.treeLeaf !== null && line.treeLeaf !== line.leaf)
    findings.push(found('leaf-altered', 'its leaf hash in the log is not the one in the tree'))
  if (line.canonical.length === 0 || line.salt === null) {
    if (line.erasedBy === null) findings.push(found('payload-deleted', 'its text was deleted, and no entry accounts for an erasure'))
    return { findings, erases: [] }
  }
  if (line.digest === null || entryLeafHex({ salt: line.salt, canonical: line.canonical, receiptDigest: line.digest }) !== line.leaf)
    findings.push(found('entry-altered', 'its text, salt or receipt is not what its leaf was made of'))
  const content = contentOf(line.canonical)
  if (content === null || content.entryId !== line.entryId)
    return { findings: [...findings, found('entry-altered', 'its text is not its own')], erases: [] }
  if (content.at !== `${line.at.slice(0, 23)}Z` || line.at.slice(23) !== '000Z')
    findings.push(found('instant-altered', 'its instant in the log is not the one in its text'))
  if (!sameColumns(line.columns, content)) findings.push(found('columns-altered', 'what it is searched by is not what its text says'))
  const erases =
    content.event === 'erasure' && content.effect === 'permit' && Array.isArray(content.erased) ? content.erased.map(String) : []
  return content.event === 'key-changed' ? { findings, erases, keyStatement: String(content.statement) } : { findings, erases }
}
