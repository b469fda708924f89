import { dayAfter, isDay, londonDay, startOfLondonDay } from '../../../../../core/london.ts'
import { dayIn } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** The instant of a time of day in London; null for what is no time. */
const timeOn = (day: string, time: string): Date | null => {
  const [, hours, minutes] = /^(\d{1,2})[:.](\d{2})$/.exec(time) ?? []
  const at = Date.parse(`${day}T${(hours ?? '').padStart(2, '0')}:${minutes ?? ''}:00Z`)
  if (Number.isNaN(at)) return null
  const summer = new Date(at - 3_600_000)
  return clock.format(summer) === `${hours!.padStart(2, '0')}:${minutes!}` ? summer : new Date(at)
}

/**
 * When it was said. Without a time, what is said today was said before the form was opened, and of another day a refusal counts at its
 * end and a consent at its beginning: of two answers on one day the one that closes is the later. What is no day or time is handed on as
 * it was typed, for the contract to refuse.
 */
export const saidWhen = (form: Form): string | null => {
  const day = dayIn(form, 'happenedOn')
  if (day === null || !isDay(day)) return day
  const time = form.text('happenedTime')
  if (time !== '') return timeOn(day, time)?.toISOString() ?? time
  const openedAt = form.text('openedAt')
  const opened = new Date(openedAt)
  if (Number.isNaN(opened.getTime())) return openedAt
  if (day === londonDay(opened)) return opened.toISOString()
  const closes = form.text('kind') !== 'given' && form.text('kind') !== 'sought'
  return (closes ? new Date(startOfLondonDay(dayAfter(day)).getTime() - 1) : startOfLondonDay(day)).toISOString()
}

/** Consent lasts to the end of its last day. */
export const endsWhen = (form: Form): string | null => {
  const day = dayIn(form, 'expiresOn')
  return day === null || !isDay(day) ? day : startOfLondonDay(dayAfter(day)).toISOString()
}
