import { type KeyWindow, signedWithin } from './verify/keys/follow-keys.ts'
import { parseCheckpoint, parseNote, type SignedNote } from './verify/signed-note.ts'
import { provesConsistency } from './verify/proofs.ts'

/** What a witness keeps of a log: the newest checkpoint it signed, as the log signed it. */
export interface Witnessed {
  readonly size: number
  /** base64 */
  readonly root: string
  readonly note: string
}

export interface AddCheckpoint {
  readonly oldSize: number
  readonly proof: readonly Buffer[]
  readonly note: string
}

/** What to do with a checkpoint that a log shows: sign it and remember it, or refuse it, keeping what proves the log wrong. */
export type Judgement =
  | { readonly accepted: true; readonly text: string; readonly remember: Witnessed }
  | {
      readonly accepted: false
      /** HTTP status of C2SP tlog-witness. */
      readonly status: 400 | 403 | 404 | 409 | 422
      readonly why: string
      readonly knownSize?: number
      /** Two notes signed by the same log that cannot both be true of one append-only log, or need explaining. */
      readonly evidence?: { readonly kind: 'split-view' | 'rollback' | 'no-proof'; readonly held: string; readonly shown: string }
    }

/** The body of add-checkpoint: `old <size>`, the proof's hashes in base64, an empty line, the note. Null when it is none. */
export const parseAddCheckpoint = (body: string): AddCheckpoint | null => {
  const split = body.indexOf('\n\n')
  if (split < 0) return null
  const [first, ...lines] = body.slice(0, split).split('\n')
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first ?? '')
  const proof = lines.map((line) => Buffer.from(line, 'base64'))
  if (old === null || lines.length > 63 || proof.some((node, i) => node.length !== 32 || node.toString('base64') !== lines[i])) return null
  return { oldSize: Number(old[1]), proof, note: body.slice(split + 2) }
}

export const formatAddCheckpoint = ({ oldSize, proof, note }: AddCheckpoint): string =>
  `old ${oldSize}\n${proof.map((node) => `${node.toString('base64')}\n`).join('')}\n${note}`

const refuse = (status: 400 | 403 | 404, why: string): Judgement => ({ accepted: false, status, why })

/** C2SP tlog-witness, add-checkpoint: what a witness that trusts nobody's word answers. */
export const judgeCheckpoint = (asked: AddCheckpoint, known: Witnessed | null, windows: readonly KeyWindow[]): Judgement => {
  const note = parseNote(asked.note)
  const shown = note === null ? null : parseCheckpoint(note.text)
  if (note === null || shown === null) return refuse(400, 'this is not a checkpoint')
  if (!windows.some(({ key }) => key.name === shown.origin)) return refuse(404, 'this witness does not follow that log')
  const signed = signedWithin(note, shown.size, windows)
  if (signed === null) return refuse(403, 'the log did not sign this')
  if (signed === 'late') return refuse(403, "this is signed with a key that was not the log's at that size")
  if (asked.oldSize > shown.size) return refuse(400, 'the old size is larger than the checkpoint')
  return judgeSigned({ asked, note, shown }, known)
}

interface Shown {
  readonly asked: AddCheckpoint
  readonly note: SignedNote
  readonly shown: { readonly size: number; readonly root: Buffer }
}

const judgeSigned = ({ asked, note, shown }: Shown, known: Witnessed | null): Judgement => {
  const held = known ?? { size: 0, root: '', note: '' }
  const against = (status: 409 | 422, kind: 'split-view' | 'rollback' | 'no-proof', why: string): Judgement => ({
    accepted: false,
    status,
    why,
    knownSize: held.size,
    evidence: { kind, held: held.note, shown: asked.note },
  })
  if (shown.size < held.size) return against(409, 'rollback', `the log shows ${shown.size} entries after it had shown ${held.size}`)
  if (shown.size === held.size && known !== null && shown.root.toString('base64') !== held.root)
    return against(409, 'split-view', `the log shows two different logs of ${held.size} entries`)
  if (asked.oldSize !== held.size) return { accepted: false, status: 409, why: 'the witness has seen another size', knownSize: held.size }
  const consistent = provesConsistency({
    older: { size: held.size, root: Buffer.from(held.root, 'base64') },
    newer: shown,
    path: asked.proof,
  })
  if (!consistent) return against(422, 'no-proof', `nothing proves that the log of ${shown.size} entries continues that of ${held.size}`)
  return { accepted: true, text: note.text, remember: { size: shown.size, root: shown.root.toString('base64'), note: asked.note } }
}
