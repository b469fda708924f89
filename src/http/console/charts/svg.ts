const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it may stand between tags and between quotes; what no document may hold is left out. */
export const escapeText = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replaceAll(/[&<>"']/g, (character) => entities[character]!)

type Attributes = Readonly<Record<string, string | number>>

/** An element; its attributes are escaped, its children are markup already. */
export const element = (name: string, attributes: Attributes, ...children: readonly string[]): string => {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeText(typeof value === 'number' ? short(value) : value)}"`,
  )
  return children.length === 0 ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${children.join('')}</${name}>`
}

/** Two places suffice for what a screen shows. */
const short = (value: number): string => String(Math.round(value * 100) / 100)

/** Words in a picture. */
export const label = (text: string, x: number, y: number, more: Attributes = {}): string =>
  element('text', { x, y, class: 'console-chart__text', ...more }, escapeText(text))

/** What every picture says of itself: `id` is unique on its page. */
export interface Caption {
  readonly id: string
  readonly title: string
  /** The same in a sentence, for who does not see it. */
  readonly says: string
}

/** A picture with its text alternative. The numbers stand in a table beside it. */
export const picture = (
  { id, title, says }: Caption,
  size: { readonly width: number; readonly height: number },
  marks: readonly string[],
) =>
  element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'console-chart',
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-says`,
      viewBox: `0 0 ${short(size.width)} ${short(size.height)}`,
    },
    element('title', { id: `${id}-title` }, escapeText(title)),
    element('desc', { id: `${id}-says` }, escapeText(says)),
    ...marks,
  )

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const largeNumbers = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 })

/** In full up to 99,999, then short: 1.2m. */
export const numberWords = (value: number): string => (Math.abs(value) < 100_000 ? numbers : largeNumbers).format(value)

const segmenter = new Intl.Segmenter('en-GB')

/** A label that would not fit, cut by characters as people see them. */
export const cut = (text: string, most: number): string => {
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment)
  if (characters.length <= most) return text
  return `${characters
    .slice(0, most - 1)
    .join('')
    .trimEnd()}…`
}

/** Whole numbers from 0 up to one that is not below the largest, at steps of 1, 2 or 5 times a power of ten. */
export const ticksUpTo = (largest: number, most = 4): readonly number[] => {
  const wanted = Math.max(1, Math.ceil(largest)) / most
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((one) => one * power).find((one) => one >= wanted)!,
  )
  const count = Math.max(1, Math.ceil(largest / step))
  return Array.from({ length: count + 1 }, (_, at) => at * step)
}
