/**
 * The one spelling of a JSON value (RFC 8785): keys sorted by UTF-16 code units, numbers as ECMAScript writes them, no white
 * space. What has no such spelling is refused, because a hash over a guess proves nothing: undefined, NaN, infinities, big
 * integers, lone surrogates, holes in arrays, cycles, and objects that are not plain (a Date would become `{}`).
 */
export const canonicalJson = (value: unknown): string => {
  try {
    return JSON.stringify(ordered(value, 0))
  } catch (cause) {
    if (cause === awkward) return spell(value, 0)
    throw cause
  }
}

/** Deeper than anything that is written here; a cycle ends at it. */
const MOST_DEPTH = 64

/** The same value with every object's members in order, checked on the way; the engine's own writer then spells it. */
const ordered = (value: unknown, depth: number): unknown => {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('A lone surrogate has no canonical form')
      return value
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`)
      return value
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      if (depth > MOST_DEPTH) throw new TypeError('JSON has no cycles, and nothing this deep is written')
      return Array.isArray(value) ? orderedArray(value, depth) : orderedObject(value, depth)
    default:
      throw new TypeError(`JSON has no ${typeof value}`)
  }
}

const orderedArray = (values: readonly unknown[], depth: number): readonly unknown[] => {
  let copy: unknown[] | null = null
  // An index loop meets the holes that the iteration methods pass over.
  for (let i = 0; i < values.length; i++) {
    const member = ordered(values[i], depth + 1)
    if (copy === null && member !== values[i]) copy = values.slice(0, i)
    copy?.push(member)
  }
  return copy ?? values
}

/** The very same object where everything in it is in order already: most of what is written is built so. */
const orderedObject = (value: object, depth: number): object => {
  const members = plainMembers(value)
  const keys = Object.keys(members)
  let copy: Record<string, unknown> | null = isSorted(keys) ? null : {}
  // Array.prototype.sort compares UTF-16 code units, as RFC 8785 section 3.2.3 asks; a locale's order would not.
  if (copy !== null) keys.sort()
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    if (!key.isWellFormed()) throw new TypeError('A lone surrogate has no canonical form')
    if (isAwkward(key)) throw awkward
    const member = ordered(members[key], depth + 1)
    if (copy === null && member !== members[key]) copy = Object.fromEntries(keys.slice(0, i).map((before) => [before, members[before]]))
    if (copy !== null) copy[key] = member
  }
  return copy ?? value
}

const plainMembers = (value: object): Readonly<Record<string, unknown>> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('Only plain objects have a canonical form')
  return value as Readonly<Record<string, unknown>>
}

const isSorted = (keys: readonly string[]): boolean => {
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return false
  return true
}

/** Objects put keys that look like array indexes first, in number order, and take `__proto__` for a setter. */
const isAwkward = (key: string): boolean => (key.charCodeAt(0) <= 57 && /^\d+$/.test(key)) || key === '__proto__'

const awkward = new Error('a key that objects keep in another order')

/** The same spelling without the help of an object's own order; only for values with awkward keys. */
const spell = (value: unknown, depth: number): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(ordered(value, depth))
  if (depth > MOST_DEPTH) throw new TypeError('JSON has no cycles, and nothing this deep is written')
  if (Array.isArray(value)) return `[${Array.from(value, (item) => spell(item, depth + 1)).join(',')}]`
  const members = plainMembers(value)
  const keys = Object.keys(members).sort()
  return `{${keys.map((key) => `${spell(key, depth)}:${spell(members[key], depth + 1)}`).join(',')}}`
}
