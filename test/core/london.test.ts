import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ageOn, birthday, dayAfter, daysAfter, eighteenthBirthday, isDay, londonDay, startOfLondonDay } from '../../src/core/london.ts'

const at = (text: string): Date => new Date(text)

describe('the London day', () => {
  it.each([
    ['2026-03-28T23:59:59.999Z', '2026-03-28', 'the last instant before the day on which the clocks go forward'],
    ['2026-03-29T00:00:00.000Z', '2026-03-29', 'that day still begins at midnight UTC'],
    ['2026-03-29T22:59:59.999Z', '2026-03-29', 'and is 23 hours long'],
    ['2026-03-29T23:00:00.000Z', '2026-03-30', 'the next begins at 23:00 UTC'],
    ['2026-03-31T22:59:59.999Z', '2026-03-31', 'in summer the day ends an hour earlier by UTC'],
    ['2026-03-31T23:00:00.000Z', '2026-04-01', 'in summer 1 April begins at 23:00 UTC on 31 March'],
    ['2026-10-24T22:59:59.999Z', '2026-10-24', 'the last instant before the day on which the clocks go back'],
    ['2026-10-24T23:00:00.000Z', '2026-10-25', 'that day still begins at 23:00 UTC'],
    ['2026-10-25T23:59:59.999Z', '2026-10-25', 'and is 25 hours long'],
    ['2026-10-26T00:00:00.000Z', '2026-10-26', 'the next begins at midnight UTC'],
  ])('%s is %s: %s', (instant, day) => {
    expect(londonDay(at(instant))).toBe(day)
  })

  it.each([
    ['2026-03-29', '2026-03-29T00:00:00.000Z', 23],
    ['2026-03-30', '2026-03-29T23:00:00.000Z', 24],
    ['2026-10-25', '2026-10-24T23:00:00.000Z', 25],
    ['2026-10-26', '2026-10-26T00:00:00.000Z', 24],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', 24],
    ['1970-01-01', '1969-12-31T23:00:00.000Z', 24],
  ])('%s begins at %s and lasts %i hours', (day, start, hours) => {
    const begins = startOfLondonDay(day)
    expect(begins.toISOString()).toBe(start)
    expect((startOfLondonDay(dayAfter(day)).getTime() - begins.getTime()) / 3_600_000).toBe(hours)
  })

  it('agrees with the time zone database at any instant, remembered or not', () => {
    const civil = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' })
    fc.assert(
      fc.property(fc.date({ min: at('1990-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z'), noInvalidDate: true }), (instant) => {
        const day = londonDay(instant)
        expect(day).toBe(civil.format(instant))
        const begins = startOfLondonDay(day)
        expect(londonDay(begins)).toBe(day)
        expect(londonDay(new Date(begins.getTime() - 1))).toBe(daysAfter(day, -1))
      }),
    )
  })
})

describe('days and ages', () => {
  it.each([
    ['2026-02-28', '2026-03-01'],
    ['2028-02-28', '2028-02-29'],
    ['2026-12-31', '2027-01-01'],
    ['2026-03-28', '2026-03-29'],
    ['2026-10-24', '2026-10-25'],
  ])('after %s comes %s', (day, next) => {
    expect(dayAfter(day)).toBe(next)
  })

  it.each([
    ['2008-11-21', '2026-11-20', 17],
    ['2008-11-21', '2026-11-21', 18],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2008-02-29', '2024-02-29', 16],
    ['2026-11-22', '2026-11-21', -1],
  ])('born on %s, on %s the age is %i', (born, day, age) => {
    expect(ageOn(born, day)).toBe(age)
  })

  it('attains 18 at the commencement of the anniversary', () => {
    expect(eighteenthBirthday('2008-11-21')).toBe('2026-11-21')
    expect(eighteenthBirthday('2008-02-29')).toBe('2026-03-01')
    expect(birthday('2008-02-29', 16)).toBe('2024-02-29')
  })

  it('has the age attained on the birthday and not the day before', () => {
    const days = fc.integer({ min: 0, max: 25_000 }).map((n) => daysAfter('1950-01-01', n))
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 90 }), (born, age) => {
        expect(ageOn(born, birthday(born, age))).toBe(age)
        expect(ageOn(born, daysAfter(birthday(born, age), -1))).toBe(age - 1)
      }),
    )
  })

  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '21/11/2026', '', '2026-11-21T00:00:00Z'])('refuses %j as a day', (text) => {
    expect(isDay(text)).toBe(false)
    expect(() => startOfLondonDay(text)).toThrow(RangeError)
    expect(() => ageOn(text, '2026-01-01')).toThrow(RangeError)
  })
})
