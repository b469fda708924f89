import { type Caption, cut, element, label, numberWords, picture } from './svg.ts'

export interface Matrix {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** Row by row; what is missing is 0. */
  readonly values: readonly (readonly number[])[]
}

const left = 200
const cellHeight = 30
const headHeight = 128

/** Rows by columns: each number in its cell, the darker the larger. */
export const matrix = (caption: Caption, { rows, columns, values }: Matrix): string => {
  const cellWidth = Math.max(44, Math.min(80, 440 / Math.max(1, columns.length)))
  const largest = values.reduce((most, row) => Math.max(most, ...row), 1)
  const heads = columns.map((text, at) => {
    const [x, y] = [left + at * cellWidth + cellWidth / 2 + 5, headHeight - 8]
    return label(cut(text, 16), x, y, { transform: `rotate(-60 ${Math.round(x)} ${y})` })
  })
  const cell = (value: number, place: number, y: number): readonly string[] => {
    const shade = value / largest
    const x = left + place * cellWidth
    const box = {
      x: x + 1,
      y: y + 1,
      width: cellWidth - 2,
      height: cellHeight - 2,
      class: 'console-chart__cell',
      'fill-opacity': shade * 0.9,
    }
    const dark = shade > 0.65 ? ' console-chart__text--light' : ''
    return [
      element('rect', box),
      label(value === 0 ? '–' : numberWords(value), x + cellWidth / 2, y + 20, {
        'text-anchor': 'middle',
        class: `console-chart__text${dark}`,
      }),
    ]
  }
  const cells = rows.flatMap((text, at) => {
    const y = headHeight + at * cellHeight
    return [
      label(cut(text, 23), left - 10, y + 20, { 'text-anchor': 'end' }),
      ...columns.flatMap((_, place) => cell(values[at]?.[place] ?? 0, place, y)),
    ]
  })
  const width = left + Math.max(1, columns.length) * cellWidth + 70
  return picture(caption, { width, height: headHeight + Math.max(1, rows.length) * cellHeight }, [...heads, ...cells])
}
