import { Fault } from '../core/fault.ts'
import type { Checked } from './checked.ts'
import { accepted, rejected } from './checked.ts'
import type { IdentityUses } from './identity-uses.ts'
import { readJwks } from './jwks-document.ts'
import type { JwksDocument } from './jwks-document.ts'
import type { VerificationKey } from './jws/verify-compact.ts'

const maxAgeMs = 10 * 60_000
/** While an issuer is down its last good keys serve this long, then nothing does. */
const maxStaleMs = 60 * 60_000
/** Between two requests to one address, whatever asks for them: at most two a minute, however many unknown kids arrive. */
const cooldownMs = 30_000

export interface JwksCache {
  /** The key that a registered address lists under `kid`; throws `Fault('unavailable')` when there are no keys young enough. */
  findKey(jwksUri: string, kid: string): Promise<Checked<VerificationKey>>
}

interface Entry {
  document: JwksDocument | null
  fetchedAt: number
  attemptedAt: number | null
  flight: Promise<void> | null
  failure: string
}

/** The keys of registered issuers. Only addresses from the registry get here, so that the number of entries is the registry's. */
export function makeJwksCache({ fetchJwks, now }: Pick<IdentityUses, 'fetchJwks' | 'now'>): JwksCache {
  const entries = new Map<string, Entry>()
  const nowMs = () => now().getTime()
  const youngEnough = ({ document, fetchedAt }: Entry) => (nowMs() - fetchedAt <= maxStaleMs ? document : null)

  return {
    async findKey(jwksUri, kid) {
      const entry = entryOf(entries, jwksUri)
      if (entry.document === null || hasPassed(entry.fetchedAt, maxAgeMs, nowMs())) await refresh(jwksUri, entry)
      if (youngEnough(entry)?.keys.has(kid) === false) await refresh(jwksUri, entry)
      const document = youngEnough(entry)
      if (document === null) throw noKeys(entry, nowMs())
      const key = document.keys.get(kid)
      return key === undefined ? rejected(unknownKey(document, kid, nowMs() - entry.fetchedAt)) : accepted(key)
    },
  }

  /** One request at a time for an address; whoever needs its answer waits for the same one. */
  function refresh(jwksUri: string, entry: Entry): Promise<void> {
    if (entry.flight !== null) return entry.flight
    if (entry.attemptedAt !== null && !hasPassed(entry.attemptedAt, cooldownMs, nowMs())) return Promise.resolve()
    // The age counts from the question, not from an answer that took its time.
    const askedAt = nowMs()
    entry.attemptedAt = askedAt
    entry.flight = ask(fetchJwks, jwksUri).then((read) => {
      entry.flight = null
      if (read.ok) Object.assign(entry, { document: read.value, fetchedAt: askedAt })
      else entry.failure = read.why
    })
    return entry.flight
  }
}

/** Never rejects: an issuer that cannot be asked is an answer too. */
async function ask(fetchJwks: IdentityUses['fetchJwks'], jwksUri: string): Promise<Checked<JwksDocument>> {
  try {
    const { status, body } = await fetchJwks(jwksUri)
    return status === 200 ? await readJwks(body) : rejected(`answered ${status}`)
  } catch {
    return rejected('could not be reached')
  }
}

function entryOf(entries: Map<string, Entry>, jwksUri: string): Entry {
  const known = entries.get(jwksUri)
  if (known !== undefined) return known
  const entry: Entry = { document: null, fetchedAt: 0, attemptedAt: null, flight: null, failure: '' }
  entries.set(jwksUri, entry)
  return entry
}

/** A clock that was set back makes the past lie ahead: then the period counts as over, lest keys live on unasked. */
const hasPassed = (sinceMs: number, periodMs: number, nowMs: number) => nowMs < sinceMs || nowMs - sinceMs >= periodMs

function noKeys(entry: Entry, nowMs: number): Fault {
  const waitedMs = nowMs - (entry.attemptedAt ?? nowMs)
  const retryAfterSeconds = Math.max(1, Math.ceil((cooldownMs - waitedMs) / 1000))
  return new Fault('unavailable', `the key document of the token's issuer ${entry.failure}`, { retryAfterSeconds })
}

function unknownKey(document: JwksDocument, kid: string, ageMs: number): string {
  const why = document.passedOver.get(kid)
  if (why !== undefined) return `the issuer's key ${kid} is not accepted: ${why}`
  return `the issuer has no key ${kid} (keys fetched ${Math.floor(ageMs / 1000)} s ago)`
}
