import type { AgreementTerms } from '../../../../../core/snapshot.ts'

type Days = Pick<AgreementTerms, 'inForceFrom' | 'inForceTo' | 'reviewOn'>

const DAY_MS = 86_400_000
const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS
const dayOf = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10)

/** The same day of the year, as many years on; 29 February becomes 1 March in a common year. */
const yearsOn = (day: string, years: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10)
}

/**
 * The days of a renewal: from the day after the last one, for as many whole years (one at least), with its review as long before the
 * end as it was. Terms without an end begin again on their review date.
 */
export const renewedDays = ({ inForceFrom, inForceTo, reviewOn }: Days): Days => {
  if (inForceTo === null) return { inForceFrom: reviewOn, inForceTo: null, reviewOn: yearsOn(reviewOn, 1) }
  const begins = dayOf(numberOf(inForceTo) + 1)
  const years = Math.max(1, Math.round((numberOf(begins) - numberOf(inForceFrom)) / 365.25))
  const ends = dayOf(numberOf(yearsOn(begins, years)) - 1)
  const review = dayOf(numberOf(ends) - (numberOf(inForceTo) - numberOf(reviewOn)))
  return { inForceFrom: begins, inForceTo: ends, reviewOn: review < begins ? begins : review }
}
