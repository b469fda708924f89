/** Calendar days in London. Every deadline of the partnership is civil time there, so a day has 23, 24 or 25 hours. */

const hour = 3_600_000
const civil = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit' })
const dayOfHour = new Map<number, string>()
const remembered = 8192

/**
 * The London calendar day at an instant, as `YYYY-MM-DD`. London's clock differs from UTC by whole hours, so the day is
 * the same throughout an hour of UTC and is remembered by it: the formatter costs more than a whole decision.
 */
export const londonDay = (at: Date): string => {
  const hours = Math.floor(at.getTime() / hour)
  const known = dayOfHour.get(hours)
  if (known !== undefined) return known
  const day = civil.format(at)
  if (dayOfHour.size >= remembered) dayOfHour.clear()
  dayOfHour.set(hours, day)
  return day
}

/** 00:00 in London on that day. The clocks change at 01:00 UTC, so midnight is never missing and never happens twice. */
export const startOfLondonDay = (day: string): Date => {
  const utcMidnight = startOfUtcDay(day)
  const anHourBefore = new Date(utcMidnight - hour)
  return londonDay(anHourBefore) === day ? anHourBefore : new Date(utcMidnight)
}

/** Is this text a day that exists, written `YYYY-MM-DD`? */
export const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

export const dayAfter = (day: string): string => daysAfter(day, 1)

/** Calendar days later (or earlier, when negative); a change of clocks does not count. */
export const daysAfter = (day: string, days: number): string => {
  const at = new Date(startOfUtcDay(day))
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** Completed years on a day. Negative before birth. */
export const ageOn = (bornOn: string, day: string): number => {
  startOfUtcDay(bornOn)
  startOfUtcDay(day)
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return day.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/**
 * The day on which an age is attained: "at the commencement of the relevant anniversary of the date of his birth"
 * (Family Law Reform Act 1969 s.9). Who was born on 29 February attains it on 1 March of a common year.
 */
export const birthday = (bornOn: string, age: number): string => {
  startOfUtcDay(bornOn)
  const anniversary = `${String(Number(bornOn.slice(0, 4)) + age).padStart(4, '0')}${bornOn.slice(4)}`
  return bornOn.endsWith('-02-29') && !isDay(anniversary) ? `${anniversary.slice(0, 4)}-03-01` : anniversary
}

export const sixteenthBirthday = (bornOn: string): string => birthday(bornOn, 16)
export const eighteenthBirthday = (bornOn: string): string => birthday(bornOn, 18)

/** Days already checked: there are some 40,000 in a lifetime, and a decision asks about the same few again and again. */
const checkedDays = new Map<string, number>()
const mostCheckedDays = 65_536

const startOfUtcDay = (day: string): number => {
  const checked = checkedDays.get(day)
  if (checked !== undefined) return checked
  if (!isDay(day)) throw new RangeError(`Not a calendar day written YYYY-MM-DD: ${day}`)
  const start = Date.parse(`${day}T00:00:00Z`)
  if (checkedDays.size >= mostCheckedDays) checkedDays.clear()
  checkedDays.set(day, start)
  return start
}
