/** Deep and wide enough for any record of a person, far below what exhausts a stack or a core. */
const maxDepth = 32
const maxValues = 50_000

/**
 * The value of a JSON text in which no object names a key twice (RFC 8259 section 4 leaves open which would count, so two
 * readers could see two people), none is called `__proto__`, and nothing is nested or multiplied without measure.
 * @throws Error when it is not such a text
 */
export function parseStrictJson(text: string): unknown {
  // Parsing first means that the scan below may rely on the grammar.
  const value: unknown = JSON.parse(text)
  checkStructure(text)
  return value
}

function checkStructure(text: string): void {
  const open: (Set<string> | null)[] = []
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x22) {
      const end = endOfString(text, at)
      const keys = open.at(-1)
      if (keys && isKey(text, end)) addKey(keys, text.slice(at, end))
      at = end - 1
    } else if (char === 0x7b || char === 0x5b) {
      open.push(char === 0x7b ? new Set() : null)
      if (open.length > maxDepth) throw new Error(`JSON is nested deeper than ${maxDepth}`)
    } else if (char === 0x7d || char === 0x5d) open.pop()
    else if (char === 0x2c && ++values > maxValues) throw new Error(`JSON holds more than ${maxValues} values`)
  }
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x5c) at++
    else if (char === 0x22) return at + 1
  }
}

function isKey(text: string, after: number): boolean {
  let at = after
  while (/\s/.test(text.charAt(at))) at++
  return text.charCodeAt(at) === 0x3a
}

function addKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  if (key === '__proto__') throw new Error('JSON names the key __proto__')
  if (keys.has(key)) throw new Error('JSON names a key twice')
  keys.add(key)
}
