import type { Entries } from './entries.ts'
import type { Finding, FindingKind } from './finding.ts'
import { merkleRoot } from './hashing.ts'
import type { CheckedBatch } from './signatures.ts'

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
  const held = new Map<string, Held>()
  for (let i = 0; i < entries.count; i += 1) {
    if (Number.isNaN(entries.instantAt(i))) continue
    const key = entries.batchAt(i)
    const one = held.get(key)
    if (one === undefined) held.set(key, { at: [i] })
    else one.at.push(i)
  }
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

const about = (entries: Entries, i: number, kind: FindingKind, says: string): Finding => ({
  kind,
  entryId: entries.idAt(i),
  leafIndex: entries.indexAt(i) < 0 ? null : entries.indexAt(i),
  says,
})

const checkBatch = (batch: CheckedBatch, held: Held, material: BatchMaterial): Finding[] => {
  const { entries, whole, suspects } = material
  const name = `${batch.epoch} ${batch.counter}`
  const places = held.at.toSorted((left, right) => entries.positionAt(left) - entries.positionAt(right))
  const ids = new Set(places.map((i) => entries.idAt(i)))
  const forgotten = whole ? batch.entryIds.filter((id) => !ids.has(id)) : []
  const findings: Finding[] = forgotten
    .filter((id) => !suspects.has(id))
    .map((id) => ({ kind: 'entry-deleted', entryId: id, leafIndex: null, says: `the commit ${name} names it, and it is not in the log` }))
  if (batch.signed === null) {
    const says = `the signature of the commit it was written in (${name}) is not the log's`
    return [
      ...findings,
      ...places.map((i) => about(entries, i, 'batch-forged', says)),
      ...(places.length === 0 ? [loose('batch-forged', name)] : []),
    ]
  }
  if (!whole && places.length < batch.signed.size) return findings
  const dense = places.length === batch.signed.size && places.every((i, place) => entries.positionAt(i) === place)
  if (!dense) {
    const says = `the commit ${name} was signed with ${batch.signed.size} entries, and ${places.length} are there`
    const named = findings.length > 0 || places.some((i) => suspects.has(entries.idAt(i))) || batch.entryIds.some((id) => suspects.has(id))
    if (named) return findings
    return places.length === 0
      ? [{ kind: 'entry-deleted', entryId: batch.entryIds[0] ?? null, leafIndex: null, says }]
      : [...findings, ...places.map((i) => about(entries, i, 'batch-altered', says))]
  }
  if (merkleRoot(places.map((i) => entries.leafAt(i))).equals(batch.signed.root)) return findings
  if (places.some((i) => suspects.has(entries.idAt(i)))) return findings
  const says =
    places.length === 1
      ? `it is not what was signed when it was written (commit ${name})`
      : `it, or one of the ${places.length - 1} others written with it, is not what was signed then (commit ${name})`
  return [...findings, ...places.map((i) => about(entries, i, 'batch-altered', says))]
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
