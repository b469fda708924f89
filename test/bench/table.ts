/** One measured figure; a goal only where the figure is a ratio that has one. */
export interface Row {
  readonly what: string
  readonly value: number
  readonly goal?: string
  readonly met?: boolean
  readonly note?: string
}

export const printRows = (rows: readonly Row[]): string =>
  rows
    .map((row) => {
      const figure = row.value >= 100 ? row.value.toFixed(0) : row.value.toFixed(2)
      const goal = row.goal === undefined ? '' : `  goal ${row.goal}: ${row.met === true ? 'met' : 'MISSED'}`
      return `${row.what.padEnd(58)} ${figure.padStart(10)}${goal}${row.note === undefined ? '' : `  (${row.note})`}`
    })
    .join('\n')
