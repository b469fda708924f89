import type { CountTable } from './suppress.ts'

/** One number of a table: a count, the total of a row or of a column, or the grand total. */
export interface Place {
  readonly kind: 'cell' | 'row-total' | 'column-total' | 'total'
  /** -1 where the number belongs to none. */
  readonly row: number
  readonly column: number
  readonly value: number
}

export const placesOf = ({ rows, columns, counts }: CountTable): readonly Place[] => {
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
  return [
    ...counts.flatMap((line, row) => line.map((value, column): Place => ({ kind: 'cell', row, column, value }))),
    ...rows.map((_, row): Place => ({ kind: 'row-total', row, column: -1, value: sum(counts[row]!) })),
    ...columns.map((_, column): Place => ({ kind: 'column-total', row: -1, column, value: sum(counts.map((line) => line[column]!)) })),
    { kind: 'total', row: -1, column: -1, value: sum(counts.flat()) },
  ]
}

/** A table's sums are a circulation: the whole flows into the rows, through the cells into the columns, and back. */
const endsOf = ({ kind, row, column }: Place): readonly [string, string] => {
  if (kind === 'cell') return [`row ${row}`, `column ${column}`]
  if (kind === 'row-total') return ['whole', `row ${row}`]
  return kind === 'column-total' ? [`column ${column}`, 'sum'] : ['sum', 'whole']
}

/**
 * Whether a hidden number has one possible value only, given everything that is not hidden and that no count is negative. It has
 * another exactly where some hidden numbers can be raised and lowered by one along a circle through it (the sums are totally
 * unimodular): each may be raised, and lowered where it is not 0.
 */
export const isDetermined = (places: readonly Place[], hidden: ReadonlySet<Place>, asked: Place): boolean => {
  const [from, to] = endsOf(asked)
  const others = places.filter((place) => hidden.has(place) && place !== asked)
  const raised = leads(others, to, from)
  const lowered = asked.value > 0 && leads(others, from, to)
  return !raised && !lowered
}

const leads = (places: readonly Place[], start: string, goal: string): boolean => {
  const reached = new Set([start])
  for (const at of reached) {
    if (at === goal) return true
    for (const place of places) {
      const [from, to] = endsOf(place)
      if (from === at) reached.add(to)
      if (to === at && place.value > 0) reached.add(from)
    }
  }
  return false
}
