import type { CheckedChunk } from '../chunk.ts'
import type { Finding } from '../finding.ts'
import { sha256 } from '../hashing.ts'
import type { CheckedNote } from '../signatures.ts'
import { bears, type KeyStatement, parseKeyStatement } from './key-statement.ts'
import type { FollowedKeys } from './follow-keys.ts'

export interface KeyMaterial extends FollowedKeys {
  /** The statements as the bundle gives them apart from its entries. */
  readonly given: readonly string[]
}

interface KeyParts {
  readonly whole: boolean
  readonly chunks: readonly CheckedChunk[]
  readonly unsealed: CheckedChunk
  readonly head: CheckedNote
  readonly history: readonly CheckedNote[]
  readonly keys: KeyMaterial
}

/**
 * What is said of the log's keys stands in the log itself: a statement that was kept out of the log, or one in the log that is kept from
 * whoever checks, has something to hide.
 */
export const checkKeyEntries = (parts: KeyParts): Finding[] => {
  const { whole, chunks, unsealed, keys } = parts
  const all = [...chunks, unsealed]
  const logged = all.flatMap((chunk) => chunk.keyStatements)
  const given = new Set(keys.given)
  const withheld = logged
    .filter(({ statement }) => !given.has(statement) && isSigned(statement))
    .map(({ entryId }): Finding => {
      const says = 'it says that a key of the log was changed, and what it says is kept from whoever checks'
      return { kind: 'key-withheld', entryId, leafIndex: null, says }
    })
  const erased = new Set(all.flatMap((chunk) => chunk.erased.map(({ entryId }) => entryId)))
  const held = new Map(logged.map(({ entryId, statement }) => [entryId, parseKeyStatement(statement)?.note.text]))
  const unlogged = keys.believed.filter(({ entryId, note }) => whole && !erased.has(entryId) && held.get(entryId) !== note.text)
  return [...keys.findings, ...withheld, ...unlogged.map(notInLog), ...(whole ? checkTrees(parts) : [])]
}

/** A statement names the tree at which it was made: one of those that the log signed, or the empty one. */
const checkTrees = ({ head, history, keys }: KeyParts): Finding[] => {
  const roots = new Map([...history, head].filter(({ good }) => good).map(({ size, root }) => [size, root]))
  roots.set(0, sha256(Buffer.alloc(0)))
  return keys.believed
    .filter(({ size, root }) => roots.get(size)?.equals(root) !== true)
    .map(({ size, entryId }) => {
      const says = `what is said of a key names a tree of ${size} entries that the log never signed`
      return { kind: 'key-forged', entryId, leafIndex: null, says }
    })
}

const isSigned = (statement: string): boolean => {
  const read = parseKeyStatement(statement)
  return read !== null && (bears(read, read.key) || bears(read, read.other))
}

const notInLog = ({ entryId, key }: KeyStatement): Finding => {
  const says = `no entry of the log carries what is said here of its key ${key.id.toString('hex')}`
  return { kind: 'key-unlogged', entryId, leafIndex: null, says }
}
