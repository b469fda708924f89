import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { AggregateRules, Breakdown } from '../../core/aggregates/aggregate-rules.ts'
import { quarterOf } from '../../core/aggregates/quarter.ts'
import { suppress } from '../../core/aggregates/suppress.ts'
import type { Caller } from '../../core/caller.ts'
import type { Reason } from '../../core/decision/decision.ts'
import { Fault } from '../../core/fault.ts'
import {
  countBreakdowns,
  findPublication,
  insertPublication,
  isPublished,
  lockPublication,
  type Publication,
} from '../../db/rights/aggregates.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'

interface Body {
  readonly breakdown: Breakdown
  /** The quarter under way where absent. */
  readonly period?: string
}

/**
 * Operation `readAggregate`: one published table of one quarter, the same for whoever asks and whenever. The first who asks in a quarter
 * has all its tables taken at one instant. Counts only, joined to no record: "publicity must be non-identifying" (Scrutiny Board 1.35).
 */
export const readAggregate =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { breakdown, period } = request.body as Body
    return commitChange(caller, {
      operation: 'readAggregate',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      detail: { breakdown, period: period ?? null, purpose: 'performance' },
      run: (context) => read(context, breakdown, period ?? quarterOf(context.at)),
    })
  }

const notPublished: Reason = {
  code: 'default',
  stage: 'R46',
  ruleId: 'aggregates-published',
  cites: 'Crime and Disorder Act 1998 s.17A; Scrutiny Board 2009, 1.35: only what was agreed is published',
}

const read = async (context: ChangeContext, breakdown: Breakdown, period: string): Promise<ChangeOutcome<object>> => {
  const rules = context.policies.bundle.change?.aggregates
  const listed = rules?.breakdowns.find(({ id }) => id === breakdown)
  if (rules === undefined || listed === undefined) return { allowed: false, reason: notPublished }
  const found = (await findPublication(context.tx, period, breakdown)) ?? (await takeNow(context, rules, { breakdown, period }))
  if (found === null) throw new Fault('not-found', 'No such table was published for that quarter.')
  const { counts, takenAt } = found
  const body = { breakdown, period, title: listed.title, smallestCount: rules.smallestCount, takenAt: takenAt.toISOString(), ...counts }
  return { allowed: true, status: 200, body, detail: { published: period } }
}

/** Only the quarter under way can be taken; what is past was published then, or never. */
const takeNow = async (
  { tx, at, policyHash }: ChangeContext,
  rules: AggregateRules,
  { breakdown, period }: { readonly breakdown: Breakdown; readonly period: string },
): Promise<Publication | null> => {
  if (period !== quarterOf(at)) return null
  await lockPublication(tx)
  const meanwhile = await findPublication(tx, period, breakdown)
  if (meanwhile !== null) return meanwhile
  // A table that is added to the rules within a quarter waits for the next: it would be of another day than its neighbours.
  if (await isPublished(tx, period)) return null
  const counted = await countBreakdowns(
    tx,
    rules.breakdowns.map(({ id }) => id),
  )
  for (const [id, counts] of counted) {
    await insertPublication(tx, { period, breakdown: id, counts: suppress(counts, rules.smallestCount), policyHash, takenAt: at })
  }
  return findPublication(tx, period, breakdown)
}
