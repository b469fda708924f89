import { decide } from '../../../core/decision/decide.ts'
import type { Decision, Reason } from '../../../core/decision/decision.ts'
import type { Policies } from '../../../core/decision/policy.ts'
import { type Check, checksOf, type Line } from '../../enquiry/replay-entry.ts'

/** What some rules make of one category of a stored entry, on the facts that the entry holds. */
export interface WeighedLine {
  readonly permitted: boolean
  readonly fields: readonly string[]
  /** How many items would leave; null where the entry holds none, because none were fetched. */
  readonly items: number | null
  /** The first that is told of why it is refused; null when it is not. */
  readonly reason: Reason | null
  readonly withheldFields: Decision['withheldFields']
  /** The decision that settled it: of an item where there are items, else of the category. */
  readonly decision: Decision
}

const isPermit = ({ effect }: Decision): boolean => effect.startsWith('permit')

const decideCheck = (policies: Policies, { action, facts, fields, agreementFields }: Check): Decision =>
  decide(policies, action, facts, { fields, agreementFields, lapses: [] })

/** Every item is weighed where there are any: the category may be asked for and still nothing of it leave. */
export const weighLine = (policies: Policies, content: Line, line: Line): WeighedLine => {
  const [whole, ...items] = checksOf(content, line)
  const fetch = decideCheck(policies, whole!)
  const refused = (decision: Decision): WeighedLine => ({
    ...{ permitted: false, fields: [], items: items.length === 0 ? null : 0, withheldFields: [], decision },
    reason: decision.reasons[0] ?? null,
  })
  if (!isPermit(fetch)) return refused(fetch)
  if (items.length === 0)
    return { permitted: true, fields: fetch.fields, items: null, reason: null, withheldFields: fetch.withheldFields, decision: fetch }
  const decisions = items.map((item) => decideCheck(policies, item))
  const released = decisions.filter(isPermit)
  if (released.length === 0) return refused(decisions[0]!)
  return {
    ...{ permitted: true, items: released.length, reason: null, decision: released[0]! },
    fields: [...new Set(released.flatMap(({ fields }) => fields))],
    withheldFields: released[0]!.withheldFields,
  }
}
