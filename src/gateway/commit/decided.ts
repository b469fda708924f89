import type { Answer } from '../../core/answer.ts'
import { newIdAt } from '../new-id.ts'
import { writeEntry, type WrittenEntry } from './log-entry.ts'
import type { Draft, Reading, Work } from './logged-work.ts'

/** Work in the queue of the release commit, with whoever waits for its answer. */
export interface Waiting {
  readonly work: Work
  readonly resolve: (answer: Answer) => void
  readonly reject: (cause: unknown) => void
}

/** Work that was decided on, as it stands in the log once its batch is committed. */
export interface Decided {
  readonly waiting: Waiting
  readonly draft: Draft
  readonly entryId: string
  /** Its own entry first, then its lines. */
  readonly written: readonly WrittenEntry[]
}

export const decideOne = (waiting: Waiting, reading: Reading, decide: Work['decide']): Decided => {
  const draft = decide(reading)
  const { caller, operation } = waiting.work
  const frame = { at: reading.at, operation, caller, policyHash: reading.policyHash }
  const write = (entry: Draft['entry'], receipt: Draft['receipt']): WrittenEntry =>
    writeEntry({ ...frame, entryId: newIdAt(caller.receivedAt), draft: entry, receipt })
  const written = [write(draft.entry, draft.receipt), ...(draft.lines ?? []).map(({ entry }) => write(entry, {}))]
  return { waiting, draft, entryId: written[0]!.columns.entryId, written }
}

/** The lines of the disclosure register, each under the entry that made it. */
export const disclosuresOf = (decided: readonly Decided[]) =>
  decided.flatMap(({ draft, written }) =>
    [draft, ...(draft.lines ?? [])].flatMap(({ disclosures }, place) =>
      disclosures.map((row) => ({ ...row, entryId: written[place]!.columns.entryId })),
    ),
  )
