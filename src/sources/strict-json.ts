import { scanJson } from '../core/scan-json.ts'

/** Wide enough for any record of a person, far below what exhausts a core. */
const maxValues = 50_000

/**
 * The value of a JSON text that everybody reads alike (`core/scan-json.ts`).
 * @throws Error when it is not such a text
 */
export const parseStrictJson = (text: string): unknown => {
  const flaw = scanJson(text, maxValues)
  if (flaw !== null) throw new Error(flaw.message)
  return JSON.parse(text)
}
