import { createPublicKey } from 'node:crypto'
import { readClock } from '../../../db/clock.ts'
import type { Database } from '../../../db/db.ts'
import { findNewestCheckpoint } from '../../../db/log/checkpoints.ts'
import { hasLogKeyEnded, insertFirstLogKey, listLogKeys } from '../../../db/log/log-keys.ts'
import type { BatchKey } from '../../../ledger/batch.ts'
import { logVerifierKey } from '../../../ledger/note.ts'
import { parseNote, parseNoteKey, signedBy } from '../../../ledger/verify/signed-note.ts'

/** The key may not sign this log. */
export class KeyNotAdmitted extends Error {
  constructor(why: string) {
    super(`${why} Nothing is signed with it.`)
    this.name = 'KeyNotAdmitted'
  }
}

export interface AdmitOptions {
  /** The log's name. */
  readonly origin: string
  readonly key: BatchKey
}

/**
 * Lets a key sign the log: the very first, or one that the log knows and that has not ended. Asked at every start and before a key is
 * taken over, since what a strange key signed could be proved to nobody.
 * @throws KeyNotAdmitted
 */
export const admitKey = async (db: Database, { origin, key }: AdmitOptions): Promise<void> => {
  const verifierKey = logVerifierKey(origin, createPublicKey(key.privateKey))
  if ((await listLogKeys(db)).length === 0) await admitFirst(db, key.kid, verifierKey)
  const known = (await listLogKeys(db)).find((one) => one.verifierKey === verifierKey)
  if (known === undefined)
    throw new KeyNotAdmitted(
      `The key ${key.kid} is none of the keys of the log ${origin}: enter it with "iom log endorse-key" (--lost, where the one before it is gone).`,
    )
  if (known.end !== null) throw new KeyNotAdmitted(`The key ${key.kid} ended at ${known.end.untilSize} entries of the log ${origin}.`)
}

/** Why this instance can commit nothing, in a sentence; empty when its key has not ended. */
export const keyProblems = async (db: Database, { origin, key }: AdmitOptions): Promise<readonly string[]> =>
  (await hasLogKeyEnded(db, logVerifierKey(origin, key.privateKey)))
    ? [`The key ${key.kid} that this instance signs with has ended: it needs the log's new key.`]
    : []

/** A log that was begun before keys were entered goes on with the key that signed it so far. */
const admitFirst = async (db: Database, kid: string, verifierKey: string): Promise<void> => {
  const newest = await findNewestCheckpoint(db)
  const note = newest === null ? null : parseNote(newest.note)
  if (newest !== null && (note === null || signedBy(note, parseNoteKey(verifierKey)) === null))
    throw new KeyNotAdmitted(`The log was signed with another key than ${kid} so far.`)
  await insertFirstLogKey(db, { kid, verifierKey, at: await readClock(db) })
}
