import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Db } from '../../db/db.ts'
import { findCosignatures, findNewestCheckpoint, findWitnessedCheckpoint, type StoredCheckpoint } from '../../db/log/checkpoints.ts'
import { readTile } from '../../db/log/tiles.ts'
import { TILE_WIDTH } from '../../ledger/frontier.ts'
import { parseTilePath, widthOfLevel } from '../../ledger/tiles.ts'
import { parseNote, signedBy } from '../../ledger/verify/signed-note.ts'
import type { CommitChange } from '../commit/change.ts'
import { keyDocument } from './keys/key-document.ts'
import { trustedKeys } from './keys/trusted-keys.ts'

export interface Witnesses {
  /** Verifier keys (C2SP) of those who may sign. */
  readonly keys: readonly string[]
  /** How many of them a checkpoint needs before it counts as witnessed. */
  readonly quorum: number
}

export interface CheckpointUses {
  readonly commitChange: CommitChange
  readonly witnesses: Witnesses
  /** The verifier key of the log that this instance began with. */
  readonly logKey: string
}

/** A checkpoint as it is given out: the log's signature, then those of the witnesses. */
export interface GivenCheckpoint {
  readonly size: number
  readonly root: string
  readonly sealedAt: string
  readonly note: string
  readonly witnesses: readonly string[]
}

export const givenCheckpoint = async (db: Db, checkpoint: StoredCheckpoint): Promise<GivenCheckpoint> => {
  const cosignatures = await findCosignatures(db, checkpoint.size)
  return {
    size: checkpoint.size,
    root: checkpoint.root.toString('base64'),
    sealedAt: checkpoint.sealedAt.toISOString(),
    note: checkpoint.note + cosignatures.map((one) => one.line).join(''),
    witnesses: cosignatures.map((one) => one.witness),
  }
}

/** Operation `readCheckpoint`: how long the log is, who signed that, and with which keys it is checked. */
export const readCheckpoint =
  ({ commitChange, witnesses, logKey }: CheckpointUses) =>
  (caller: Caller, _request: OperationRequest): Promise<Answer> =>
    commitChange(caller, {
      operation: 'readCheckpoint',
      event: 'integrity-checked',
      locks: [],
      lockMode: 'shared',
      run: async ({ tx }) => {
        const newest = await findNewestCheckpoint(tx)
        const keys = (await trustedKeys(tx, logKey)).map(({ key }) => key)
        const note = newest === null ? null : parseNote(newest.note)
        const signer = note === null ? undefined : keys.find((key) => signedBy(note, key) !== null)
        const witnessed = witnesses.quorum === 0 ? null : await findWitnessedCheckpoint(tx, witnesses.quorum)
        return {
          allowed: true,
          status: 200,
          body: {
            checkpoint: newest === null ? null : await givenCheckpoint(tx, newest),
            witnessed: witnessed === null ? null : await givenCheckpoint(tx, witnessed),
            // While the key is changed another instance may have signed it with the other one.
            logKey: (signer ?? keys.at(-1))?.text ?? logKey,
            logKeys: keys.map(({ text }) => text),
            witnessKeys: witnesses.keys,
            quorum: witnesses.quorum,
          },
          detail: { treeSize: newest?.size ?? 0, witnessedSize: witnessed?.size ?? 0 },
        }
      },
    })

/** The tree and the keys for /log: only what the newest checkpoint covers is given, so that nobody is shown what nobody signed. */
export const publishedTree = (db: Db) => ({
  keys: async (): Promise<string> => `${JSON.stringify(await keyDocument(db), null, 2)}\n`,
  checkpoint: async (): Promise<string | null> => {
    const newest = await findNewestCheckpoint(db)
    return newest === null ? null : (await givenCheckpoint(db, newest)).note
  },
  tile: async (path: string): Promise<Uint8Array | null> => {
    const address = parseTilePath(path)
    if (address === null) return null
    const newest = await findNewestCheckpoint(db)
    const covered = widthOfLevel(newest?.size ?? 0, address.level) - address.index * TILE_WIDTH
    return address.width > covered ? null : readTile(db, address)
  },
})
