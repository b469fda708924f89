import type { Db } from '../../../db/db.ts'
import { listLogKeys, type LogKeyRow } from '../../../db/log/log-keys.ts'
import { parseNoteKey } from '../../../ledger/verify/signed-note.ts'
import { statementsOf } from './trusted-keys.ts'

/** A key of the log as everybody may have it: a JWK (RFC 7517, RFC 8037) with the part of the log that it signs. */
export interface PublishedKey {
  readonly [member: string]: unknown
  readonly kid: string
  readonly verifierKey: string
  /** Leaves from this one on; before `untilSize`, where it has ended. */
  readonly fromSize: number
  readonly untilSize: number | null
}

/** The public key as JWK, with its kid. */
export const jwkOf = ({ verifierKey, kid }: LogKeyRow) => {
  const { kty, crv, x } = parseNoteKey(verifierKey).key.export({ format: 'jwk' })
  return { kty, crv, x, kid, use: 'sig', alg: 'EdDSA' }
}

const publishedKey = (key: LogKeyRow): PublishedKey => ({
  ...jwkOf(key),
  kid: key.kid,
  verifierKey: key.verifierKey,
  follows: key.follows,
  fromSize: key.fromSize,
  untilSize: key.end?.untilSize ?? null,
  from: key.beganAt.toISOString(),
  until: key.end?.endedAt.toISOString() ?? null,
})

export interface KeyDocument {
  readonly keys: readonly PublishedKey[]
  /** Signed notes by which each key follows from any other. */
  readonly statements: readonly string[]
}

/** A JWK set of all keys that ever signed the log, with what they signed of one another: nobody has to trust the rest of it. */
export const keyDocument = async (db: Db): Promise<KeyDocument> => {
  const keys = await listLogKeys(db)
  return { keys: keys.map(publishedKey), statements: statementsOf(keys) }
}
