import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { closeReviewTasks } from '../../db/misuse/review-tasks.ts'
import {
  type DecisionRow,
  findFlag,
  type FlagFilter,
  type FlagRow,
  insertDecision,
  listDecisions,
  listFlagEntries,
  listFlags,
  type Reviewer,
  type ReviewOutcome,
} from '../../db/misuse/review.ts'
import { type FoundBreach, notifyBy, openBreachClock } from '../breaches/open-breach-clock.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import type { ReadingReasons } from '../log/search/reading-reasons.ts'
import { logUseDetail, notYours, reviewerOf } from './reviewer.ts'

export interface ReviewUses {
  readonly commitChange: CommitChange
  readonly newId: () => string
  readonly seal: (text: string, place: Place) => Uint8Array
  readonly open: (sealed: Uint8Array, place: Place) => string | null
}
type DecideUses = ReviewUses & { readonly partnershipId: string }
interface Place {
  readonly table: string
  readonly id: string
  readonly column: string
}

/** Operation `searchFlags`: what the rules and chance put before a reviewer, the highest rank first. */
export const searchFlags =
  ({ commitChange }: Pick<ReviewUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ReadingReasons & Partial<FlagFilter> & { cursor?: string | null; limit?: number }
    const { ruleId = null, rank = null, state = null, agencyId = null, personSub = null } = body
    const filter = { ruleId, rank, state, agencyId, personSub }
    const [after, limit] = [placeIn(body.cursor ?? null), body.limit ?? 50]
    return commitChange(caller, {
      operation: 'searchFlags',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: { ...logUseDetail(body), filter },
      run: async (context) => {
        const { reviewer, refused } = reviewerOf(context, caller, body)
        if (refused !== null) return refused
        const rows = await listFlags(context.tx, reviewer, filter, { after, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const last = page.at(-1)
        const nextCursor = rows.length > limit && last !== undefined ? `${last.rankPlace}~${last.flagId}` : null
        return {
          allowed: true,
          status: 200,
          body: { flags: page.map(shown), nextCursor },
          detail: { told: page.length, flagIds: page.map(({ flagId }) => flagId) },
        }
      },
    })
  }

const placeIn = (cursor: string | null): { readonly rankPlace: number; readonly flagId: string } | null => {
  if (cursor === null) return null
  const found = /^([123])~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (found === null) throw new Fault('invalid', 'The cursor is not one that was handed out.')
  return { rankPlace: Number(found[1]), flagId: found[2]! }
}

const shown = ({ rankPlace: _place, raisedAt, ...flag }: FlagRow) => ({ ...flag, raisedAt: raisedAt.toISOString() })

/** A flag rests on a few entries; one that rests on more says how many. */
const MOST_ENTRIES = 500

/** Operation `readFlag`: why it was raised, by which rule, on which entries, and what reviewers said so far. */
export const readFlag =
  (uses: Omit<ReviewUses, 'newId' | 'seal'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const flagId = request.params.flagId!.toLowerCase()
    const body = request.body as ReadingReasons
    return uses.commitChange(caller, {
      operation: 'readFlag',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: { ...logUseDetail(body), flagId },
      run: async (context) => {
        const { reviewer, refused } = reviewerOf(context, caller, body)
        if (refused !== null) return refused
        const flag = await findFlag(context.tx, reviewer, flagId)
        if (flag === null) return notYours
        const entries = await listFlagEntries(context.tx, flagId, MOST_ENTRIES)
        const decisions = await listDecisions(context.tx, flagId)
        return {
          allowed: true,
          status: 200,
          body: {
            flag: shown(flag),
            restsOn: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
            decisions: decisions.map((one) => shownDecision(uses, one)),
          },
        }
      },
    })
  }

const groundsAt = (decisionId: string): Place => ({ table: 'misuse_decision', id: decisionId, column: 'sealed' })

const shownDecision = (uses: Pick<ReviewUses, 'open'>, { sealed, decidedAt, reportBy, ...decision }: DecisionRow) => ({
  ...decision,
  grounds: uses.open(sealed, groundsAt(decision.decisionId)),
  decidedAt: decidedAt.toISOString(),
  reportBy: reportBy?.toISOString() ?? null,
})

/**
 * Operation `decideFlag`: a person decides, with grounds. A query keeps the flag open; `justified` and `breach` are the last word, and a
 * breach says until when the Commissioner is to be told.
 */
export const decideFlag =
  (uses: DecideUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const flagId = request.params.flagId!.toLowerCase()
    const { outcome, grounds, purpose } = request.body as { outcome: ReviewOutcome; grounds: string; purpose?: string | null }
    return uses.commitChange(caller, {
      operation: 'decideFlag',
      event: 'alteration',
      // Of two officers who decide at once the second sees what the first said.
      locks: [{ class: 'subject', id: flagId }],
      idempotencyKey: request.idempotencyKey,
      detail: { ...logUseDetail({ purpose, justification: grounds }), flagId, outcome },
      run: (context) => decide(uses, context, { caller, flagId, outcome, grounds, purpose }),
    })
  }

/**
 * What was found in a flag runs the same clock as an emergency access that was not justified. It names the flag and nobody; what is about
 * somebody of the partnership itself is assessed by whoever decided it, since the data protection officer may be whom it is about (R42).
 */
const breachOf = (
  { partnershipId }: DecideUses,
  { flagId, agencyId }: FlagRow,
  { breachId, notifyBy, decidedBy }: { readonly breachId: string; readonly notifyBy: Date; readonly decidedBy: Reviewer },
): FoundBreach => ({
  ...{ breachId, agencyId, offenderId: null, refs: { flagId }, notifyBy },
  assessor: agencyId === partnershipId && decidedBy.agencyId === partnershipId ? decidedBy.personSub : null,
})

interface Deciding {
  readonly caller: Caller
  readonly flagId: string
  readonly outcome: ReviewOutcome
  readonly grounds: string
  readonly purpose: string | null | undefined
}

const decide = async (uses: DecideUses, context: ChangeContext, asked: Deciding): Promise<ChangeOutcome<object>> => {
  const { caller, flagId, outcome, grounds, purpose } = asked
  const { tx, at } = context
  const { reviewer, refused } = reviewerOf(context, caller, { purpose, justification: grounds })
  if (refused !== null) return refused
  const flag = await findFlag(tx, reviewer, flagId)
  if (flag === null) return notYours
  if (flag.state === 'justified' || flag.state === 'breach') throw new Fault('conflict', 'This flag has been decided already.')
  const id = uses.newId()
  const reportBy = outcome === 'breach' ? notifyBy(context) : null
  await insertDecision(tx, { id, flagId, outcome, sealed: uses.seal(grounds, groundsAt(id)), reportBy }, reviewer, at)
  if (outcome !== 'query') await closeReviewTasks(tx, flagId, outcome, at)
  if (reportBy !== null)
    await openBreachClock(uses, context, breachOf(uses, flag, { breachId: id, notifyBy: reportBy, decidedBy: reviewer }))
  return {
    allowed: true,
    status: 201,
    ...(outcome === 'breach' ? { event: 'breach-recorded' as const } : {}),
    body: { flagId, decisionId: id, outcome, decidedAt: at.toISOString(), reportBy: reportBy?.toISOString() ?? null },
    detail: { decisionId: id, ruleId: flag.ruleId, about: { agencyId: flag.agencyId, personSub: flag.personSub } },
  }
}
