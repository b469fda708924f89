import { isDetermined, type Place, placesOf } from './recoverable.ts'

/** Counts in rows and columns. Totals are of what stands here, so that they cannot be anything else. */
export interface CountTable {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** `counts[row][column]`, whole numbers from 0. */
  readonly counts: readonly (readonly number[])[]
}

/** The same table as it may be shown; null: suppressed. */
export interface PublishedTable {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly counts: readonly (readonly (number | null)[])[]
  readonly rowTotals: readonly (number | null)[]
  readonly columnTotals: readonly (number | null)[]
  readonly total: number | null
}

/**
 * Suppresses every count under `smallest`, then as many others as it takes: nothing suppressed can be worked out from rows, columns
 * and totals, and nothing published taken from a total leaves a number that would itself have been suppressed. The grand total is
 * shown in every table of a period or in none, so it is never what is given up; where nothing less would do, it is all that is shown.
 */
export const suppress = (table: CountTable, smallest: number): PublishedTable => {
  const places = placesOf(table)
  const grand = places.find(({ kind }) => kind === 'total')!
  const inner = places.filter((place) => place !== grand)
  // Fewer people than a single count may tell of: nothing is said but that.
  if (grand.value < smallest) return shown(table, new Set(places))
  const hidden = new Set(inner.filter(({ value }) => value < smallest))
  for (;;) {
    const faulty = faultyLines(places, hidden, smallest)
    if (faulty === null) return shown(table, hidden)
    const left = (of: readonly Place[]): readonly Place[] => of.filter((place) => !hidden.has(place) && place !== grand)
    const more = cheapest(places, hidden, left(faulty)) ?? cheapest(places, hidden, left(inner))
    if (more === null) return shown(table, new Set(inner))
    hidden.add(more)
  }
}

/** The sums that still give something away; null when none does. */
const faultyLines = (places: readonly Place[], hidden: ReadonlySet<Place>, smallest: number): readonly Place[] | null => {
  for (const line of linesOf(places)) {
    const gone = line.parts.filter((part) => hidden.has(part))
    const left = gone.reduce((sum, { value }) => sum + value, 0)
    if (gone.length > 0 && !hidden.has(line.sum) && (gone.length === 1 || left < smallest)) return [...line.parts, line.sum]
  }
  const known = [...hidden].find((place) => isDetermined(places, hidden, place))
  if (known === undefined) return null
  return linesOf(places)
    .filter(({ parts, sum }) => parts.includes(known) || sum === known)
    .flatMap(({ parts, sum }) => [...parts, sum])
}

interface Line {
  readonly parts: readonly Place[]
  readonly sum: Place
}

/** Every row with its total, every column with its total, and both kinds of totals with the grand total. */
const linesOf = (places: readonly Place[]): readonly Line[] => {
  const of = (kind: Place['kind']): readonly Place[] => places.filter((place) => place.kind === kind)
  const [cells, rowTotals, columnTotals, [grand]] = [of('cell'), of('row-total'), of('column-total'), of('total')]
  return [
    ...rowTotals.map((sum) => ({ sum, parts: cells.filter(({ row }) => row === sum.row) })),
    ...columnTotals.map((sum) => ({ sum, parts: cells.filter(({ column }) => column === sum.column) })),
    { sum: grand!, parts: rowTotals },
    { sum: grand!, parts: columnTotals },
  ]
}

/** The least is lost with a count before a total, with one that mends two lines at once, and with the smallest number. */
const cheapest = (places: readonly Place[], hidden: ReadonlySet<Place>, choice: readonly Place[]): Place | null => {
  const lone = linesOf(places).filter(({ parts, sum }) => !hidden.has(sum) && parts.filter((part) => hidden.has(part)).length === 1)
  const mends = (place: Place): number => lone.filter(({ parts }) => parts.includes(place)).length
  const order = (left: Place, right: Place): number =>
    Number(left.kind !== 'cell') - Number(right.kind !== 'cell') || mends(right) - mends(left) || left.value - right.value
  return [...choice].sort(order)[0] ?? null
}

const shown = ({ rows, columns, counts }: CountTable, hidden: ReadonlySet<Place>): PublishedTable => {
  const gone = new Set([...hidden].map(({ kind, row, column }) => `${kind} ${row} ${column}`))
  const tell = (kind: Place['kind'], row: number, column: number, value: number): number | null =>
    gone.has(`${kind} ${row} ${column}`) ? null : value
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
  return {
    ...{ rows, columns },
    counts: counts.map((line, row) => line.map((value, column) => tell('cell', row, column, value))),
    rowTotals: counts.map((line, row) => tell('row-total', row, -1, sum(line))),
    columnTotals: columns.map((_, column) => tell('column-total', -1, column, sum(counts.map((line) => line[column]!)))),
    total: tell('total', -1, -1, sum(counts.flat())),
  }
}
