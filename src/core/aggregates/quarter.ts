import { londonDay } from '../london.ts'

/** The quarter of the calendar year that an instant falls into in London, written `2026-Q4`. */
export const quarterOf = (at: Date): string => {
  const day = londonDay(at)
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}
