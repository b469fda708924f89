import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { countIndexedByDay } from '../../../db/log/search/log-search.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../commit/change.ts'
import { askedDetail, askLog, indexSaid, type LogAsk, type LogPage } from './ask-log.ts'
import { logLine } from './log-line.ts'

/** Counting stops somewhere, and says so: a question about everything must not keep the database from everybody else. */
const MOST_COUNTED = 200_000

interface SearchBody extends LogAsk {
  readonly countByDay?: boolean
}

/**
 * Operation `searchLog`: who asked for what, when, why and with what result. For the partnership's officer everything, for an agency's
 * officer what that agency asked, supplied or owns, for nobody their own accesses (R42). The search is an entry of its own.
 */
export const searchLog =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as SearchBody
    return commitChange(caller, {
      operation: 'searchLog',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: askedDetail(body),
      run: async (context): Promise<ChangeOutcome<object>> => {
        const page = await askLog(context, caller, { ...body, limit: body.limit ?? 50 })
        if ('allowed' in page) return page
        const { entries, nextCursor, reader } = page
        const counts = body.countByDay === true ? await countsOf(context, page) : null
        return {
          allowed: true,
          status: 200,
          body: { entries: entries.map(logLine), nextCursor, index: indexSaid(page), counts },
          detail: { told: entries.length, upToLeaf: page.question.upTo, firstLeaf: leafOf(entries[0]), lastLeaf: leafOf(entries.at(-1)) },
          // Nothing about this person and nothing that this agency had a part in take the same time.
          shielded: !reader.everything && entries.length === 0,
        }
      },
    })
  }

const leafOf = (entry: LogPage['entries'][number] | undefined): number | null => entry?.found.leafIndex ?? null

const countsOf = async ({ tx }: ChangeContext, { question }: LogPage) => {
  const { days, counted } = await countIndexedByDay(tx, question, MOST_COUNTED)
  return { days, counted, complete: counted < MOST_COUNTED }
}
