import { type Caption, cut, element, label, numberWords, picture } from './svg.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  /** How much of it is drawn darker, such as what was refused. */
  readonly part?: number
  /** Where others stand, drawn as a line across the bar. */
  readonly mark?: number
  /** Stands at the end instead of the number. */
  readonly said?: string
}

const width = 640
const left = 250
const right = 120
const rowHeight = 30

/** Lying bars, one below the other, with their numbers at the end. */
export const bars = (caption: Caption, rows: readonly Bar[], partWords = ''): string => {
  const largest = Math.max(1, ...rows.map(({ value, mark = 0 }) => Math.max(value, mark)))
  const scale = (value: number): number => (value / largest) * (width - left - right)
  const marks = rows.flatMap(({ label: text, value, part, mark, said: given }, at) => {
    const y = at * rowHeight
    const said = given ?? (part === undefined ? numberWords(value) : `${numberWords(value)} (${numberWords(part)} ${partWords})`)
    return [
      label(cut(text, 30), left - 10, y + 20, { 'text-anchor': 'end' }),
      element('rect', {
        x: left,
        y: y + 4,
        width: Math.max(value > 0 ? 1 : 0, scale(value)),
        height: rowHeight - 8,
        class: 'console-chart__bar',
      }),
      ...(part === undefined || part === 0
        ? []
        : [element('rect', { x: left, y: y + 4, width: Math.max(1, scale(part)), height: rowHeight - 8, class: 'console-chart__part' })]),
      ...(mark === undefined
        ? []
        : [
            element('line', {
              x1: left + scale(mark),
              x2: left + scale(mark),
              y1: y + 1,
              y2: y + rowHeight - 1,
              class: 'console-chart__mark',
            }),
          ]),
      label(said, left + Math.max(scale(value), scale(mark ?? 0)) + 8, y + 20),
    ]
  })
  return picture(caption, { width, height: Math.max(rowHeight, rows.length * rowHeight) }, marks)
}
