import { dayAfter, daysAfter, londonDay, startOfLondonDay } from '../london.ts'
import type { Purpose } from '../vocabulary.ts'

/** What may end under a copy that somebody holds (R45). */
export const recallCauses = ['revocation', 'expiry', 'consent-withdrawn', 'consent-expired', 'agreement-ended', 'correction'] as const
export type RecallCause = (typeof recallCauses)[number]

// Bundles that were published before it was asked back cite nothing for it.
type AgreedCause = Exclude<RecallCause, 'consent-expired'>

/** What a holder may say of the copies they were asked for (HC_RETURN_OR_DESTROY). */
export const returnOutcomes = ['returned', 'destroyed'] as const
export type ReturnOutcome = (typeof returnOutcomes)[number]

/** What the partners agreed about asking copies back (policies/change/disclosure.yaml). */
export interface RecallRules {
  /** How long a holder has, in London days, the day of the notice not counted. */
  readonly days: number
  /** The paragraph that each cause rests on, as a notice tells it. */
  readonly cites: { readonly [Cause in AgreedCause]: string } & { readonly 'consent-expired'?: string }
  /** What who holds copies may be looked up for. */
  readonly purposes: readonly Purpose[]
}

/** Until when a holder has time, and why copies are asked back. Under a bundle that says nothing of it they are wanted at once. */
export const recallTerms = (rules: RecallRules | undefined, asked: { readonly cause: RecallCause; readonly at: Date }) => {
  const { cause, at } = asked
  if (rules === undefined) return { cites: 'R45', dueAt: at }
  return {
    cites: rules.cites[cause] ?? rules.cites['consent-withdrawn'],
    dueAt: startOfLondonDay(dayAfter(daysAfter(londonDay(at), rules.days))),
  }
}

type Json = Readonly<Record<string, unknown>>
const sectionOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

/** Everything wrong with the rules; older bundles have none. */
export const recallRuleProblems = (given: unknown): readonly { readonly path: readonly string[]; readonly message: string }[] => {
  if (given === undefined) return []
  const rules = sectionOf(given)
  const cites = sectionOf(rules['cites'])
  const cited = (cause: string): boolean =>
    (cause === 'consent-expired' && cites[cause] === undefined) || (typeof cites[cause] === 'string' && cites[cause].trim() !== '')
  return [
    ...(Number.isInteger(rules['days']) && Number(rules['days']) >= 1
      ? []
      : [{ path: ['days'], message: 'days must be a whole number from 1' }]),
    ...recallCauses.filter((cause) => !cited(cause)).map((cause) => ({ path: ['cites', cause], message: `${cause} cites nothing` })),
    ...(Array.isArray(rules['purposes']) && rules['purposes'].length > 0
      ? []
      : [{ path: ['purposes'], message: 'copies must be looked up for some purpose' }]),
  ]
}
