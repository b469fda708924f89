import { parseNote, parseNoteKey, type NoteKey, signedBy, type SignedNote } from '../signed-note.ts'

/** A statement on a key of the log, as it was read; who signed it is another question. */
export interface KeyStatement {
  readonly note: SignedNote
  readonly origin: string
  readonly change: 'follows' | 'ends'
  readonly key: NoteKey
  readonly other: NoteKey
  readonly size: number
  readonly root: Buffer
  readonly entryId: string
}

const shape =
  /^access-log key change v1\nlog (?<origin>\S+)\nkey (?<key>\S+)\n(?<change>follows|ends-by) (?<other>\S+)\nsize (?<size>0|[1-9]\d{0,15})\nroot (?<root>[A-Za-z0-9+/]{43}=)\nentry (?<entryId>[0-9a-f-]{36})\nat \S+\n$/

const logKeyIn = (text: string): NoteKey | null => {
  try {
    const key = parseNoteKey(text)
    return key.kind === 'log' ? key : null
  } catch {
    return null
  }
}

/** Null when it is no statement on a key of a log. */
export const parseKeyStatement = (text: string): KeyStatement | null => {
  const note = parseNote(text)
  const parts = note === null ? undefined : shape.exec(note.text)?.groups
  if (note === null || parts === undefined) return null
  const [key, other] = [logKeyIn(parts.key ?? ''), logKeyIn(parts.other ?? '')]
  const { origin = '', root = '', entryId = '' } = parts
  if (key?.name !== origin || other?.name !== origin || !Number.isSafeInteger(Number(parts.size))) return null
  const change = parts.change === 'follows' ? 'follows' : 'ends'
  return { note, origin, change, key, other, size: Number(parts.size), root: Buffer.from(root, 'base64'), entryId }
}

export const bears = ({ note }: KeyStatement, key: NoteKey): boolean => signedBy(note, key) !== null
