import type { Checked } from './checked.ts'
import { accepted, rejected } from './checked.ts'
import { keyIdPattern } from './jws/compact-token.ts'
import { isJsonObject, parseJsonObject } from './jws/strict-json.ts'
import { secretOf } from './key-check.ts'
import { importVerificationKey } from './jws/verify-compact.ts'
import type { VerificationKey } from './jws/verify-compact.ts'

/** An issuer's keys by `kid`: those that may verify, and those passed over, each with why. */
export interface JwksDocument {
  readonly keys: ReadonlyMap<string, VerificationKey>
  readonly passedOver: ReadonlyMap<string, string>
}

const maxBytes = 64 * 1024
const maxKeys = 20

/**
 * Reads an issuer's JWKS. A document that shows a secret (symmetric or private key), or leaves open which key a `kid` means, is
 * refused whole, since whoever wrote it cannot be relied on; a key that is weak, for encryption or of another kind is passed over.
 */
export async function readJwks(body: Uint8Array): Promise<Checked<JwksDocument>> {
  if (body.length > maxBytes) return rejected(`is larger than ${maxBytes} bytes`)
  const parsed = parseJsonObject(body)
  if (!parsed.ok) return rejected(parsed.why)
  const listed: unknown = parsed.value['keys']
  if (!Array.isArray(listed) || !listed.every(isJsonObject)) return rejected('has no list of keys')
  if (listed.length > maxKeys) return rejected(`has ${listed.length} keys, at most ${maxKeys} are accepted`)
  if (listed.some((jwk) => secretOf(jwk) !== null)) return rejected('has a symmetric or private key')
  const named = listed.filter((jwk) => typeof jwk['kid'] === 'string' && keyIdPattern.test(jwk['kid']))
  if (new Set(named.map((jwk) => jwk['kid'])).size !== named.length) return rejected('names one kid twice')
  const keys = new Map<string, VerificationKey>()
  const passedOver = new Map<string, string>()
  for (const jwk of named) {
    const key = await importVerificationKey(jwk)
    if (key.ok) keys.set(jwk['kid'] as string, key.value)
    else passedOver.set(jwk['kid'] as string, key.why)
  }
  return keys.size > 0 ? accepted({ keys, passedOver }) : rejected('has no key with a kid that may be used')
}
