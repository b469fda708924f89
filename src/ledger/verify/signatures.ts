import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { sha256 } from './hashing.ts'
import { type KeyWindow, signedWithin } from './keys/follow-keys.ts'
import { parseCheckpoint, parseNote } from './signed-note.ts'

/** One signed commit of the log. */
export interface CheckedBatch {
  readonly epoch: string
  readonly counter: number
  /** Ids of its entries in order, where the log kept them. */
  readonly entryIds: readonly string[]
  /** Null: the signature is not one of the log's keys, or what it signs is not what the row says. */
  readonly signed: {
    readonly root: Buffer
    readonly size: number
    readonly previous: string | null
    readonly hash: string
    readonly at: string
    /** The leaves that its key may sign. */
    readonly within: LeafRange
  } | null
}

export type LeafRange = Pick<KeyWindow, 'from' | 'until'>

/** A public key as JWK with its kid, and the leaves that it may sign. */
export interface BatchJwk {
  readonly jwk: Readonly<Record<string, unknown>>
  readonly within: LeafRange
}

export type BatchKeys = ReadonlyMap<string, { readonly key: KeyObject; readonly within: LeafRange }>

/** Public keys by their kid. */
export const readBatchKeys = (keys: readonly BatchJwk[]): BatchKeys =>
  new Map(keys.map(({ jwk, within }) => [String(jwk.kid), { key: createPublicKey({ key: jwk, format: 'jwk' }), within }]))

interface Payload {
  readonly at: string
  readonly counter: number
  readonly epoch: string
  readonly previous: string | null
  readonly root: string
  readonly size: number
}

const jsonOf = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))

interface ReadPayload {
  readonly payload: Payload
  readonly hash: string
  readonly within: LeafRange
}

/** Compact JWS (RFC 7515) with EdDSA and one of the given keys; nothing in its header chooses another key or way. */
const payloadOf = (jws: string, keys: BatchKeys): ReadPayload | null => {
  const [header, payload, signature, ...rest] = jws.split('.')
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null
  try {
    const { alg, kid, typ } = jsonOf(header) as { alg?: unknown; kid?: unknown; typ?: unknown }
    const known = keys.get(String(kid))
    if (alg !== 'EdDSA' || typ !== 'access-log-batch+jws' || known === undefined) return null
    const { key, within } = known
    if (!verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))) return null
    return { payload: jsonOf(payload) as Payload, hash: sha256(Buffer.from(payload, 'base64url')).toString('hex'), within }
  } catch {
    return null
  }
}

/** Lines of batches.tsv: epoch, counter, instant, hash, entries, signature. What the row says beside the signature must agree with it. */
export const checkBatches = (lines: readonly string[], keys: BatchKeys): CheckedBatch[] =>
  lines.map((line) => {
    const [epoch = '', counter = '', at = '', hash = '', entries = '', jws = ''] = line.split('\t')
    const read = payloadOf(jws, keys)
    const agrees =
      read !== null &&
      read.payload.epoch === epoch &&
      read.payload.counter === Number(counter) &&
      read.payload.at === `${at.slice(0, 23)}Z` &&
      at.slice(23) === '000Z' &&
      read.hash === hash
    return {
      epoch,
      counter: Number(counter),
      entryIds: entries === '' ? [] : entries.split(','),
      signed: agrees ? signedPart(read) : null,
    }
  })

const signedPart = ({ payload: { root, size, previous, at }, hash, within }: ReadPayload): CheckedBatch['signed'] => ({
  root: Buffer.from(root, 'base64url'),
  size,
  previous: previous === null ? null : Buffer.from(previous, 'base64url').toString('hex'),
  hash,
  at,
  within,
})

export interface CheckedNote {
  readonly size: number
  readonly root: Buffer
  /** One of the log's own keys signed it, under the log's name and within that key's part of the log. */
  readonly good: boolean
  /** Signed by a key that was not the log's yet at this size, or no longer. */
  readonly outOfTime: boolean
}

/** Signed notes as they stand in checkpoints.txt, one after another with an empty line between. */
export const splitNotes = (text: string): readonly string[] => (text === '' ? [] : text.split(/(?<=^— .*\n)\n/m))

export const checkNotes = (notes: readonly string[], windows: readonly KeyWindow[]): CheckedNote[] =>
  notes.map((text) => {
    const note = parseNote(text)
    const head = note === null ? null : parseCheckpoint(note.text)
    const named = head !== null && windows.some(({ key }) => key.name === head.origin)
    const signed = note !== null && named ? signedWithin(note, head.size, windows) : null
    return { size: head?.size ?? -1, root: head?.root ?? Buffer.alloc(0), good: signed === 'good', outOfTime: signed === 'late' }
  })
