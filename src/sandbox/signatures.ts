import { CompactSign, importJWK } from 'jose'
import { keptKey } from './keys.ts'

/** The media type in the header that keeps a signature on an agreement from being taken for a token, or the other way round. */
export const agreementSignatureType = 'isa-signature+jws'

/** The signatory's public key as its agency registers it, and whose it is. */
export const signatoryKey = async (dataDir: string, agencyId: string) => {
  const { publicJwk, thumbprint } = await keptKey(dataDir, 'signatory', agencyId)
  return { agencyId, personSub: `signatory-${agencyId}`, jwk: publicJwk, thumbprint }
}

/** Compact JWS by that agency's own signatory over the hash of an agreement's version (the base64url text, as it stands). */
export const signAgreementHash = async (dataDir: string, agencyId: string, hash: string): Promise<string> => {
  const { privateJwk, thumbprint } = await keptKey(dataDir, 'signatory', agencyId)
  return new CompactSign(new TextEncoder().encode(hash))
    .setProtectedHeader({ alg: 'ES256', typ: agreementSignatureType, kid: thumbprint })
    .sign(await importJWK(privateJwk, 'ES256'))
}
