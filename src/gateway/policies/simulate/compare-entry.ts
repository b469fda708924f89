import type { Reason } from '../../../core/decision/decision.ts'
import type { Policies } from '../../../core/decision/policy.ts'
import { type Line, policiesOf } from '../../enquiry/replay-entry.ts'
import { callerIn, linesOf } from '../../log/search/entry-view.ts'
import { weighLine, type WeighedLine } from './weigh-line.ts'

export const movements = ['loses', 'gains', 'less', 'more'] as const
export type Movement = (typeof movements)[number]

/** One category of one entry that the proposed rules decide otherwise. */
export interface Moved {
  readonly movement: Movement
  readonly requesterAgencyId: string | null
  readonly supplierAgencyId: string | null
  readonly category: string
  /** Of the rules that refuse it: the proposed ones for what is lost, those in force for what is gained. */
  readonly code: string
  readonly ruleId: string
}

/**
 * Decides the categories of one stored entry twice, by the rules in force and by those proposed, on the facts that the entry holds:
 * nobody is asked anything, and what an older bundle made of it then does not matter.
 * @returns how many were decided, and those that differ
 */
export const compareEntry = (
  content: Line,
  rules: { readonly inForce: Policies; readonly proposed: Policies },
): { readonly decisions: number; readonly moved: readonly Moved[] } => {
  const lines = linesOf(content)
  if (lines.length === 0) return { decisions: 0, moved: [] }
  const [inForce, proposed] = [policiesOf(content, rules.inForce), policiesOf(content, rules.proposed)]
  const requesterAgencyId = callerIn(content)?.agencyId ?? null
  const moved = lines.flatMap((line) =>
    movesOf(weighLine(inForce, content, line), weighLine(proposed, content, line)).map(({ movement, because }) => ({
      ...{ movement, requesterAgencyId, supplierAgencyId: typeof line.supplier === 'string' ? line.supplier : null },
      ...{ category: String(line.category), code: because?.code ?? 'default', ruleId: because?.ruleId ?? 'no-permit' },
    })),
  )
  return { decisions: lines.length, moved }
}

interface Move {
  readonly movement: Movement
  readonly because: Reason | null
}

const movesOf = (before: WeighedLine, after: WeighedLine): readonly Move[] => {
  if (before.permitted && !after.permitted) return [{ movement: 'loses', because: after.reason }]
  if (!before.permitted && after.permitted) return [{ movement: 'gains', because: before.reason }]
  if (!before.permitted) return []
  return [...fewer(before, after, 'less'), ...fewer(after, before, 'more')]
}

/** What leaves under one and not under the other, in fields or in items; the first field's reason stands for all. */
const fewer = (from: WeighedLine, to: WeighedLine, movement: Movement): readonly Move[] => {
  const field = from.fields.find((one) => !to.fields.includes(one))
  if (field === undefined && (from.items ?? 0) <= (to.items ?? 0)) return []
  return [{ movement, because: to.withheldFields.find((one) => one.field === field)?.reason ?? null }]
}
