import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { countDecisionWaits, countIndexed } from '../../../db/log/search/log-counts.ts'
import { countIndexedByDay } from '../../../db/log/search/log-search.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../commit/change.ts'
import { askedDetail, askLog, indexSaid, type LogAsk, type LogPage } from './ask-log.ts'

/** Counting stops somewhere, and says so. */
const MOST_COUNTED = 100_000
const DAY_MS = 86_400_000
const DAYS_LOOKED_BACK = 90

/**
 * Operation `countLog`: how many entries a search with the same filter finds, by day, by reason, by who gave and who received, by who
 * asked; and how long requests for disclosure waited. Masked as the search is; the counting is an entry of its own.
 */
export const countLog =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Omit<LogAsk, 'limit' | 'cursor'>
    return commitChange(caller, {
      operation: 'countLog',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: askedDetail(body),
      run: async (context): Promise<ChangeOutcome<object>> => {
        const page = await askLog(context, caller, { ...body, limit: 1 })
        return 'allowed' in page ? page : counted(context, page)
      },
    })
  }

const counted = async ({ tx, at }: ChangeContext, page: LogPage): Promise<ChangeOutcome<object>> => {
  const { question, reader, entries } = page
  const { days, counted: total } = await countIndexedByDay(tx, question, MOST_COUNTED)
  const counts = await countIndexed(tx, question, MOST_COUNTED)
  const since = question.from ?? new Date(at.getTime() - DAYS_LOOKED_BACK * DAY_MS)
  const waits = await countDecisionWaits(tx, since, reader.everything ? null : reader.agencyId)
  return {
    allowed: true,
    status: 200,
    body: {
      days,
      ...counts,
      waits,
      waitsSince: since.toISOString(),
      counted: total,
      complete: total < MOST_COUNTED,
      index: indexSaid(page),
    },
    detail: { told: total, upToLeaf: question.upTo },
    shielded: !reader.everything && entries.length === 0,
  }
}
