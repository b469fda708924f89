import type { Entries } from './entries.ts'
import type { Finding, FindingKind } from './finding.ts'
import type { CheckedNote } from './signatures.ts'
import { growTree, type KnownSubtrees, rootOfParts } from './tree-walk.ts'

export interface TreeMaterial {
  /** Entries that have a leaf, in the order of the file. */
  readonly entries: Entries
  readonly whole: boolean
  /** The checkpoint that the bundle is checked against. */
  readonly head: { readonly size: number; readonly root: Buffer }
  /** Earlier checkpoints, and those brought from elsewhere. */
  readonly notes: readonly CheckedNote[]
  readonly outside: KnownSubtrees
  readonly suspects: ReadonlySet<string>
}

const find = (entries: Entries, i: number, kind: FindingKind, says: string): Finding => ({
  kind,
  entryId: entries.idAt(i),
  leafIndex: entries.indexAt(i),
  says,
})

/** Leaf numbers without a gap and without a double, and every root that the log ever signed. */
export const checkTree = (material: TreeMaterial): Finding[] => {
  const numbering = checkNumbers(material)
  return material.whole ? [...numbering, ...checkGrowth(material, numbering.length > 0)] : [...numbering, ...checkParts(material)]
}

const checkNumbers = ({ entries, whole, head }: TreeMaterial): Finding[] => {
  const findings: Finding[] = []
  for (let i = 0; i < entries.count; i += 1) {
    const [index, before] = [entries.indexAt(i), i === 0 ? -1 : entries.indexAt(i - 1)]
    if (index <= before) findings.push(find(entries, i, 'leaf-twice', 'its number is in the tree twice'))
    for (let gap = before + 1; whole && gap < index && findings.length < 1_000; gap += 1)
      findings.push({ kind: 'leaf-missing', entryId: null, leafIndex: gap, says: `leaf ${gap} was taken out of the tree` })
  }
  const last = entries.count === 0 ? -1 : entries.indexAt(entries.count - 1)
  if (whole && last + 1 < head.size)
    findings.push({
      kind: 'tail-cut',
      entryId: null,
      leafIndex: last + 1,
      says: `the log signed ${head.size} entries, and those from leaf ${last + 1} on are gone`,
    })
  if (whole && last + 1 > head.size)
    findings.push(find(entries, entries.count - 1, 'backfilled', `it stands behind the end of the signed log of ${head.size} entries`))
  return findings
}

/** Grows the tree again, leaf by leaf, and compares it with each checkpoint on the way: the first that differs tells where to look. */
const checkGrowth = (material: TreeMaterial, numbersBroken: boolean): Finding[] => {
  const { entries, head, suspects } = material
  const notes = [...material.notes.filter((note) => note.good), { ...head, good: true }].toSorted((left, right) => left.size - right.size)
  const tree = growTree()
  const findings: Finding[] = []
  let [added, from, broken] = [0, 0, false]
  for (const { size, root } of notes) {
    for (; added < size && added < entries.count; added += 1) tree.add(entries.leafAt(added))
    if (added < size) break
    findings.push(...checkOrder(entries, from, size))
    if (!broken && !tree.root().equals(root)) {
      broken = true
      findings.push(...locate({ entries, from, to: size, suspects, numbersBroken }))
    }
    from = size
  }
  // Entries of different checkpoints may cross by a moment; where the tree is broken anyway, those that do are worth naming.
  return broken ? [...findings, ...checkOrder(entries, 0, Math.min(head.size, entries.count))] : findings
}

interface Place {
  readonly entries: Entries
  readonly from: number
  readonly to: number
  readonly suspects: ReadonlySet<string>
  readonly numbersBroken: boolean
}

/** What other checks have named already is not blamed on its neighbours. */
const locate = ({ entries, from, to, suspects, numbersBroken }: Place): Finding[] => {
  const places = Array.from({ length: to - from }, (_, i) => from + i)
  if (numbersBroken || places.some((i) => suspects.has(entries.idAt(i)))) return []
  const says =
    places.length === 1
      ? 'its leaf is not the one that the log signed'
      : `one of the leaves ${from} to ${to - 1} is not the one that the log signed, or stands in another's place`
  return places.slice(0, 1_000).map((i) => find(entries, i, 'tree-altered', says))
}

/** Within one checkpoint entries stand in the order of their commits, so that a moved one shows. */
const checkOrder = (entries: Entries, from: number, to: number): Finding[] => {
  const findings: Finding[] = []
  for (let i = from + 1; i < to; i += 1) {
    if (!(entries.compare(i - 1, i) > 0)) continue
    for (const at of [i - 1, i]) findings.push(find(entries, at, 'moved', 'it does not stand where the order of commits puts it'))
  }
  return findings
}

/** A part of the log: its leaves, with the subtrees that stand for all others, have to give the signed root. */
const checkParts = ({ entries, head, outside, suspects }: TreeMaterial): Finding[] => {
  const known = new Map(outside)
  for (let i = 0; i < entries.count; i += 1) known.set(`0 ${entries.indexAt(i)}`, entries.leafAt(i))
  const root = rootOfParts(head.size, known)
  if (root?.equals(head.root) === true) return []
  if (Array.from({ length: entries.count }, (_, i) => entries.idAt(i)).some((id) => suspects.has(id))) return []
  const says = 'it, or another of the exported entries, is not in the log that the checkpoint signs'
  return Array.from({ length: Math.min(entries.count, 1_000) }, (_, i) => find(entries, i, 'tree-altered', says))
}
