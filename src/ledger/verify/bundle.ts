import { checkAgainstBatches } from './batch-check.ts'
import type { CheckedChunk } from './chunk.ts'
import { joinChunks } from './entries.ts'
import type { Finding } from './finding.ts'
import type { CheckedBatch, CheckedNote } from './signatures.ts'
import { checkTree } from './tree-check.ts'
import { checkKeyEntries, type KeyMaterial } from './keys/key-entries.ts'
import type { KnownSubtrees } from './tree-walk.ts'

/** A bundle whose files were read and whose signatures were checked, one by one. */
export interface CheckedParts {
  readonly whole: boolean
  readonly exportedAt: Date
  /** Files of entries, in order. */
  readonly chunks: readonly CheckedChunk[]
  readonly unsealed: CheckedChunk
  readonly batches: readonly CheckedBatch[]
  /** The bundle's own checkpoint. */
  readonly head: CheckedNote
  readonly history: readonly CheckedNote[]
  /** A checkpoint kept elsewhere, by a witness or by whoever checks. */
  readonly kept: CheckedNote | null
  readonly outside: KnownSubtrees
  /** What is said of the log's keys, and what was found about that. */
  readonly keys: KeyMaterial
}

/** An entry may wait this long for its leaf; the gateway raises an alarm at the same age. */
const WAITS_AT_MOST_MS = 60_000

/** Everything that is wrong with the log in a bundle; empty when it is whole. */
export const judgeBundle = (parts: CheckedParts): Finding[] => {
  const findings = [...parts.chunks.flatMap((chunk) => chunk.findings), ...parts.unsealed.findings]
  findings.push(...forgedCheckpoints(parts), ...lateEntries(parts), ...unaccountedErasures(parts))
  const suspects = new Set(findings.flatMap(({ entryId }) => (entryId === null ? [] : [entryId])))
  findings.push(...checkKeyEntries(parts))
  const entries = joinChunks(parts.chunks)
  const notes = [...parts.history, ...(parts.kept === null ? [] : [parts.kept])]
  // A head that nobody signed proves nothing; then the newest of the signed ones does.
  const head = parts.head.good ? parts.head : (notes.filter((note) => note.good).toSorted((a, b) => b.size - a.size)[0] ?? parts.head)
  findings.push(...checkKept(parts, head))
  const treeNotes = notes.filter((note) => note.size <= head.size)
  findings.push(...checkTree({ entries, whole: parts.whole, head, notes: treeNotes, outside: parts.outside, suspects }))
  const all = joinChunks([...parts.chunks, parts.unsealed])
  findings.push(...checkAgainstBatches({ entries: all, batches: parts.batches, whole: parts.whole, suspects }))
  return unique(findings)
}

const unique = (findings: readonly Finding[]): Finding[] => [
  ...new Map(
    findings.map((finding) => [
      `${finding.kind} ${finding.entryId} ${finding.leafIndex} ${finding.entryId === null ? finding.says : ''}`,
      finding,
    ]),
  ).values(),
]

const forgedCheckpoints = ({ head, history, kept }: CheckedParts): Finding[] => {
  const forged = ({ size, outOfTime }: CheckedNote, which: string): Finding => ({
    kind: outOfTime ? 'key-out-of-time' : 'checkpoint-forged',
    entryId: null,
    leafIndex: size < 1 ? null : size - 1,
    says: outOfTime ? `${which} is signed with a key that was not the log's there` : `${which} does not carry the log's signature`,
  })
  return [
    ...(head.good ? [] : [forged(head, `the checkpoint over ${head.size} entries`)]),
    ...history.filter((note) => !note.good).map((note) => forged(note, `an earlier checkpoint over ${note.size} entries`)),
    ...(kept === null || kept.good ? [] : [forged(kept, 'the checkpoint to compare with')]),
  ]
}

/** A checkpoint kept elsewhere ends beyond the log: what it covered and the log does not have was cut off. */
const checkKept = ({ kept, whole }: CheckedParts, head: CheckedNote): Finding[] => {
  if (kept === null || !kept.good) return []
  if (kept.size > head.size) {
    const says = `the log had ${kept.size} entries when that checkpoint was signed, and this one ends at ${head.size}: unless it was signed after this bundle was written, the rest was cut off`
    return [{ kind: 'tail-cut', entryId: null, leafIndex: head.size, says }]
  }
  if (kept.size === head.size && !kept.root.equals(head.root)) {
    const says = `the log signed two different trees of ${kept.size} entries`
    return [{ kind: 'rewritten', entryId: null, leafIndex: null, says }]
  }
  if (kept.size === head.size || whole) return []
  const says = 'a part of the log can be compared with the checkpoint it was exported under only: export the whole log'
  return [{ kind: 'rewritten', entryId: null, leafIndex: null, says }]
}

const lateEntries = ({ unsealed, exportedAt, whole }: CheckedParts): Finding[] => {
  const list = joinChunks([unsealed])
  const findings: Finding[] = []
  for (let i = 0; whole && i < list.count; i += 1) {
    const age = exportedAt.getTime() - list.instantAt(i) / 1000
    if (Number.isNaN(age) || (age >= -1_000 && age <= WAITS_AT_MOST_MS)) continue
    findings.push({
      kind: 'backfilled',
      entryId: list.idAt(i),
      leafIndex: null,
      says: 'it stands in the log and is no leaf of the tree: it was put in afterwards',
    })
  }
  return findings
}

const unaccountedErasures = ({ chunks, unsealed, whole }: CheckedParts): Finding[] => {
  const all = [...chunks, unsealed]
  const accounted = new Set(all.flatMap((chunk) => chunk.erasures.flatMap(({ entryId, erases }) => erases.map((id) => `${entryId} ${id}`))))
  return all
    .flatMap((chunk) => chunk.erased)
    .filter(({ entryId, by }) => whole && !accounted.has(`${by} ${entryId}`))
    .map(({ entryId, by }) => ({
      kind: 'erasure-unaccounted',
      entryId,
      leafIndex: null,
      says: `its text is gone, and the entry ${by}, which should say so, does not`,
    }))
}
