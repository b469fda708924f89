import { type Caption, cut, element, label, numberWords, picture, ticksUpTo } from './svg.ts'

export interface Column {
  readonly label: string
  readonly value: number
  readonly part?: number
}

const size = { width: 640, height: 240 }
const frame = { left: 56, right: 12, top: 12, bottom: 34 }
/** As many labels as stand beside one another without touching. */
const MOST_LABELS = 6

/** Where the numbers of a picture with a floor and a left edge stand. */
export const plane = (largest: number, places: number) => {
  const ticks = ticksUpTo(largest)
  const top = ticks.at(-1)!
  const [inWidth, inHeight] = [size.width - frame.left - frame.right, size.height - frame.top - frame.bottom]
  const step = inWidth / Math.max(1, places)
  return {
    step,
    floor: size.height - frame.bottom,
    left: frame.left,
    x: (at: number): number => frame.left + at * step,
    y: (value: number): number => size.height - frame.bottom - (value / top) * inHeight,
    lines: ticks.flatMap((tick) => {
      const y = size.height - frame.bottom - (tick / top) * inHeight
      return [
        element('line', { x1: frame.left, x2: size.width - frame.right, y1: y, y2: y, class: 'console-chart__line' }),
        label(numberWords(tick), frame.left - 8, y + 5, { 'text-anchor': 'end' }),
      ]
    }),
  }
}

/** The first, the last and some between them: never so many that they would run into one another. */
export const labelsBelow = (labels: readonly string[], middle: (at: number) => number): readonly string[] => {
  const every = Math.max(1, Math.ceil(labels.length / MOST_LABELS))
  return labels.flatMap((text, at) => {
    if (at % every !== 0) return []
    // The outermost would stand over the edge of the picture.
    const anchor = labels.length > MOST_LABELS && at === 0 ? 'start' : 'middle'
    return [label(cut(text, 14), Math.min(middle(at), size.width - 44), size.height - 10, { 'text-anchor': anchor })]
  })
}

/** Standing columns in their order: counts by day, or a histogram, whose columns touch. */
export const columns = (caption: Caption, given: readonly Column[], touching = false): string => {
  const { step, floor, x, y, lines } = plane(Math.max(0, ...given.map(({ value }) => value)), given.length)
  const gap = touching ? 1 : Math.min(6, step * 0.25)
  const most = Math.min(step - gap, 64)
  const column = (at: number, value: number, name: string): string =>
    element('rect', {
      x: x(at) + (step - most) / 2,
      y: y(value),
      width: Math.max(1, most),
      height: Math.max(0, floor - y(value)),
      class: name,
    })
  const marks = given.flatMap(({ value, part = 0 }, at) => [
    ...(value > 0 ? [column(at, value, 'console-chart__bar')] : []),
    ...(part > 0 ? [column(at, part, 'console-chart__part')] : []),
  ])
  const below = labelsBelow(
    given.map((one) => one.label),
    (at) => x(at) + step / 2,
  )
  return picture(caption, size, [...lines, ...marks, ...below])
}
