import { labelsBelow, plane } from './columns.ts'
import { type Caption, element, label, picture } from './svg.ts'

export interface Line {
  readonly name: string
  /** One for each place; a line is drawn through all of them. */
  readonly values: readonly number[]
}

const styles = ['console-chart__first', 'console-chart__second'] as const
const size = { width: 640, height: 240 }

/** At most two lines over the same places, told apart by dashes and by a name at their end, not by colour alone. */
export const lines = (caption: Caption, labels: readonly string[], given: readonly Line[]): string => {
  const grid = plane(Math.max(0, ...given.flatMap(({ values }) => values)), labels.length)
  const middle = (at: number): number => grid.x(at) + grid.step / 2
  const marks = given.slice(0, styles.length).flatMap(({ name, values }, which) => {
    const points = values.map((value, at) => `${Math.round(middle(at) * 10) / 10},${Math.round(grid.y(value) * 10) / 10}`)
    const only =
      values.length === 1 ? [element('circle', { cx: middle(0), cy: grid.y(values[0]!), r: 4, class: 'console-chart__dot' })] : []
    const key = grid.left + 8 + which * 220
    return [
      element('polyline', { points: points.join(' '), class: styles[which]! }),
      ...only,
      element('line', { x1: key, x2: key + 28, y1: 10, y2: 10, class: styles[which]! }),
      label(name, key + 34, 15),
    ]
  })
  return picture(caption, size, [...grid.lines, ...labelsBelow(labels, middle), ...marks])
}
