import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ukParts } from '../../src/core/calendar/bank-holidays.ts'
import { foiDueOn, latestEstimateOn } from '../../src/core/foi/foi-clock.ts'
import { dayAfter, daysAfter } from '../../src/core/london.ts'
import { englandAndWales, isWorkingDay, workingDaysAfter } from '../../src/core/working-days.ts'
import { shipped } from '../support/facts.ts'

const { clock } = shipped.bundle.change!.foi!
const dueOn = (receivedOn: string, clarifiedOn: string | null = null): string => foiDueOn(clock, { receivedOn, clarifiedOn })

describe('the twenty working days', () => {
  it.each([
    ['with no holiday between', '2026-09-01', '2026-09-29'],
    ['received on a Saturday, as on the Friday before', '2026-09-05', '2026-10-02'],
    ['over Easter, with the Monday that is no holiday in Scotland', '2026-03-20', '2026-04-21'],
    ['over St Patrick’s Day, a holiday in Northern Ireland only', '2026-03-02', '2026-03-31'],
    ['over 12 July, kept on the Monday in Northern Ireland only', '2026-07-01', '2026-07-30'],
    ['over 12 July 2027, itself a Monday', '2027-07-01', '2027-07-30'],
    ['over the first Monday of August, a holiday in Scotland only, and the last', '2026-07-31', '2026-09-01'],
    ['over St Andrew’s Day, a holiday in Scotland only', '2026-11-16', '2026-12-15'],
    ['over Christmas and the second of January, a holiday in Scotland only', '2027-12-20', '2028-01-21'],
    ['over Christmas 2026, with Boxing Day in lieu', '2026-12-14', '2027-01-15'],
    ['over a Christmas Day at a weekend', '2027-12-01', '2027-12-31'],
    ['over the day proclaimed for Scotland in June 2026', '2026-06-08', '2026-07-07'],
  ])('%s: %s is due on %s', (_what, received, due) => {
    expect(dueOn(received)).toBe(due)
  })

  it('would be over too early by the holidays of England and Wales alone', () => {
    for (const received of ['2026-03-02', '2026-07-01', '2026-11-16'])
      expect(workingDaysAfter(received, clock.workingDays, englandAndWales) < dueOn(received)).toBe(true)
  })

  it('begin again when the requester has said what was asked, and not earlier than the request', () => {
    expect(dueOn('2026-09-01', '2026-09-10')).toBe(dueOn('2026-09-10'))
    expect(dueOn('2026-09-10', '2026-09-01')).toBe(dueOn('2026-09-10'))
  })

  it('end earlier, never later, where the holidays of a year are not known yet', () => {
    // With New Year's Day and Scotland's second day it would be the 23rd.
    expect(dueOn('2028-12-20')).toBe('2029-01-19')
  })

  it('are twenty, of which none is a holiday anywhere; the extension is twenty more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_150 }), (offset) => {
        const received = daysAfter('2025-06-01', offset)
        const due = dueOn(received)
        let [worked, day] = [0, received]
        while (day < due) {
          day = dayAfter(day)
          if (isWorkingDay(day, ukParts)) worked += 1
        }
        expect([worked, isWorkingDay(due, ukParts)]).toEqual([20, true])
        expect(latestEstimateOn(clock, due)).toBe(workingDaysAfter(received, 40, ukParts))
      }),
    )
  })
})
