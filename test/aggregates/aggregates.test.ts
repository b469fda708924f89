import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aggregateRuleProblems } from '../../src/core/aggregates/aggregate-rules.ts'
import { quarterOf } from '../../src/core/aggregates/quarter.ts'
import { buildPeople } from '../../src/sandbox/people.ts'
import type { Json, Reply } from '../support/ask.ts'
import { shipped } from '../support/facts.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf } from '../support/logged.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
})
afterAll(() => house.close())

const ask = (as: string, breakdown: string, more: Json = {}): Promise<Reply> => house.as(as).post('/v1/aggregates', { breakdown, ...more })
const numbers = (reply: Reply): readonly (number | null)[] => {
  const { counts, rowTotals, columnTotals, total } = reply.body as unknown as Record<string, (number | null)[]>
  return [...(counts as unknown as (number | null)[][]).flat(), ...rowTotals!, ...columnTotals!, total as unknown as number]
}
const cohort = buildPeople().filter(({ basis }) => basis === 'cohort')

describe('published tables', () => {
  it('are counts of the cohort with everything under five suppressed', async () => {
    const reply = await ask('spoc', 'cohort-position')
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ total: cohort.length, smallestCount: 5, rows: expect.arrayContaining(['dyo', 'iom', 'ppo']) })
    expect(numbers(reply).filter((value) => value !== null && value < 5)).toEqual([])
    expect(numbers(reply)).toContain(null)
    const areas = await ask('landlord', 'area-supervision')
    expect(areas.body).toMatchObject({ total: cohort.length, rows: ['calder', 'holme', 'wharfe'] })
  })

  it('are the same for whoever asks and whenever in the quarter, whatever happened meanwhile', async () => {
    const first = await ask('spoc', 'cohort-position')
    await house.database.owner.query({
      text: `update offender set custody_agency_id = 'hmp-stonebeck' where basis = 'cohort' and custody_agency_id is null`,
    })
    const again = await Promise.all(['nurse', 'analyst'].map((as) => ask(as, 'cohort-position', { period: quarterOf(new Date()) })))
    for (const reply of again) expect({ ...reply.body, entryId: '' }).toEqual({ ...first.body, entryId: '' })
    const other = await ask('spoc', 'area-supervision')
    expect(other.body.takenAt).toBe(first.body.takenAt)
  })

  it('were published for a quarter then, or never; no other table and no other period can be asked for', async () => {
    for (const period of ['2020-Q1', '2031-Q4']) expect((await ask('spoc', 'cohort-position', { period })).body.code).toBe('not-found')
    for (const body of [
      { breakdown: 'area-cohort' },
      { breakdown: 'cohort-position', period: '2026-11' },
      { breakdown: 'cohort-position', areaId: 'calder' },
    ])
      expect((await house.as('spoc').post('/v1/aggregates', body)).body.code).toBe('invalid')
  })

  it('are logged, join no record and leave no line in the register', async () => {
    const reply = await ask('spoc', 'cohort-position')
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({ event: 'consultation', offenderId: null, purpose: 'performance', breakdown: 'cohort-position' })
    expect(JSON.stringify(entry)).not.toContain('counts')
    const { rows } = await house.database.owner.query({ text: 'select from disclosure where entry_id = $1', values: [reply.entryId] })
    expect(rows).toEqual([])
    for (const { id } of cohort.slice(0, 20)) expect(reply.text).not.toContain(id)
  })

  it('once published hold no number that was suppressed, in the database either', async () => {
    const { rows } = await house.database.owner.query<{ counts: Json }>({ text: 'select counts from aggregate_publication' })
    expect(rows.length).toBe(2)
    for (const { counts } of rows)
      expect((counts.counts as (number | null)[][]).flat().every((value) => value === null || value >= 5)).toBe(true)
  })

  it('share no heading, so that one cannot be taken from another', async () => {
    const [one, other] = await Promise.all([ask('spoc', 'cohort-position'), ask('spoc', 'area-supervision')])
    const headings = ({ body }: Reply) =>
      [...(body.rows as string[]), ...(body.columns as string[])].filter((name) => name !== 'not-recorded')
    expect(headings(one).filter((name) => headings(other).includes(name))).toEqual([])
  })
})

describe('rules for aggregates', () => {
  it.each([
    ['a smallest count under five', { smallestCount: 4 }],
    ['no table', { breakdowns: [] }],
    ['a table that nobody can count', { breakdowns: [{ id: 'area-cohort', title: 'x', cites: 'x' }] }],
  ])('with %s may not be used', (_, changed) => {
    expect(aggregateRuleProblems({ ...shipped.bundle.change!.aggregates!, ...changed })).toHaveLength(1)
  })

  it('quarters are London’s', () => {
    expect(quarterOf(new Date('2026-03-31T22:59:59Z'))).toBe('2026-Q1')
    expect(quarterOf(new Date('2026-03-31T23:00:00Z'))).toBe('2026-Q2')
    expect(quarterOf(new Date('2026-12-31T23:59:59Z'))).toBe('2026-Q4')
  })
})
