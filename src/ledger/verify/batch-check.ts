import type { Entries } from './entries.ts'
import type { Finding, FindingKind } from './finding.ts'
import { merkleRoot } from './hashing.ts'
import type { CheckedBatch, LeafRange } from './signatures.ts'

interface Held {
  /** Places in the list of entries. */
  readonly at: number[]
}

export interface BatchMaterial {
  readonly entries: Entries
  readonly batches: readonly CheckedBatch[]
  /** False where only a part of the log was exported: what is not there was then not asked for. */
  readonly whole: boolean
  /** Entries in which something was found already. */
  readonly suspects: ReadonlySet<string>
}

/** Every entry against the signature of the commit it was written in, and every commit against its entries. */
export const checkAgainstBatches = (material: BatchMaterial): Finding[] => {
  const { entries, batches } = material
  const held = groupByBatch(entries)
  const findings: Finding[] = []
  const known = new Set<string>()
  for (const batch of batches) {
    const key = `${batch.epoch} ${batch.counter}`
    known.add(key)
    findings.push(...checkBatch(batch, held.get(key) ?? { at: [] }, material))
  }
  for (const [key, { at }] of held) {
    if (known.has(key)) continue
    for (const i of at) findings.push(about(entries, i, 'batch-deleted', `the signature of the commit it was written in (${key}) is gone`))
  }
  return [...findings, ...(material.whole ? checkLinks(batches) : [])]
}

/** Commits stand together in the log nearly always, so that most entries need no look-up. */
const groupByBatch = (entries: Entries): Map<string, Held> => {
  const held = new Map<string, Held>()
  let current: Held | undefined
  for (let i = 0; i < entries.count; i += 1) {
    if (Number.isNaN(entries.instantAt(i))) {
      current = undefined
      continue
    }
    if (current === undefined || !entries.continuesBatch(i)) {
      const key = entries.batchAt(i)
      current = held.get(key) ?? { at: [] }
      held.set(key, current)
    }
    current.at.push(i)
  }
  return held
}

const about = (entries: Entries, i: number, kind: FindingKind, says: string): Finding => ({
  kind,
  entryId: entries.idAt(i),
  leafIndex: entries.indexAt(i) < 0 ? null : entries.indexAt(i),
  says,
})

const checkBatch = (batch: CheckedBatch, held: Held, material: BatchMaterial): Finding[] => {
  const { entries, whole } = material
  const places = inOrder(entries, held.at)
  if (batch.signed === null) return forged(batch, places, material)
  if (!whole && places.length < batch.signed.size) return []
  const dense = places.length === batch.signed.size && places.every((i, place) => entries.positionAt(i) === place)
  if (!dense) return incomplete(batch, places, material)
  const strayed = places.filter((i) => !mayHold(batch.signed!.within, entries.indexAt(i)))
  if (strayed.length > 0) {
    const says = `the commit ${nameOf(batch)} is signed with a key that was not the log's at its place`
    return strayed.map((i) => about(entries, i, 'key-out-of-time', says))
  }
  return merkleRoot(places.map((i) => entries.leafAt(i))).equals(batch.signed.root) ? [] : altered(batch, places, material)
}

/** What has no leaf yet comes behind every leaf there is, and so behind the end of any key that has ended. */
const mayHold = ({ from, until }: LeafRange, index: number): boolean =>
  index < 0 ? until === null : index >= from && (until === null || index < until)

const inOrder = (entries: Entries, places: readonly number[]): readonly number[] =>
  places.every((i, n) => n === 0 || entries.positionAt(places[n - 1]!) < entries.positionAt(i))
    ? places
    : places.toSorted((left, right) => entries.positionAt(left) - entries.positionAt(right))

const nameOf = ({ epoch, counter }: CheckedBatch): string => `${epoch} ${counter}`

/** Entries that the commit names and nobody has. */
const forgotten = (batch: CheckedBatch, places: readonly number[], { entries, whole, suspects }: BatchMaterial): Finding[] => {
  const ids = new Set(places.map((i) => entries.idAt(i)))
  const says = `the commit ${nameOf(batch)} names it, and it is not in the log`
  return batch.entryIds
    .filter((id) => whole && !ids.has(id) && !suspects.has(id))
    .map((id) => ({ kind: 'entry-deleted', entryId: id, leafIndex: null, says }))
}

const forged = (batch: CheckedBatch, places: readonly number[], material: BatchMaterial): Finding[] => {
  const says = `the signature of the commit it was written in (${nameOf(batch)}) is not the log's`
  const named = places.map((i) => about(material.entries, i, 'batch-forged', says))
  return [...forgotten(batch, places, material), ...(named.length > 0 ? named : [loose('batch-forged', nameOf(batch))])]
}

const incomplete = (batch: CheckedBatch, places: readonly number[], material: BatchMaterial): Finding[] => {
  const { entries, suspects } = material
  const findings = forgotten(batch, places, material)
  const known = places.some((i) => suspects.has(entries.idAt(i))) || batch.entryIds.some((id) => suspects.has(id))
  if (known || findings.length > 0) return findings
  const says = `the commit ${nameOf(batch)} was signed with ${batch.signed?.size ?? 0} entries, and ${places.length} are there`
  if (places.length === 0) return [{ kind: 'entry-deleted', entryId: null, leafIndex: null, says }]
  return places.map((i) => about(entries, i, 'batch-altered', says))
}

const altered = (batch: CheckedBatch, places: readonly number[], { entries, suspects }: BatchMaterial): Finding[] => {
  if (places.some((i) => suspects.has(entries.idAt(i)))) return []
  const says =
    places.length === 1
      ? `it is not what was signed when it was written (commit ${nameOf(batch)})`
      : `it, or one of the ${places.length - 1} others written with it, is not what was signed then (commit ${nameOf(batch)})`
  return places.map((i) => about(entries, i, 'batch-altered', says))
}

const loose = (kind: FindingKind, name: string): Finding => ({
  kind,
  entryId: null,
  leafIndex: null,
  says: `the signature of commit ${name} is not the log's`,
})

/** Links may fork, since commits overlap, but a link to a commit that is not there means that one was taken out. */
const checkLinks = (batches: readonly CheckedBatch[]): Finding[] => {
  const hashes = new Set(batches.map((batch) => batch.signed?.hash))
  return batches
    .filter(({ signed }) => signed !== null && signed.previous !== null && !hashes.has(signed.previous))
    .map(({ epoch, counter }) => ({
      kind: 'batch-link-broken',
      entryId: null,
      leafIndex: null,
      says: `the commit before ${epoch} ${counter} is not there, or is not what it was`,
    }))
}
