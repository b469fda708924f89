import { bars } from '../../../charts/bars.ts'
import type { Pictured } from '../../../charts/pictured.ts'
import { dayWords } from '../../../view/words.ts'

export interface ReviewAhead {
  readonly reference: string
  readonly reviewOn?: string
  readonly state: string
}

const DAY_MS = 86_400_000
const daysUntil = (day: string, now: Date): number => Math.round((Date.parse(`${day}T12:00:00Z`) - now.getTime()) / DAY_MS)

/** Agreements in force by the days until their review; one that is late stands first, with nothing left. */
export const reviewsAhead = (agreements: readonly ReviewAhead[], now: Date): Pictured => {
  const title = 'Agreement reviews ahead'
  const ahead = agreements
    .filter(({ state, reviewOn }) => reviewOn !== undefined && (state === 'in-force' || state === 'review-overdue'))
    .map(({ reference, reviewOn }) => ({ reference, reviewOn: reviewOn!, days: daysUntil(reviewOn!, now) }))
    .toSorted((left, right) => left.days - right.days)
  const [next] = ahead
  const says =
    next === undefined
      ? 'No agreement is in force.'
      : `The next is ${next.reference}, on ${dayWords(next.reviewOn)}: ${leftWords(next.days)}.`
  const svg = bars(
    { id: 'reviews', title, says: `Days until the review. ${says}` },
    ahead.slice(0, 14).map(({ reference, days }) => ({ label: reference, value: Math.max(0, days), said: leftWords(days) })),
  )
  return {
    title,
    svg,
    head: ['Agreement', 'Review on', 'Left'],
    rows: ahead.map((one) => [one.reference, dayWords(one.reviewOn), leftWords(one.days)]),
  }
}

const leftWords = (days: number): string => (days < 0 ? `${-days} days late` : days === 1 ? '1 day' : `${days} days`)

/** How old the last checkpoint is, against the second in which one is due when something was written. */
export const checkpointAge = (sealedAt: string | null, now: Date): Pictured => {
  const title = 'Age of the last checkpoint'
  const seconds = sealedAt === null ? null : Math.max(0, Math.round((now.getTime() - Date.parse(sealedAt)) / 1000))
  const says =
    seconds === null ? 'Nothing was sealed yet.' : `The log signed its last checkpoint ${seconds} seconds before this page was made.`
  const rows = seconds === null ? [] : [['Last checkpoint', `${seconds} s`]]
  return {
    title,
    svg: bars({ id: 'age', title, says }, seconds === null ? [] : [{ label: 'Last checkpoint', value: seconds, said: `${seconds} s` }]),
    head: ['What', 'Age'],
    rows,
  }
}
