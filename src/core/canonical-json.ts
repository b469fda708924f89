/**
 * The one spelling of a JSON value (RFC 8785): keys sorted by UTF-16 code units, numbers as ECMAScript writes them, no white
 * space. What has no such spelling is refused, because a hash over a guess proves nothing: undefined, NaN, infinities, big
 * integers, lone surrogates, holes in arrays, cycles, and objects that are not plain (a Date would become `{}`).
 */
export const canonicalJson = (value: unknown): string => write(value, [])

const write = (value: unknown, within: readonly object[]): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeString(value)
  if (typeof value === 'number') return writeNumber(value)
  if (typeof value !== 'object') throw new TypeError(`JSON has no ${typeof value}`)
  if (within.includes(value)) throw new TypeError('JSON has no cycles')
  const inside = [...within, value]
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, inside)).join(',')}]`
  return writeObject(value, inside)
}

const writeObject = (value: object, inside: readonly object[]): string => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('Only plain objects have a canonical form')
  const members = Object.entries(value as Record<string, unknown>)
  // Array.prototype.sort compares UTF-16 code units, as RFC 8785 section 3.2.3 asks; a locale's order would not.
  const keys = members.map(([key]) => key).sort()
  const byKey = new Map(members)
  return `{${keys.map((key) => `${writeString(key)}:${write(byKey.get(key), inside)}`).join(',')}}`
}

const writeString = (text: string): string => {
  if (!text.isWellFormed()) throw new TypeError('A lone surrogate has no canonical form')
  return JSON.stringify(text)
}

const writeNumber = (number: number): string => {
  if (!Number.isFinite(number)) throw new TypeError(`JSON has no ${number}`)
  return JSON.stringify(number)
}
