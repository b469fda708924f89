import type { Caller } from '../../../core/caller.ts'
import { readIndexState, type IndexState } from '../../../db/log/search/log-index.ts'
import { findIndexed, type IndexQuestion } from '../../../db/log/search/log-search.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { type LogReader, logReaderOf } from './entry-view.ts'
import { type ShownEntry, showEntries } from './log-line.ts'
import { type LogFilter, questionOf, readCursor, writeCursor } from './log-question.ts'
import { notReviewer, type ReadingReasons, refusedReading } from './reading-reasons.ts'

export interface LogAsk extends ReadingReasons {
  readonly filter?: LogFilter
  readonly limit?: number
  readonly cursor?: string | null
}

export interface LogPage {
  readonly reader: LogReader
  readonly question: IndexQuestion
  readonly index: IndexState
  readonly entries: readonly ShownEntry[]
  readonly nextCursor: string | null
}

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

/** One page of what the asker may see, or why they may see none: a lawful purpose first, then an appointment. */
export const askLog = async (
  context: ChangeContext,
  caller: Caller,
  ask: LogAsk & { readonly limit: number },
): Promise<LogPage | Refusal> => {
  const unlawful = refusedReading(ask)
  if (unlawful !== null) return unlawful
  const reader = logReaderOf(context.standing, context.at)
  if (reader === null) return notReviewer
  const filter = ask.filter ?? {}
  const cursor = readCursor(ask.cursor ?? null, filter)
  const index = await readIndexState(context.tx)
  // A person always: a system without one is refused before it gets here.
  const question = questionOf(
    filter,
    { ...reader, personSub: caller.personSub ?? '' },
    Math.min(cursor?.upTo ?? index.leaves, index.leaves),
  )
  const found = await findIndexed(context.tx, question, { after: cursor?.place ?? null, limit: ask.limit + 1 })
  const page = found.slice(0, ask.limit)
  const last = page.at(-1)
  const nextCursor =
    found.length <= ask.limit || last === undefined
      ? null
      : writeCursor({ upTo: question.upTo, place: { at: last.placeAt, leafIndex: last.leafIndex } }, filter)
  return { reader, question, index, entries: showEntries(reader, page), nextCursor }
}

/** What the reading's own entry keeps: the question, so that it can be put again, and how much was told. */
export const askedDetail = ({ purpose, justification, filter, cursor }: LogAsk) => ({
  logPurpose: purpose ?? null,
  justification: justification ?? null,
  filter: filter ?? {},
  furtherPage: typeof cursor === 'string',
})

export const indexSaid = ({ index, question }: LogPage) => ({
  leaves: index.leaves,
  shownUpTo: question.upTo,
  waiting: index.waiting,
  newestAt: index.newestAt?.toISOString() ?? null,
})
