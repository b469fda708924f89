import { scanJson } from '../../core/scan-json.ts'
import type { Checked } from '../checked.ts'
import { accepted, rejected } from '../checked.ts'

export type JsonObject = Readonly<Record<string, unknown>>

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

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
  const flaw = scanJson(text)
  return flaw === null ? accepted(value) : rejected(`is not JSON that reads in one way only: ${flaw.message}`)
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
