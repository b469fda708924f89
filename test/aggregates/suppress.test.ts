import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CountTable, type PublishedTable, suppress } from '../../src/core/aggregates/suppress.ts'

const smallest = 5
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** Every number of a table in one list: counts, row totals, column totals, the whole. */
const numbersOf = (counts: readonly (readonly number[])[]): readonly number[] => [
  ...counts.flat(),
  ...counts.map(sum),
  ...counts[0]!.map((_, column) => sum(counts.map((line) => line[column]!))),
  sum(counts.flat()),
]
const publishedOf = ({ counts, rowTotals, columnTotals, total }: PublishedTable): readonly (number | null)[] => [
  ...counts.flat(),
  ...rowTotals,
  ...columnTotals,
  total,
]

/**
 * An adversary who knows the published table and nothing else, and tries every table of counts near the true one: where a suppressed
 * number has another value at all, it has one that differs by one. Returns the places that have a single value.
 */
const recovered = ({ counts }: CountTable, published: PublishedTable): readonly number[] => {
  const told = publishedOf(published)
  const truth = numbersOf(counts)
  const open = new Set(told.flatMap((value, place) => (value === null ? [place] : [])))
  const [width, cells] = [counts[0]!.length, counts.flat()]
  const free = cells.flatMap((_, place) => (told[place] === null ? [place] : []))
  const trial = [...cells]
  const attempt = (depth: number): void => {
    if (open.size === 0) return
    if (depth < free.length) {
      const place = free[depth]!
      for (const value of [cells[place]!, cells[place]! + 1, cells[place]! - 1]) {
        if (value < 0) continue
        trial[place] = value
        attempt(depth + 1)
      }
      trial[place] = cells[place]!
      return
    }
    const numbers = numbersOf(counts.map((_, row) => trial.slice(row * width, (row + 1) * width)))
    if (told.some((value, place) => value !== null && value !== numbers[place])) return
    for (const place of open) if (numbers[place] !== truth[place]) open.delete(place)
  }
  attempt(0)
  return [...open]
}

const tableOf = (counts: readonly (readonly number[])[]): CountTable => ({
  rows: counts.map((_, row) => `row-${row}`),
  columns: counts[0]!.map((_, column) => `column-${column}`),
  counts,
})
const tables = fc
  .tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 40 })), { minLength: columns, maxLength: columns }),
      {
        minLength: rows,
        maxLength: rows,
      },
    ),
  )
  .map(tableOf)

/** What a hurried author would do: only the small ones, each by itself. */
const primaryOnly = (table: CountTable): PublishedTable => {
  const kept = (value: number): number | null => (value < smallest ? null : value)
  const { rows, columns, counts } = table
  return {
    ...{ rows, columns, counts: counts.map((line) => line.map(kept)), rowTotals: counts.map((line) => kept(sum(line))) },
    ...{ columnTotals: columns.map((_, column) => kept(sum(counts.map((line) => line[column]!)))), total: kept(sum(counts.flat())) },
  }
}

describe('suppression', () => {
  it('shows no number under five', () => {
    fc.assert(
      fc.property(tables, (table) => {
        for (const value of publishedOf(suppress(table, smallest))) expect(value === null || value >= smallest).toBe(true)
      }),
    )
  })

  it('lets no suppressed number be worked out from rows, columns and totals', () => {
    fc.assert(
      fc.property(tables, (table) => {
        expect(recovered(table, suppress(table, smallest))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('leaves no number under five when what is shown is taken from a total', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { counts, rowTotals } = suppress(table, smallest)
        counts.forEach((line, row) => {
          const gone = line.flatMap((value, column) => (value === null ? [table.counts[row]![column]!] : []))
          if (gone.length > 0 && rowTotals[row] !== null) expect(sum(gone)).toBeGreaterThanOrEqual(smallest)
        })
      }),
    )
  })

  it('always shows the whole, or nothing at all: tables of one period have no other number in common', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const published = suppress(table, smallest)
        const whole = sum(table.counts.flat())
        if (whole < smallest) expect(publishedOf(published).every((value) => value === null)).toBe(true)
        else expect(published.total).toBe(whole)
      }),
    )
  })

  it('keeps what need not go', () => {
    const { counts, total } = suppress(
      tableOf([
        [30, 20],
        [40, 25],
      ]),
      smallest,
    )
    expect([counts, total]).toEqual([
      [
        [30, 20],
        [40, 25],
      ],
      115,
    ])
    const one = suppress(
      tableOf([
        [3, 20, 30],
        [40, 25, 10],
        [50, 60, 70],
      ]),
      smallest,
    )
    expect(one.counts.flat().filter((value) => value === null)).toHaveLength(4)
    expect(one.rowTotals).not.toContain(null)
  })

  it('the adversary of these tests recovers what is suppressed by itself alone (the control)', () => {
    const table = tableOf([
      [3, 20],
      [40, 25],
    ])
    expect(recovered(table, primaryOnly(table))).toEqual([0])
    let broken = 0
    fc.assert(
      fc.property(tables, (one) => {
        broken += recovered(one, primaryOnly(one)).length > 0 ? 1 : 0
      }),
    )
    expect(broken).toBeGreaterThan(10)
  })
})
