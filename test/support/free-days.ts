import { daysAfter } from '../../src/core/london.ts'

/** The Sunday that many weeks back: a day on which the sandbox's own conferences never meet, so that a test may hold one. */
export const sundayBefore = (day: string, weeks = 1): string =>
  daysAfter(day, -(new Date(`${day}T00:00:00Z`).getUTCDay() || 7) - 7 * (weeks - 1))
