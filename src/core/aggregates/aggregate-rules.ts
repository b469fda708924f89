/** The tables that are published; each is counted by a query of its own. */
export const breakdowns = ['cohort-position', 'area-supervision'] as const
export type Breakdown = (typeof breakdowns)[number]

/** What the partners publish of their numbers (policies/change/aggregates.yaml). */
export interface AggregateRules {
  readonly title: string
  readonly cites: string
  readonly smallestCount: number
  readonly breakdowns: readonly { readonly id: Breakdown; readonly title: string; readonly cites: string }[]
}

/** Everything wrong with the rules for aggregates; empty when they may be used. */
export const aggregateRuleProblems = (
  rules: unknown,
): readonly { readonly path: readonly (string | number)[]; readonly message: string }[] => {
  const { smallestCount, breakdowns: listed } = (typeof rules === 'object' && rules !== null ? rules : {}) as Record<string, unknown>
  const entries = Array.isArray(listed) ? (listed as readonly Record<string, unknown>[]) : []
  const unknown = entries.filter(({ id }) => !(breakdowns as readonly unknown[]).includes(id))
  return [
    ...(Number.isInteger(smallestCount) && Number(smallestCount) >= 5
      ? []
      : [{ path: ['smallestCount'], message: 'smallestCount must be a whole number from 5' }]),
    ...(entries.length === 0 ? [{ path: ['breakdowns'], message: 'no table is published' }] : []),
    ...unknown.map(({ id }) => ({ path: ['breakdowns'], message: `there is no breakdown ${String(id)}` })),
  ]
}
