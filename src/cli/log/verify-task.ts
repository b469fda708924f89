import { checkChunk, type CheckedChunk } from '../../ledger/verify/chunk.ts'
import {
  type BatchJwk,
  checkBatches,
  type CheckedBatch,
  type CheckedNote,
  checkNotes,
  type LeafRange,
  readBatchKeys,
} from '../../ledger/verify/signatures.ts'
import { parseNoteKey } from '../../ledger/verify/signed-note.ts'
import { openZip } from './zip-reader.ts'

/** A piece of the check that needs nothing of the others. */
export type VerifyTask =
  | { readonly kind: 'entries'; readonly bundle: string; readonly member: string }
  | { readonly kind: 'batches'; readonly lines: readonly string[]; readonly keys: readonly BatchJwk[] }
  | { readonly kind: 'notes'; readonly notes: readonly string[]; readonly windows: readonly KeyText[] }

/** A key of the log and the part of the log that it may sign, in a form that threads can be handed. */
export interface KeyText extends LeafRange {
  readonly text: string
}

export type TaskResult =
  { readonly chunk: CheckedChunk } | { readonly batches: readonly CheckedBatch[] } | { readonly notes: readonly CheckedNote[] }

export const runTask = (task: VerifyTask): TaskResult => {
  if (task.kind === 'batches') return { batches: checkBatches(task.lines, readBatchKeys(task.keys)) }
  if (task.kind === 'notes')
    return {
      notes: checkNotes(
        task.notes,
        task.windows.map(({ text, from, until }) => ({ key: parseNoteKey(text), from, until })),
      ),
    }
  const zip = openZip(task.bundle)
  try {
    const bytes = zip.entries.get(task.member)?.read()
    if (bytes === undefined) throw new Error(`${task.member} is missing.`)
    return { chunk: checkChunk(bytes) }
  } finally {
    zip.close()
  }
}
