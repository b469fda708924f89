import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Db } from '../../db/db.ts'
import { findCosignatures, findNewestCheckpoint, findWitnessedCheckpoint, type StoredCheckpoint } from '../../db/log/checkpoints.ts'
import { readTile } from '../../db/log/tiles.ts'
import { TILE_WIDTH } from '../../ledger/frontier.ts'
import { parseTilePath, widthOfLevel } from '../../ledger/tiles.ts'
import type { CommitChange } from '../commit/change.ts'

export interface Witnesses {
  /** Verifier keys (C2SP) of those who may sign. */
  readonly keys: readonly string[]
  /** How many of them a checkpoint needs before it counts as witnessed. */
  readonly quorum: number
}

export interface CheckpointUses {
  readonly commitChange: CommitChange
  readonly witnesses: Witnesses
  /** The log's own verifier key. */
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
        const witnessed = witnesses.quorum === 0 ? null : await findWitnessedCheckpoint(tx, witnesses.quorum)
        return {
          allowed: true,
          status: 200,
          body: {
            checkpoint: newest === null ? null : await givenCheckpoint(tx, newest),
            witnessed: witnessed === null ? null : await givenCheckpoint(tx, witnessed),
            logKey,
            witnessKeys: witnesses.keys,
            quorum: witnesses.quorum,
          },
          detail: { treeSize: newest?.size ?? 0, witnessedSize: witnessed?.size ?? 0 },
        }
      },
    })

/** The tree for /log: only what the newest checkpoint covers is given, so that nobody is shown what nobody signed. */
export const publishedTree = (db: Db) => ({
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
