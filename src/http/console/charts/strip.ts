import { type Caption, cut, element, label, picture } from './svg.ts'

/** What was so for a time. */
export interface Stretch {
  readonly from: Date
  /** Null: it is so still. */
  readonly to: Date | null
  readonly label: string
  readonly tone: 'good' | 'bad' | 'plain'
}

export interface Lane {
  readonly name: string
  readonly stretches: readonly Stretch[]
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'short', year: 'numeric' })

const width = 640
const left = 90
const laneHeight = 44

/** Lanes over one stretch of time, from the first instant that is known until now. */
export const strip = (caption: Caption, lanes: readonly Lane[], now: Date): string => {
  const starts = lanes.flatMap(({ stretches }) => stretches.map(({ from }) => from.getTime()))
  const first = Math.min(now.getTime() - 1, ...starts)
  const place = (at: Date): number =>
    left + ((Math.min(at.getTime(), now.getTime()) - first) / (now.getTime() - first)) * (width - left - 8)
  const marks = lanes.flatMap(({ name, stretches }, at) => {
    const y = at * laneHeight
    return [
      label(name, left - 10, y + 26, { 'text-anchor': 'end' }),
      ...stretches.flatMap(({ from, to, label: text, tone }) => {
        const [x, end] = [place(from), place(to ?? now)]
        const room = Math.floor((end - x - 8) / 8)
        return [
          element('rect', { x, y: y + 6, width: Math.max(2, end - x - 1), height: laneHeight - 14, class: `console-chart__${tone}` }),
          ...(room >= 4 ? [label(cut(text, room), x + 6, y + 26, { class: 'console-chart__text console-chart__text--light' })] : []),
        ]
      }),
    ]
  })
  const floor = lanes.length * laneHeight
  const ends = [label(dayFormat.format(first), left, floor + 18), label('today', width - 8, floor + 18, { 'text-anchor': 'end' })]
  return picture(caption, { width, height: floor + 26 }, lanes.length === 0 ? [] : [...marks, ...ends])
}
