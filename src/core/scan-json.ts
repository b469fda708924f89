/** Where a text stops being JSON that everyone reads alike: a JSON Pointer and a sentence. */
export interface JsonFlaw {
  readonly path: string
  readonly message: string
}

const deepest = 32

/** One open object (names seen so far, `name` null between members) or array (`names` null, `index` of the current item). */
interface Level {
  readonly names: Set<string> | null
  name: string | null
  index: number
}

interface Scan {
  readonly text: string
  at: number
  values: number
  readonly mostValues: number
  readonly levels: Level[]
}

/**
 * One pass over the text; null when it is sound. RFC 8259 section 4 leaves open which of two members of one name counts, so two
 * readers could see two people: a name given twice is a flaw, and so is whatever else is left to the reader. Never quotes what the
 * text holds, apart from names on the path.
 */
export const scanJson = (text: string, mostValues = Infinity): JsonFlaw | null => {
  const scan: Scan = { text, at: 0, values: 0, mostValues, levels: [] }
  let message = value(scan)
  while (message === null && scan.levels.length > 0) message = follow(scan)
  if (message === null) {
    skipSpace(scan)
    if (scan.at < text.length) message = `There is something after the end of the JSON value, at character ${scan.at}.`
  }
  return message === null ? null : { path: pointer(scan), message }
}

const value = (scan: Scan): string | null => {
  scan.values += 1
  if (scan.values > scan.mostValues) return `The body holds more than ${scan.mostValues} values.`
  skipSpace(scan)
  const code = scan.text.charCodeAt(scan.at)
  if (code === 0x22) return string(scan)
  if (code === 0x7b || code === 0x5b) return open(scan, code === 0x7b)
  if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return number(scan)
  for (const word of ['true', 'false', 'null']) {
    if (scan.text.startsWith(word, scan.at)) {
      scan.at += word.length
      return null
    }
  }
  return scan.at >= scan.text.length ? 'The body ends too early.' : unexpected(scan, 'a JSON value is expected')
}

const open = (scan: Scan, object: boolean): string | null => {
  if (scan.levels.length === deepest) return `The body is nested deeper than ${deepest} levels.`
  scan.at += 1
  skipSpace(scan)
  if (scan.text.charCodeAt(scan.at) === (object ? 0x7d : 0x5d)) {
    scan.at += 1
    return null
  }
  const level: Level = { names: object ? new Set() : null, name: null, index: 0 }
  scan.levels.push(level)
  return object ? member(scan, level) : value(scan)
}

/** After a value inside an object or array: a comma and the next value, or the end of it. */
const follow = (scan: Scan): string | null => {
  const level = scan.levels[scan.levels.length - 1] as Level
  skipSpace(scan)
  const code = scan.text.charCodeAt(scan.at)
  if (code === 0x2c) {
    scan.at += 1
    if (level.names !== null) return member(scan, level)
    level.index += 1
    return value(scan)
  }
  if (code === (level.names === null ? 0x5d : 0x7d)) {
    scan.at += 1
    scan.levels.pop()
    return null
  }
  return scan.at >= scan.text.length
    ? 'The body ends too early.'
    : unexpected(scan, 'a comma or the end of the object or array is expected')
}

const member = (scan: Scan, level: Level): string | null => {
  level.name = null
  skipSpace(scan)
  if (scan.text.charCodeAt(scan.at) !== 0x22) return unexpected(scan, 'a name in double quotes is expected')
  const from = scan.at
  const flaw = string(scan)
  if (flaw !== null) return flaw
  const raw = scan.text.slice(from, scan.at)
  const name = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1)
  level.name = name
  if (level.names?.has(name) === true) return 'The name is given twice in one object.'
  if (name === '__proto__') return 'The name is not allowed.'
  level.names?.add(name)
  skipSpace(scan)
  if (scan.text.charCodeAt(scan.at) !== 0x3a) return unexpected(scan, 'a colon is expected')
  scan.at += 1
  return value(scan)
}

const string = (scan: Scan): string | null => {
  const { text } = scan
  let at = scan.at + 1
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 0x22) break
    if (code === 0x5c) {
      const length = escape(text, at)
      if (typeof length === 'string') return length
      at += length
    } else if (code >= 0x20) {
      at += 1
    } else {
      return at >= text.length ? 'The body ends inside a string.' : 'A control character stands unescaped in a string.'
    }
  }
  scan.at = at + 1
  return null
}

/** Length of the escape at `at`, or what is wrong with it. */
const escape = (text: string, at: number): number | string => {
  const kind = text.charAt(at + 1)
  if (kind !== 'u') return kind !== '' && '"\\/bfnrt'.includes(kind) ? 2 : 'A string holds an escape that JSON does not know.'
  const unit = hexUnit(text, at + 2)
  if (unit === null) return 'A string holds a \\u escape that is not four hexadecimal digits.'
  if (unit === 0) return 'A string holds the NUL character.'
  if (unit < 0xd800 || unit > 0xdfff) return 6
  // PostgreSQL text and RFC 8785 know no half of a surrogate pair.
  const low = unit < 0xdc00 && text.startsWith('\\u', at + 6) ? hexUnit(text, at + 8) : null
  return low !== null && low >= 0xdc00 && low <= 0xdfff ? 12 : 'A string holds half of a surrogate pair.'
}

const hexUnit = (text: string, at: number): number | null => {
  const digits = text.slice(at, at + 4)
  return /^[0-9A-Fa-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : null
}

const numberShape = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

const number = (scan: Scan): string | null => {
  numberShape.lastIndex = scan.at
  const found = numberShape.exec(scan.text)?.[0]
  if (found === undefined) return unexpected(scan, 'a number is expected')
  if (!Number.isFinite(Number(found))) return 'The number is too large.'
  scan.at += found.length
  return /[0-9.eE+-]/.test(scan.text.charAt(scan.at)) ? 'The number is not written as JSON asks.' : null
}

const skipSpace = (scan: Scan): void => {
  for (;;) {
    const code = scan.text.charCodeAt(scan.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    scan.at += 1
  }
}

const unexpected = (scan: Scan, expected: string): string => `At character ${scan.at} ${expected}.`

const pointer = (scan: Scan): string =>
  scan.levels.map((level) => (level.names === null ? `/${level.index}` : level.name === null ? '' : `/${pointerName(level.name)}`)).join('')

const pointerName = (name: string): string => name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')
