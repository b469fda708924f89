import { type KeyWindow, signedWithin } from './verify/keys/follow-keys.ts'
import { parseCheckpoint, parseNote } from './verify/signed-note.ts'

/** The newest checkpoint of a log, as a mark kept outside the database says it, or as the database itself does. */
export interface Mark {
  readonly size: number
  /** base64 */
  readonly root: string
}

/**
 * Reads the mark: a checkpoint that the log signed. Null when it is none, or another's: whoever can write the file must not be able to
 * make an older log look whole.
 */
export const readMark = (note: string, windows: readonly KeyWindow[]): Mark | null => {
  const parsed = parseNote(note)
  const head = parsed === null ? null : parseCheckpoint(parsed.text)
  if (parsed === null || head === null || signedWithin(parsed, head.size, windows) !== 'good') return null
  return { size: head.size, root: head.root.toString('base64') }
}

export type Standing =
  { readonly behind: false } | { readonly behind: true; readonly kept: Mark | null; readonly found: Mark | null; readonly why: string }

/**
 * Whether the log in the database is the one the mark was made of, grown or the same.
 * @param found the database's newest checkpoint; null in a log that was never sealed
 * @param rootThere the root that the database signed at the mark's own size; null where it never had that size
 */
export const standingOf = (kept: Mark | null, found: Mark | null, rootThere: string | null): Standing => {
  if (kept === null) return { behind: true, kept, found, why: 'the mark of how far the log had come is not signed by the log' }
  if (found === null || found.size < kept.size) {
    return { behind: true, kept, found, why: `the log had ${kept.size} sealed entries and the database has ${found?.size ?? 0}` }
  }
  if (rootThere === kept.root) return { behind: false }
  return { behind: true, kept, found, why: `the database holds another log than the one that had ${kept.size} sealed entries` }
}
