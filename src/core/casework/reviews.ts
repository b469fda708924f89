import type { Reason } from '../decision/decision.ts'
import { isDay } from '../london.ts'
import { latestReviewOn } from './due-dates.ts'
import { failing, type Failing } from './conference-views.ts'

const within: Reason = {
  code: 'review-date',
  stage: 'R35',
  ruleId: 'r35-review-within-sixteen-weeks',
  cites: 'Case Conferencing Guidance 2009, 1.3 b3-b4: a review date is set and recorded at each discussion; 16 weeks is the maximum',
}

/** Every discussion sets the next review: after today, and within the most days unless the person is in longer-term custody. */
export const reviewDateFailing = (
  reviewOn: string,
  rule: { readonly today: string; readonly mostDays: number; readonly exempt: boolean },
): Failing | null => {
  if (!isDay(reviewOn) || reviewOn <= rule.today) return failing(within, '/reviewOn', 'is not a day still to come')
  if (rule.exempt || reviewOn <= latestReviewOn(rule.today, rule.mostDays)) return null
  return failing(within, '/reviewOn', `is later than ${latestReviewOn(rule.today, rule.mostDays)}, ${rule.mostDays} days from today`)
}

/** Longer-term custody exempts from the sixteen weeks, so the person must be in custody. */
export const exemptionFailing = (claimed: boolean, custodyAgencyId: string | null): Failing | null =>
  claimed && custodyAgencyId === null ? failing(within, '/longTermCustody', 'cannot be: the person is not in custody') : null
