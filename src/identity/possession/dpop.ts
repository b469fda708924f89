import type { Checked } from '../checked.ts'
import { accepted, rejected } from '../checked.ts'
import { aheadProblem, isAscii, isNumericDate } from '../claims.ts'
import type { DoorRequest, IdentityUses, RegisteredClient } from '../identity-uses.ts'
import { readCompactToken } from '../jws/compact-token.ts'
import type { CompactToken } from '../jws/compact-token.ts'
import { parseJsonObject } from '../jws/strict-json.ts'
import type { JsonObject } from '../jws/strict-json.ts'
import { importVerificationKey, verifyCompact } from '../jws/verify-compact.ts'
import type { VerificationKey } from '../jws/verify-compact.ts'
import { readPublicJwk } from '../key-check.ts'
import { quoted } from '../refusal.ts'
import { makeRecentlyUsed } from '../recently-used.ts'
import { targetUri } from './target-uri.ts'

export interface ProofQuestion {
  readonly proof: string
  readonly request: Pick<DoorRequest, 'method' | 'url'>
  /** SHA-256 over the access token's characters, base64url. */
  readonly tokenHash: string
  /** The `cnf.jkt` of the access token. */
  readonly boundTo: string
  readonly client: RegisteredClient
  readonly at: Date
}

const expected = { called: 'the DPoP proof', type: 'dpop+jwt', maxBytes: 4096, embeddedKey: true }
const maxAgeSeconds = 60
/** Remembered longer than it is fresh, since instances and the database need not agree on the time to the second. */
const rememberSeconds = maxAgeSeconds + 120

/** Checks a DPoP proof against one request, in full (RFC 9449 4.3), and remembers it; the value is the thumbprint of its key. */
export function makeCheckProof(uses: Pick<IdentityUses, 'rememberProof'>): (question: ProofQuestion) => Promise<Checked<string>> {
  const keys = makeRecentlyUsed<VerificationKey>(1000)

  return async (question) => {
    const token = readCompactToken(question.proof, expected)
    if (!token.ok) return token
    const claims = parseJsonObject(token.value.payload)
    if (!claims.ok) return rejected(`the payload of the DPoP proof ${claims.why}`)
    const problem = claimsProblem(claims.value, question)
    if (problem !== null) return rejected(problem)
    const key = await findKey(token.value, question)
    if (!key.ok) return key
    if (!(await verifyCompact(token.value, key.value))) return rejected('the signature of the DPoP proof does not verify with its jwk')
    // Last of all, so that only a proof that is good in every other way is spent.
    const { jti, iat } = claims.value as { jti: string; iat: number }
    const fresh = await uses.rememberProof(`${key.value.thumbprint}|${jti}`, new Date((iat + rememberSeconds) * 1000))
    return fresh
      ? accepted(key.value.thumbprint)
      : rejected('the DPoP proof was used before; make a new one, with its own jti, for each request')
  }

  /** Before the arithmetic: a key that is not the token's, or not the client's, costs no signature check. */
  async function findKey(token: CompactToken, { boundTo, client }: ProofQuestion): Promise<Checked<VerificationKey>> {
    const shape = readPublicJwk(token.header['jwk'])
    if (!shape.ok) return rejected(`the jwk of the DPoP proof is not accepted: ${shape.why}`)
    if (shape.thumbprint !== boundTo)
      return rejected(`the DPoP proof is by the key ${shape.thumbprint}, the access token is bound to ${boundTo}`)
    if (!client.keys.some((key) => key.kind === 'dpop' && key.thumbprint === shape.thumbprint)) {
      return rejected(`the key ${shape.thumbprint} is not registered for the client ${client.clientId}`)
    }
    const known = keys.get(shape.thumbprint)
    if (known !== undefined) return accepted(known)
    const imported = await importVerificationKey(shape.jwk)
    if (!imported.ok) return rejected(`the jwk of the DPoP proof is not accepted: ${imported.why}`)
    keys.set(shape.thumbprint, imported.value)
    return imported
  }
}

function claimsProblem(claims: JsonObject, { request, tokenHash, at }: ProofQuestion): string | null {
  const { htm, htu, ath, iat, jti } = claims
  if (htm !== request.method) return `the DPoP proof is for ${quoted(htm)}, this request is ${request.method} (htm)`
  const addressed = targetUri(request.url)
  if (typeof htu !== 'string' || addressed === null || targetUri(htu) !== addressed) {
    return `the DPoP proof is for ${quoted(htu)}, this request is to ${quoted(addressed)} (htu)`
  }
  if (ath !== tokenHash) return 'the ath of the DPoP proof is not the SHA-256 of the access token in base64url'
  if (!isAscii(jti, 128)) return 'the DPoP proof has no jti of 1 to 128 printable characters'
  return ageProblem(iat, at)
}

/** Exactly sixty seconds old is accepted, a millisecond more is not. */
function ageProblem(iat: unknown, at: Date): string | null {
  const ahead = aheadProblem('iat', iat, at)
  if (ahead !== null || !isNumericDate(iat)) return `the DPoP proof is not accepted: ${ahead}`
  const age = at.getTime() - iat * 1000
  return age <= maxAgeSeconds * 1000
    ? null
    : `the DPoP proof is ${Math.ceil(age / 1000)} s old (iat), at most ${maxAgeSeconds} s are accepted`
}
