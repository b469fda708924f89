import { isTree } from '../dereference.ts'

/** When the end of something was announced, and from which day it may be gone; calendar days. */
export interface Notice {
  readonly deprecatedOn: string
  readonly sunsetOn: string
}

/** Whoever is built on the contract has at least so long to follow it. */
export const MONTHS_OF_NOTICE = 6

const day = /^\d{4}-\d{2}-\d{2}$/
const isDay = (value: unknown): value is string =>
  typeof value === 'string' && day.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().startsWith(value)

/** The same day of the month `MONTHS_OF_NOTICE` later, or the last one of a shorter month. */
export const firstDayAfterNotice = (on: string): string => {
  const [year, month, date] = on.split('-').map(Number) as [number, number, number]
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + MONTHS_OF_NOTICE + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + MONTHS_OF_NOTICE, Math.min(date, lastOfMonth))).toISOString().slice(0, 10)
}

/** Whether the notice was as long as promised, and is over. */
export const isDue = ({ deprecatedOn, sunsetOn }: Notice, today: string): boolean =>
  sunsetOn >= firstDayAfterNotice(deprecatedOn) && today >= sunsetOn

/**
 * The notice on an operation, a parameter or a member: `deprecated: true` with `x-deprecated-on` and `x-sunset`; null where nothing is
 * deprecated.
 * @throws Error for a notice that is incomplete or shorter than promised
 */
export const noticeOn = (node: unknown, where: string): Notice | null => {
  if (!isTree(node)) return null
  const { deprecated, 'x-deprecated-on': deprecatedOn, 'x-sunset': sunsetOn } = node
  if (deprecated !== true) {
    if (deprecatedOn !== undefined || sunsetOn !== undefined)
      throw new Error(`${where}: x-deprecated-on and x-sunset stand beside deprecated: true`)
    return null
  }
  if (!isDay(deprecatedOn) || !isDay(sunsetOn))
    throw new Error(`${where}: what is deprecated has x-deprecated-on and x-sunset, as YYYY-MM-DD`)
  const first = firstDayAfterNotice(deprecatedOn)
  if (sunsetOn < first) throw new Error(`${where}: deprecated on ${deprecatedOn} it stays until ${first} at least, not ${sunsetOn}`)
  return { deprecatedOn, sunsetOn }
}
