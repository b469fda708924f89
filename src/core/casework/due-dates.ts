import { dayAfter, daysAfter, isDay, startOfLondonDay } from '../london.ts'

/** Whether a case's next review is still in time (Case Conferencing Guidance 2009, 1.3 b3-b4); `exempt`: longer-term custody. */
export type ReviewStanding = 'current' | 'overdue' | 'exempt' | 'unknown'

export interface ReviewClock {
  /** The last London day on which the review is in time; null: never set. */
  readonly reviewOn: string | null
  readonly longTermCustody: boolean
  readonly custodyAgencyId: string | null
}

/** Due on the day itself, overdue from the day after. */
export const reviewStanding = ({ reviewOn, longTermCustody, custodyAgencyId }: ReviewClock, today: string): ReviewStanding => {
  if (longTermCustody && custodyAgencyId !== null) return 'exempt'
  if (reviewOn === null) return 'unknown'
  return today <= reviewOn ? 'current' : 'overdue'
}

/** The first instant at which a review now in time is overdue; null when it is not in time, or cannot fall overdue. */
export const reviewLapsesAt = (clock: ReviewClock, today: string): Date | null =>
  clock.reviewOn !== null && reviewStanding(clock, today) === 'current' ? startOfLondonDay(dayAfter(clock.reviewOn)) : null

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** The same day of the month, that many calendar months later (earlier, when negative), clamped to the last day of a shorter month. */
export const monthsAfter = (day: string, months: number): string => {
  if (!isDay(day)) throw new RangeError(`Not a calendar day written YYYY-MM-DD: ${day}`)
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const counted = year * 12 + month - 1 + months
  const [toYear, toMonth] = [Math.floor(counted / 12), (counted % 12) + 1]
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${String(toYear).padStart(4, '0')}-${two(toMonth)}-${two(Math.min(date, daysIn(toYear, toMonth)))}`
}

/** The day by which licence conditions have been discussed: "3 months before release; 5 months for potential HDC" (1.3 b7). */
export const preReleaseOn = (
  release: { readonly earliestReleaseOn: string; readonly hdcEligible: boolean },
  clock: { readonly months: number; readonly monthsForHomeDetentionCurfew: number },
): string => monthsAfter(release.earliestReleaseOn, -(release.hdcEligible ? clock.monthsForHomeDetentionCurfew : clock.months))

/** The last day on which a review set today is in time. */
export const latestReviewOn = (today: string, mostDays: number): string => daysAfter(today, mostDays)
