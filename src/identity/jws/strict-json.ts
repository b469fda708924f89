import type { Checked } from '../checked.ts'
import { accepted, rejected } from '../checked.ts'

export type JsonObject = Readonly<Record<string, unknown>>

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lexemes = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g

/** Parses a JSON object; refuses bytes that are not UTF-8 and, unlike `JSON.parse`, an object that names a member twice. */
export function parseJsonObject(bytes: Uint8Array): Checked<JsonObject> {
  let text: string
  let value: unknown
  try {
    text = utf8.decode(bytes)
    value = JSON.parse(text)
  } catch {
    return rejected('is not JSON in UTF-8')
  }
  if (!isJsonObject(value)) return rejected('is not a JSON object')
  // RFC 7515 4: "The Header Parameter names within the JOSE Header MUST be unique"; RFC 7519 4 says the same of claims.
  return namesMemberTwice(text) ? rejected('names a member twice') : accepted(value)
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `text` is known to be JSON: a string before a colon is a member's name, and brackets balance. */
function namesMemberTwice(text: string): boolean {
  const open: Set<string>[] = []
  let lastString = ''
  for (const [lexeme] of text.matchAll(lexemes)) {
    if (lexeme === '{' || lexeme === '[') open.push(new Set())
    else if (lexeme === '}' || lexeme === ']') open.pop()
    else if (lexeme !== ':') lastString = lexeme
    else {
      const names = open.at(-1)
      // "\u0061lg" and "alg" are one name.
      const name = JSON.parse(lastString) as string
      if (names === undefined || names.has(name)) return true
      names.add(name)
    }
  }
  return false
}
