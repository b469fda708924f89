import { type Caption, cut, element, label, numberWords, picture } from './svg.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  /** How much of it is drawn darker, such as what was refused. */
  readonly part?: number
}

const width = 640
const left = 220
const right = 120
const rowHeight = 30

/** Lying bars, one below the other, with their numbers at the end. */
export const bars = (caption: Caption, rows: readonly Bar[], partWords = ''): string => {
  const largest = Math.max(1, ...rows.map(({ value }) => value))
  const scale = (value: number): number => (value / largest) * (width - left - right)
  const marks = rows.flatMap(({ label: text, value, part }, at) => {
    const y = at * rowHeight
    const said = part === undefined ? numberWords(value) : `${numberWords(value)} (${numberWords(part)} ${partWords})`
    return [
      label(cut(text, 26), left - 10, y + 20, { 'text-anchor': 'end' }),
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
      label(said, left + scale(value) + 8, y + 20),
    ]
  })
  return picture(caption, { width, height: Math.max(rowHeight, rows.length * rowHeight) }, marks)
}
