import type { Cohort } from '../vocabulary.ts'

/** When the partnership's clocks fall due, and how long before that somebody is asked (policies/change/clocks.yaml). */
export interface ClockRules {
  readonly title: string
  readonly review: { readonly mostDays: number; readonly askDaysBefore: number; readonly cites: string }
  readonly preRelease: { readonly months: number; readonly monthsForHomeDetentionCurfew: number; readonly cites: string }
  readonly prisonAssessment: { readonly hours: number; readonly cites: string }
  readonly listReview: { readonly everyMonths: number; readonly cohorts: readonly Cohort[]; readonly cites: string }
  readonly twoYearReview: {
    readonly years: number
    readonly cohorts: readonly Cohort[]
    readonly askDaysBefore: number
    readonly cites: string
  }
  readonly noActivity: { readonly months: number; readonly cites: string }
  readonly comesOfAge: { readonly askDaysBefore: number; readonly cites: string }
  /** Older bundles remind once. */
  readonly agreement: { readonly askDaysBefore: number; readonly againDaysBefore?: readonly number[]; readonly cites: string }
  readonly consent: { readonly askDaysBefore: number; readonly cites: string }
  /** Absent from older bundles: then nobody is asked to reconsider. */
  readonly reconsider?: { readonly months: number; readonly cites: string }
}

/** Every clock and the numbers it needs: whole, and at least 1. */
const numbers: { readonly [Clock in Exclude<keyof ClockRules, 'title'>]: readonly string[] } = {
  review: ['mostDays', 'askDaysBefore'],
  preRelease: ['months', 'monthsForHomeDetentionCurfew'],
  prisonAssessment: ['hours'],
  listReview: ['everyMonths'],
  twoYearReview: ['years', 'askDaysBefore'],
  noActivity: ['months'],
  comesOfAge: ['askDaysBefore'],
  agreement: ['askDaysBefore'],
  consent: ['askDaysBefore'],
  reconsider: ['months'],
}

/** Clocks that older bundles do not have. */
const laterClocks: readonly string[] = ['reconsider']

/** Everything wrong with the clocks; empty when they may run. A clock that is missing would be a deadline that nobody hears of. */
export const clockRuleProblems = (rules: unknown): readonly { readonly path: readonly string[]; readonly message: string }[] => {
  const given = (typeof rules === 'object' && rules !== null ? rules : {}) as Readonly<
    Record<string, Readonly<Record<string, unknown>> | undefined>
  >
  const problems = Object.entries(numbers).flatMap(([clock, needed]) => {
    const entry = given[clock]
    if (entry === undefined && laterClocks.includes(clock)) return []
    if (entry === undefined) return [{ path: [clock], message: `the clock ${clock} is missing` }]
    const cites =
      typeof entry['cites'] === 'string' && entry['cites'].trim() !== '' ? [] : [{ path: [clock], message: `${clock} cites nothing` }]
    const wrong = needed.filter((name) => !Number.isInteger(entry[name]) || Number(entry[name]) < 1)
    return [...cites, ...wrong.map((name) => ({ path: [clock, name], message: `${clock}.${name} must be a whole number from 1` }))]
  })
  return [...problems, ...reminderProblems(given['agreement'] ?? {})]
}

/** Later reminders come nearer to the day, each once. */
const reminderProblems = (agreement: Readonly<Record<string, unknown>>): { path: string[]; message: string }[] => {
  const again = agreement['againDaysBefore']
  if (again === undefined) return []
  const days: readonly unknown[] = [agreement['askDaysBefore'], ...(Array.isArray(again) ? (again as unknown[]) : [null])]
  const nearer = days.every(
    (one, place) => Number.isInteger(one) && Number(one) >= 1 && (place === 0 || Number(one) < Number(days[place - 1])),
  )
  return nearer
    ? []
    : [
        {
          path: ['agreement', 'againDaysBefore'],
          message: 'agreement.againDaysBefore must be whole numbers from 1, each smaller than the one before',
        },
      ]
}
