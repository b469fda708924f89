import { readCompactToken } from './jws/compact-token.ts'
import { importVerificationKey, verifyCompact } from './jws/verify-compact.ts'

const expected = { called: 'the signature', type: 'isa-signature+jws', maxBytes: 8192 }
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text that a signatory signed, or null when the JWS is not strictly spelt, not of typ `isa-signature+jws`, not signed by this
 * key, or the key may not be used. Whose key it is, and whether it counts today, is the registry's to say.
 */
export async function verifySignature(jws: string, jwk: unknown): Promise<string | null> {
  const token = readCompactToken(jws, expected)
  if (!token.ok) return null
  const key = await importVerificationKey(jwk)
  if (!key.ok || !(await verifyCompact(token.value, key.value))) return null
  try {
    return utf8.decode(token.value.payload)
  } catch {
    return null
  }
}
