import { findEntry } from '../../../db/log/log-reading.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { type Content, contentOf, logReaderOf, viewOf } from '../../log/search/entry-view.ts'
import { notReviewer } from '../../log/search/reading-reasons.ts'

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

/** An entry that is not there, one's own, and one that another reads are the same answer. */
const notYours: Refusal = {
  allowed: false,
  status: 404,
  reason: { code: 'log-purpose', stage: 'R42', ruleId: 'log-own-or-officer', cites: 'DPA 2018 s.62(4); R42' },
}

/** An entry of the log as whoever tries rules may read it; refused like any other reading of it. */
export const readForTrial = async (
  { tx, caller, standing, at }: Pick<ChangeContext, 'tx' | 'caller' | 'standing' | 'at'>,
  entryId: string,
): Promise<{ readonly refused: Refusal } | { readonly content: Content }> => {
  const reader = logReaderOf(standing, at)
  if (reader === null) return { refused: notReviewer }
  const stored = await findEntry(tx, entryId)
  if (stored === null || (stored.agencyId === caller.agencyId && stored.personSub === caller.personSub)) return { refused: notYours }
  const content = contentOf(stored.canonical)
  return viewOf(reader, content) === null ? { refused: notYours } : { content }
}
