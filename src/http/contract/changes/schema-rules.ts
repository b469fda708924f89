/** How the values that a keyword lets through have changed; null where they have not. */
export interface KeywordChange {
  readonly narrowed: string | null
  readonly widened: string | null
}

interface KeywordRule {
  compare(before: unknown, after: unknown): KeywordChange
  /** Whether a reader of answers is broken by values that were not let through before. */
  readonly widenedBreaksReaders: boolean
}

const values = (given: unknown): readonly unknown[] | null => (given === undefined ? null : Array.isArray(given) ? given : [given])
const quoted = (given: readonly unknown[]): string => given.map((value) => JSON.stringify(value)).join(', ')

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

const lost = (before: readonly unknown[] | null, after: readonly unknown[] | null, covers: (value: unknown) => boolean): string | null => {
  if (after === null) return null
  if (before === null) return `only ${quoted(after)}`
  const missing = before.filter((value) => !after.includes(value) && !covers(value))
  return missing.length === 0 ? null : quoted(missing)
}

const compareSets = (before: unknown, after: unknown, covering: Readonly<Record<string, string>> = {}): KeywordChange => {
  const [left, right] = [values(before), values(after)]
  const coveredBy = (list: readonly unknown[] | null) => (value: unknown) => list?.includes(covering[String(value)]) === true
  const less = lost(left, right, coveredBy(right))
  const more = lost(right, left, coveredBy(left))
  return { narrowed: less === null ? null : `no longer ${less}`, widened: more === null ? null : `also ${more}` }
}

const bound =
  (least: boolean): KeywordRule['compare'] =>
  (before, after) => {
    const none = least ? -Infinity : Infinity
    const [left, right] = [before ?? none, after ?? none].map(Number) as [number, number]
    const says = `${shown(before)} is ${shown(after)} now`
    const stricter = least ? right > left : right < left
    return { narrowed: stricter ? says : null, widened: !stricter && left !== right ? says : null }
  }

/** Anything else that a schema may say: there or not, or another; what nobody has thought of is taken for a change. */
const compareText: KeywordRule['compare'] = (before, after) => {
  const same = JSON.stringify(before) === JSON.stringify(after)
  const says = `${shown(before)} is ${shown(after)} now`
  return { narrowed: same || after === undefined ? null : says, widened: same || before === undefined ? null : says }
}

const most: KeywordRule = { compare: bound(false), widenedBreaksReaders: false }
const least: KeywordRule = { compare: bound(true), widenedBreaksReaders: false }
const shape: KeywordRule = { compare: compareText, widenedBreaksReaders: false }
const anythingElse: KeywordRule = { compare: compareText, widenedBreaksReaders: true }

const rules: Readonly<Record<string, KeywordRule>> = {
  type: { compare: (before, after) => compareSets(before, after, { integer: 'number' }), widenedBreaksReaders: true },
  enum: { compare: (before, after) => compareSets(before, after), widenedBreaksReaders: true },
  const: { compare: (before, after) => compareSets(before, after), widenedBreaksReaders: true },
  ...{ maximum: most, exclusiveMaximum: most, maxLength: most, maxItems: most, maxProperties: most },
  ...{ minimum: least, exclusiveMinimum: least, minLength: least, minItems: least, minProperties: least },
  ...{ pattern: shape, uniqueItems: shape, 'x-unique-by': shape },
}

/** What says nothing about which values there may be. */
const words = new Set([
  'title',
  'description',
  'example',
  'examples',
  'default',
  'deprecated',
  '$comment',
  '$schema',
  'readOnly',
  'writeOnly',
])
const notices = new Set(['x-deprecated-on', 'x-sunset', 'x-grows'])
/** What holds schemas of its own, compared where they are. */
const structure = new Set(['properties', 'required', 'items', 'additionalProperties', 'propertyNames', 'oneOf', 'anyOf'])

export interface KeywordBreak {
  readonly keyword: string
  readonly kind: 'narrowed' | 'widened'
  readonly says: string
}

export type Way = 'request' | 'answer'
type Schema = Readonly<Record<string, unknown>>

/** What of two schemas' own keywords breaks whoever sends (`request`) or reads (`answer`). */
export const keywordBreaks = (before: Schema, after: Schema, way: Way): readonly KeywordBreak[] => {
  const named = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (keyword) => !words.has(keyword) && !notices.has(keyword) && !structure.has(keyword),
  )
  return named.flatMap((keyword): readonly KeywordBreak[] => {
    const rule = rules[keyword] ?? anythingElse
    const { narrowed, widened } = rule.compare(before[keyword], after[keyword])
    if (way === 'request') return narrowed === null ? [] : [{ keyword, kind: 'narrowed', says: `${keyword}: ${narrowed}` }]
    // It was said when it was released that more values would come.
    const told = keyword === 'enum' && before['x-grows'] === true && after[keyword] !== undefined
    return widened === null || told || !rule.widenedBreaksReaders ? [] : [{ keyword, kind: 'widened', says: `${keyword}: ${widened}` }]
  })
}
