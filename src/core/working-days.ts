import { bankHolidays, type UkPart } from './calendar/bank-holidays.ts'
import { dayAfter, startOfLondonDay } from './london.ts'

/** Where the partnership's own clocks run. Freedom of information counts the holidays of any part of the United Kingdom (FOIA s.10(6)). */
export const englandAndWales: readonly UkPart[] = ['england-and-wales']

const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

/**
 * Is this London calendar day neither at a weekend, nor Good Friday, nor Christmas Day, nor a bank holiday in any of the parts?
 * Of a year that is not in the list only weekends and Christmas Day are known: a clock then ends earlier than it might, never later,
 * and an emergency is not refused for want of a calendar.
 * @throws RangeError for a day that is none
 */
export const isWorkingDay = (day: string, parts: readonly UkPart[]): boolean => {
  startOfLondonDay(day)
  const [year, date] = [day.slice(0, 4), day.slice(5)]
  // Christmas Day itself, where the bank holiday is another day because it falls at a weekend.
  return !isWeekend(day) && date !== '12-25' && !parts.some((part) => bankHolidays[part][year]?.includes(date))
}

/** The working day that is so many working days after a day; the day itself does not count, whatever it is. */
export const workingDaysAfter = (day: string, count: number, parts: readonly UkPart[]): string => {
  let at = day
  for (let left = count; left > 0;) {
    at = dayAfter(at)
    if (isWorkingDay(at, parts)) left -= 1
  }
  return at
}

/** The day itself where it is a working day, else the next that is. */
export const workingDayFrom = (day: string, parts: readonly UkPart[]): string =>
  isWorkingDay(day, parts) ? day : workingDaysAfter(day, 1, parts)

/** The instant at which so many working days are over: midnight in London after the last of them. */
export const endOfWorkingDays = (day: string, count: number, parts: readonly UkPart[]): Date =>
  startOfLondonDay(dayAfter(workingDaysAfter(day, count, parts)))
