import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { sha256 } from './hashing.ts'

/** A key that notes are checked with, read from its `name+id+key` text (C2SP signed-note). */
export interface NoteKey {
  readonly name: string
  /** `name+id+key`, as it was given. */
  readonly text: string
  readonly id: Buffer
  readonly kind: 'log' | 'witness'
  readonly key: KeyObject
}

const kinds: Readonly<Record<number, NoteKey['kind']>> = { 1: 'log', 4: 'witness' }

/** @throws Error when the text is not a verifier key, or when its id is not that of its key */
export const parseNoteKey = (text: string): NoteKey => {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())
  if (match === null) throw new Error('A verifier key reads name+id+key.')
  const [, name, id, encoded] = match
  const bytes = Buffer.from(encoded!, 'base64')
  const kind = kinds[bytes[0] ?? 0]
  if (kind === undefined || bytes.length !== 33) throw new Error(`The verifier key of ${name} is not an Ed25519 key.`)
  if (
    sha256(Buffer.from(`${name}\n`), bytes)
      .subarray(0, 4)
      .toString('hex') !== id
  )
    throw new Error(`The verifier key of ${name} is damaged.`)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') }
  return { name: name!, text: text.trim(), id: Buffer.from(id, 'hex'), kind, key: createPublicKey({ key: jwk, format: 'jwk' }) }
}

export interface SignedNote {
  readonly text: string
  readonly signatures: readonly { readonly name: string; readonly blob: Buffer }[]
}

/** Null when this is not a signed note. */
export const parseNote = (note: string): SignedNote | null => {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const lines = note.slice(split + 2, -1).split('\n')
  const signatures = lines.map((line) => /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line))
  if (lines.length > 100 || signatures.some((match) => match === null)) return null
  return {
    text: note.slice(0, split + 1),
    signatures: signatures.map((match) => ({ name: match![1]!, blob: Buffer.from(match![2]!, 'base64') })),
  }
}

/** The instant of a witness's signature, or the note's own text for the log's; null when the key did not sign it. */
export const signedBy = (note: SignedNote, key: NoteKey): { readonly at: Date | null } | null => {
  for (const { name, blob } of note.signatures) {
    if (name !== key.name || !blob.subarray(0, 4).equals(key.id)) continue
    const rest = blob.subarray(4)
    if (key.kind === 'log' && verify(null, Buffer.from(note.text), key.key, rest)) return { at: null }
    if (key.kind === 'witness' && rest.length === 72) {
      const seconds = rest.readBigUInt64BE(0)
      const text = Buffer.from(`cosignature/v1\ntime ${seconds}\n${note.text}`)
      if (verify(null, text, key.key, rest.subarray(8))) return { at: new Date(Number(seconds) * 1000) }
    }
  }
  return null
}

export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

/** C2SP tlog-checkpoint: origin, decimal size, base64 root; further lines are none of ours. Null when it is not one. */
export const parseCheckpoint = (text: string): Checkpoint | null => {
  const [origin, size, root] = text.split('\n')
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? '') || !Number.isSafeInteger(Number(size))) return null
  const bytes = Buffer.from(root ?? '', 'base64')
  return bytes.length === 32 && bytes.toString('base64') === root ? { origin, size: Number(size), root: bytes } : null
}
