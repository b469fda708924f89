import type { Finding } from '../finding.ts'
import { type NoteKey, signedBy, type SignedNote } from '../signed-note.ts'
import { bears, type KeyStatement, parseKeyStatement } from './key-statement.ts'

/** A key of the log and the part of the log that it may sign: leaves from `from` on, before `until` where it has ended. */
export interface KeyWindow {
  readonly key: NoteKey
  readonly from: number
  readonly until: number | null
}

export interface FollowedKeys {
  /** The oldest first; the key that was told is one of them. */
  readonly windows: readonly KeyWindow[]
  /** The statements that were believed. */
  readonly believed: readonly KeyStatement[]
  readonly findings: readonly Finding[]
}

const fault = (kind: Finding['kind'], says: string, entryId: string | null = null): Finding => ({ kind, entryId, leafIndex: null, says })

const idOf = (key: NoteKey): string => key.id.toString('hex')

/**
 * From the one key that somebody was told to all others. A newer one is believed when the older one and it have both signed that it
 * follows; an older one when the newer one has. So a key whose owner lost it ends the way forward, and not the way back.
 */
export const followKeys = (told: NoteKey, statements: readonly string[]): FollowedKeys => {
  const read = statements.map(parseKeyStatement)
  const own = read.filter((one) => one?.origin === told.name).filter((one) => one !== null)
  const strange = statements.length - own.length
  const findings = strange === 0 ? [] : [fault('key-forged', `${strange} statements on keys are none of this log's`)]
  const walk = { chain: [told], believed: new Set<KeyStatement>(), findings }
  goOn(walk, own)
  goBack(walk, own)
  const windows = walk.chain.map((key, place) => ({ key, from: beginningOf(walk, key), until: endOf(walk, { key, place }, own) }))
  for (const one of own) if (!walk.believed.has(one)) findings.push(disbelieved(one, walk.chain))
  return { windows, believed: [...walk.believed], findings }
}

interface Walk {
  readonly chain: NoteKey[]
  readonly believed: Set<KeyStatement>
  readonly findings: Finding[]
}

const same = (left: NoteKey, right: NoteKey): boolean => left.text === right.text

const goOn = (walk: Walk, statements: readonly KeyStatement[]): void => {
  for (;;) {
    const last = walk.chain.at(-1)!
    const good = statements.filter((one) => one.change === 'follows' && same(one.other, last) && bears(one, last) && bears(one, one.key))
    const next = takeOne(walk, good, ({ key }) => key)
    if (next === null) return
    walk.chain.push(next)
  }
}

const goBack = (walk: Walk, statements: readonly KeyStatement[]): void => {
  for (;;) {
    const first = walk.chain[0]!
    const good = statements.filter((one) => one.change === 'follows' && same(one.key, first) && bears(one, first))
    const before = takeOne(walk, good, ({ other }) => other)
    if (before === null) return
    walk.chain.unshift(before)
  }
}

/** A key has one successor and one predecessor: whoever stole it may have named another, and that must be seen. */
const takeOne = (walk: Walk, good: readonly KeyStatement[], keyOf: (one: KeyStatement) => NoteKey): NoteKey | null => {
  const [first] = good
  if (first === undefined) return null
  const key = keyOf(first)
  if (walk.chain.some((one) => same(one, key))) return null
  for (const one of good) {
    if (same(keyOf(one), key)) walk.believed.add(one)
    else {
      walk.believed.add(one)
      walk.findings.push(
        fault('key-forked', `the keys ${idOf(key)} and ${idOf(keyOf(one))} both have a signed statement for one place`, one.entryId),
      )
    }
  }
  return key
}

const beginningOf = ({ believed }: Walk, key: NoteKey): number => {
  const sizes = [...believed].filter((one) => one.change === 'follows' && same(one.key, key)).map(({ size }) => size)
  return sizes.length === 0 ? 0 : Math.min(...sizes)
}

/** A key is ended by one that came after it, never by one before it: that one may be in a thief's hands. */
const endOf = (walk: Walk, { key, place }: { readonly key: NoteKey; readonly place: number }, all: readonly KeyStatement[]) => {
  const later = walk.chain.slice(place + 1)
  const good = all.filter((one) => one.change === 'ends' && same(one.key, key) && later.some((by) => same(by, one.other) && bears(one, by)))
  for (const one of good) walk.believed.add(one)
  return good.length === 0 ? null : Math.min(...good.map(({ size }) => size))
}

const disbelieved = (one: KeyStatement, chain: readonly NoteKey[]): Finding => {
  const [key, other] = [idOf(one.key), idOf(one.other)]
  if (one.change === 'ends') return fault('key-forged', `nobody who may say so signed that the key ${key} has ended`, one.entryId)
  if (!bears(one, one.key))
    return fault('key-forged', `the statement that the key ${key} follows ${other} is not signed with it`, one.entryId)
  const says = chain.some((by) => same(by, one.other))
    ? `the key ${key} says that it follows ${other}, which never signed that: ask who holds it`
    : `nothing leads from the key that was told to the key ${key}`
  return fault('key-not-endorsed', says, one.entryId)
}

/** Whose signature the note bears: `good` within that key's part of the log, `late` outside of it, null for nobody's. */
export const signedWithin = (note: SignedNote, size: number, windows: readonly KeyWindow[]): 'good' | 'late' | null => {
  const signers = windows.filter(({ key }) => signedBy(note, key) !== null)
  if (signers.length === 0) return null
  return signers.some(({ from, until }) => (size > from || from === 0) && (until === null || size <= until)) ? 'good' : 'late'
}
