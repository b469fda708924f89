import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { isDay } from '../../core/london.ts'
import { type MisuseRules, sampleRuleId } from '../../core/misuse/misuse-rules.ts'
import { type Evaluation, listEvaluations } from '../../db/misuse/evaluations.ts'
import { countOutcomes, type OutcomeRow } from '../../db/misuse/review.ts'
import { listSamples, type SampleRow } from '../../db/misuse/samples.ts'
import type { CommitChange } from '../commit/change.ts'
import type { ReadingReasons } from '../log/search/reading-reasons.ts'
import { logUseDetail, reviewerOf } from './reviewer.ts'

/**
 * Operation `measureFlags`: what became of the flags of each rule, beside the sample that no rule chose; and of which agencies' look-ups
 * each rule could be applied at all. Counts only.
 */
export const measureFlags =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ReadingReasons
    return commitChange(caller, {
      operation: 'measureFlags',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: logUseDetail(body),
      run: async (context) => {
        const { reviewer, refused } = reviewerOf(context, caller, body)
        if (refused !== null) return refused
        const told = toldRules(context.policies.bundle.misuse, reviewer.partnership)
        const counted = new Map((await countOutcomes(context.tx, reviewer)).map((row) => [row.ruleId, row]))
        const evaluations = await listEvaluations(context.tx, reviewer.partnership ? null : reviewer.agencyId)
        const ids = [...new Set([...told.map(({ ruleId }) => ruleId), ...counted.keys()])]
        return {
          allowed: true,
          status: 200,
          body: {
            rules: ids.map((ruleId) => ({
              ...measured(counted.get(ruleId) ?? noneOf(ruleId)),
              on: told.find((rule) => rule.ruleId === ruleId)?.on ?? false,
            })),
            evaluations: evaluations.filter(({ ruleId }) => ids.includes(ruleId)).map(shownEvaluation),
          },
        }
      },
    })
  }

/** Rules that are for the partnership alone are not even named to others. */
const toldRules = (rules: MisuseRules | undefined, partnership: boolean): readonly { readonly ruleId: string; readonly on: boolean }[] =>
  rules === undefined
    ? []
    : [
        ...rules.rules.filter((rule) => partnership || rule.partnershipOnly !== true).map(({ id, on }) => ({ ruleId: id, on })),
        { ruleId: sampleRuleId, on: true },
      ]

const noneOf = (ruleId: string): OutcomeRow => ({ ruleId, flagged: 0, open: 0, query: 0, justified: 0, breach: 0 })

/** Of the flags decided, the share that were breaches; null while none is. */
const measured = (row: OutcomeRow) => {
  const decided = row.justified + row.breach
  return { ...row, precision: decided === 0 ? null : Math.round((row.breach / decided) * 1_000) / 1_000 }
}

const shownEvaluation = ({ asOf, ...evaluation }: Evaluation & { readonly asOf: Date }) => ({ ...evaluation, asOf: asOf.toISOString() })

/** Operation `searchSamples`: the days drawn from, with the seed of each, so that everybody who may read the log can draw again. */
export const searchSamples =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ReadingReasons & { cursor?: string | null; limit?: number }
    const [before, limit] = [body.cursor ?? null, body.limit ?? 50]
    if (before !== null && !isDay(before)) throw new Fault('invalid', 'The cursor is not one that was handed out.')
    return commitChange(caller, {
      operation: 'searchSamples',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: logUseDetail(body),
      run: async (context) => {
        const { reviewer, refused } = reviewerOf(context, caller, body)
        if (refused !== null) return refused
        const rows = await listSamples(context.tx, { before, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? page.at(-1)!.onDay : null
        return {
          allowed: true,
          status: 200,
          body: { samples: page.map((row) => shownSample(row, reviewer.partnership ? null : reviewer.agencyId)), nextCursor },
        }
      },
    })
  }

const shownSample = ({ onDay, seed, drawn, drawnAt }: SampleRow, agencyId: string | null) => ({
  onDay,
  seed: seed.toString('base64url'),
  drawn: drawn.filter((one) => agencyId === null || one.agencyId === agencyId),
  drawnAt: drawnAt.toISOString(),
})
