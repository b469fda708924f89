import { sandboxDay } from '../people/person.ts'
import type { Random } from '../random.ts'

const dayMs = 86_400_000

/** A day between `fewest` and `most` days before the sandbox's day, or after it where they are negative; `YYYY-MM-DD`. */
export const dayBefore = (random: Random, fewest: number, most: number): string =>
  new Date(Date.parse(sandboxDay) - random.between(fewest, most) * dayMs).toISOString().slice(0, 10)

export const dayAfter = (day: string, days: number): string => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)

// How five agencies write 2026-05-01, none of them as the next one does.

/** 01/05/2026 */
export const slashed = (day: string): string => day.split('-').reverse().join('/')

/** 20260501 */
export const packed = (day: string): string => day.replaceAll('-', '')

/** 1 May 2026 */
export const spelt = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(day))

/** 2026-05-01T00:00:00 */
export const midnight = (day: string): string => `${day}T00:00:00`

/** Milliseconds since 1970 at midnight UTC. */
export const millis = (day: string): number => Date.parse(day)
