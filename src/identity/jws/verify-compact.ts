import { compactVerify, errors, importJWK } from 'jose'
import type { CryptoKey } from 'jose'
import { checkPublicJwk } from '../key-check.ts'
import type { Checked } from '../checked.ts'
import { accepted, rejected } from '../checked.ts'
import type { CompactToken, SignatureAlgorithm } from './compact-token.ts'

/** A public key that passed every check, ready to verify with the one algorithm it is for. */
export interface VerificationKey {
  readonly thumbprint: string
  readonly algorithm: SignatureAlgorithm
  readonly key: CryptoKey
}

export async function importVerificationKey(jwk: unknown): Promise<Checked<VerificationKey>> {
  const check = checkPublicJwk(jwk)
  if (!check.ok) return rejected(check.why)
  const key = await importJWK(check.jwk, check.algorithm)
  if (key instanceof Uint8Array) return rejected('the key is symmetric')
  return accepted({ thumbprint: check.thumbprint, algorithm: check.algorithm, key })
}

/**
 * True when the signature is the key's own. An algorithm other than the key's is false, never tried.
 * WebCrypto (through jose) costs the event loop 31 us for ES256 and leaves the rest to other threads; `crypto.verify` blocks it for
 * 92 us. Over all threads the two differ by a tenth.
 */
export async function verifyCompact(token: CompactToken, { key, algorithm }: VerificationKey): Promise<boolean> {
  try {
    await compactVerify(token.text, key, { algorithms: [algorithm] })
    return true
  } catch (error) {
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}
