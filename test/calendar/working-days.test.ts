import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bankHolidays, ukParts } from '../../src/core/calendar/bank-holidays.ts'
import { dayAfter, daysAfter } from '../../src/core/london.ts'
import { endOfWorkingDays, englandAndWales, isWorkingDay, workingDayFrom, workingDaysAfter } from '../../src/core/working-days.ts'

const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

/** The anonymous Gregorian computus: an independent source of the two days that move with Easter. */
const easter = (year: number): string => {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return `${year}-${String(Math.floor(n / 31)).padStart(2, '0')}-${String((n % 31) + 1).padStart(2, '0')}`
}

const monday = (year: number, month: string, which: number): string => {
  const first = `${year}-${month}-01`
  return daysAfter(first, ((8 - weekday(first)) % 7) + 7 * (which - 1))
}
const lastMonday = (year: number, month: string): string =>
  [5, 4].map((which) => monday(year, month, which)).find((day) => day.slice(5, 7) === month)!

/** Days that are given in lieu where they fall at a weekend: the next weekdays that are not holidays already. */
const inLieu = (days: readonly string[]): readonly string[] => {
  const taken: string[] = []
  for (const day of days) {
    let at = day
    while ([0, 6].includes(weekday(at)) || taken.includes(at)) at = dayAfter(at)
    taken.push(at)
  }
  return taken
}

const expected = (part: (typeof ukParts)[number], year: number): readonly string[] => {
  const sunday = easter(year)
  const common = [daysAfter(sunday, -2), monday(year, '05', 1), lastMonday(year, '05'), ...inLieu([`${year}-12-25`, `${year}-12-26`])]
  const summer = part === 'scotland' ? monday(year, '08', 1) : lastMonday(year, '08')
  const own = {
    'england-and-wales': [daysAfter(sunday, 1), ...inLieu([`${year}-01-01`])],
    scotland: [...inLieu([`${year}-01-01`, `${year}-01-02`]), ...inLieu([`${year}-11-30`]), ...(year === 2026 ? ['2026-06-15'] : [])],
    'northern-ireland': [daysAfter(sunday, 1), ...inLieu([`${year}-01-01`]), ...inLieu([`${year}-03-17`]), ...inLieu([`${year}-07-12`])],
  }[part]
  return [...common, summer, ...own].sort()
}

describe('bank holidays', () => {
  const years = [2025, 2026, 2027, 2028]
  it.each(ukParts.flatMap((part) => years.map((year) => [part, year] as const)))(
    'of %s in %i are those that the rules give',
    (part, year) => {
      expect(bankHolidays[part][year]?.map((date) => `${year}-${date}`)).toEqual(expected(part, year))
    },
  )

  it('are known for the same years in every part', () => {
    for (const part of ukParts) expect(Object.keys(bankHolidays[part])).toEqual(years.map(String))
  })
})

describe('working days', () => {
  it.each([
    ['2026-12-24', 1, '2026-12-29'],
    ['2026-11-20', 1, '2026-11-23'],
    ['2026-11-22', 5, '2026-11-27'],
    ['2027-12-24', 1, '2027-12-29'],
    ['2027-03-25', 2, '2027-03-31'],
  ])('from %s, %i later is %s in England and Wales', (day, count, later) => {
    expect(workingDaysAfter(day, count, englandAndWales)).toBe(later)
  })

  it('end at midnight in London, in summer an hour before midnight UTC', () => {
    expect(endOfWorkingDays('2026-11-20', 1, englandAndWales)).toEqual(new Date('2026-11-24T00:00:00Z'))
    expect(endOfWorkingDays('2026-06-11', 1, englandAndWales)).toEqual(new Date('2026-06-12T23:00:00Z'))
  })

  it('skip the holidays of any part where all parts count', () => {
    expect(workingDaysAfter('2026-11-27', 1, englandAndWales)).toBe('2026-11-30')
    expect(workingDaysAfter('2026-11-27', 1, ukParts)).toBe('2026-12-01')
    expect(isWorkingDay('2026-07-13', englandAndWales)).toBe(true)
    expect(isWorkingDay('2026-07-13', ukParts)).toBe(false)
  })

  it('never fall on Christmas Day, also where its bank holiday is another day', () => {
    expect(isWorkingDay('2027-12-25', englandAndWales)).toBe(false)
    expect(workingDayFrom('2026-12-25', englandAndWales)).toBe('2026-12-29')
    expect(workingDayFrom('2026-12-24', englandAndWales)).toBe('2026-12-24')
  })

  it('end earlier, never later, in years whose holidays nobody knows yet', () => {
    // New Year's Day 2029 is a Monday: it counts here, since nobody has told the list of it.
    expect(workingDaysAfter('2028-12-29', 3, englandAndWales)).toBe('2029-01-03')
    expect([isWorkingDay('2031-01-02', englandAndWales), isWorkingDay('2031-01-04', englandAndWales)]).toEqual([true, false])
    expect(isWorkingDay('2029-12-25', englandAndWales)).toBe(false)
    expect(() => isWorkingDay('2026-02-30', englandAndWales)).toThrow(RangeError)
  })

  it('add up: so many and then one more is one more', () => {
    const days = fc.integer({ min: 0, max: 900 }).map((offset) => daysAfter('2025-06-01', offset))
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 30 }), (day, count) => {
        const once = workingDaysAfter(workingDaysAfter(day, count, ukParts), 1, ukParts)
        expect(once).toBe(workingDaysAfter(day, count + 1, ukParts))
        expect(isWorkingDay(once, ukParts) && once > day).toBe(true)
      }),
    )
  })
})
