import { daysAfter } from '../../../core/london.ts'
import { columns } from './columns.ts'
import type { Pictured } from './pictured.ts'

export interface DayCount {
  readonly day: string
  readonly entries: number
  readonly refused: number
}

/** More days than these are told apart by nobody: they are counted by month. */
const MOST_DAYS = 92

const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' })
const monthFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short', year: 'numeric' })
const fullFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' })
const noon = (day: string): Date => new Date(`${day}T12:00:00Z`)

/** Every day from the first to the last, those without an entry among them, the earliest first. */
export const everyDay = (days: readonly DayCount[]): readonly DayCount[] => {
  const known = new Map(days.map((one) => [one.day, one]))
  const [first, last] = [
    days.map(({ day }) => day).toSorted()[0],
    days
      .map(({ day }) => day)
      .toSorted()
      .at(-1),
  ]
  if (first === undefined || last === undefined) return []
  if (daysAfter(first, MOST_DAYS * 50) < last) return [...days].toSorted((left, right) => left.day.localeCompare(right.day))
  const all: DayCount[] = []
  for (let day = first; day <= last; day = daysAfter(day, 1)) all.push(known.get(day) ?? { day, entries: 0, refused: 0 })
  return all
}

const byMonth = (days: readonly DayCount[]): readonly DayCount[] => {
  const months = new Map<string, DayCount>()
  for (const { day, entries, refused } of days) {
    const month = `${day.slice(0, 7)}-01`
    const before = months.get(month) ?? { day: month, entries: 0, refused: 0 }
    months.set(month, { day: month, entries: before.entries + entries, refused: before.refused + refused })
  }
  return [...months.values()]
}

/** Entries by day, or by month where there are too many days, with those refused among them. */
export const dayCounts = (given: readonly DayCount[]): Pictured => {
  const days = everyDay(given)
  const monthly = days.length > MOST_DAYS
  const shown = monthly ? byMonth(days) : days
  const title = monthly ? 'Entries by month' : 'Entries by day'
  const [total, refused] = [sum(shown.map(({ entries }) => entries)), sum(shown.map((one) => one.refused))]
  const busiest = shown.toSorted((left, right) => right.entries - left.entries)[0]
  const words = monthly ? monthFormat : fullFormat
  const says =
    busiest === undefined
      ? 'There are none.'
      : `${total} in all, ${refused} of them refused; the most, ${busiest.entries}, on ${words.format(noon(busiest.day))}.`
  const svg = columns(
    { id: 'by-day', title, says: monthly ? says.replace('; the most', '; the most in a month').replace(', on ', ', in ') : says },
    shown.map(({ day, entries, refused: part }) => ({
      label: (monthly ? monthFormat : dayFormat).format(noon(day)),
      value: entries,
      part,
    })),
  )
  const rows = shown.filter(({ entries }) => entries > 0).map((one) => [words.format(noon(one.day)), one.entries, one.refused])
  return { title, svg, head: [monthly ? 'Month' : 'Day', 'Entries', 'Refused'], rows: rows.toReversed(), key: ['Allowed', 'Refused'] }
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
