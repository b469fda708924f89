import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Db } from '../db/db.ts'
import { findCheckpointRoot, findNewestCheckpoint } from '../db/log/checkpoints.ts'
import { trustedKeys } from '../gateway/log/keys/trusted-keys.ts'
import { type Mark, readMark, type Standing, standingOf } from '../ledger/high-water.ts'

export interface HighWaterUses {
  readonly file: string
  /** The log's verifier key. */
  readonly logKey: string
}

/** The start is refused: the database is older than the log that was kept in it (quality F17). */
export class RestoreFound extends Error {
  constructor(why: string) {
    super(
      `The database was restored from an older copy: ${why}. What was released since stands in no log any more. ` +
        'Nothing is answered until somebody has acknowledged it: iom log acknowledge-restore --by <name> --why <text>',
    )
    this.name = 'RestoreFound'
  }
}

/** How the database stands to the mark; a log that was never marked is not behind. */
export const readStanding = async (db: Db, { file, logKey }: HighWaterUses): Promise<Standing> => {
  if (!existsSync(file)) return { behind: false }
  const kept = readMark(readFileSync(file, 'utf8'), await trustedKeys(db, logKey))
  const newest = await findNewestCheckpoint(db)
  const found: Mark | null = newest === null ? null : { size: newest.size, root: newest.root.toString('base64') }
  return standingOf(kept, found, kept === null ? null : await findCheckpointRoot(db, kept.size))
}

/** @throws RestoreFound */
export const requireNoRestore = async (db: Db, uses: HighWaterUses): Promise<void> => {
  const standing = await readStanding(db, uses)
  if (standing.behind) throw new RestoreFound(standing.why)
}

/** Sets the mark to where the log stands now, whatever it said: a file is there whole, or the one before it. */
export const setMark = async (db: Db, { file }: Pick<HighWaterUses, 'file'>): Promise<void> => {
  const newest = await findNewestCheckpoint(db)
  if (newest === null) rmSync(file, { force: true })
  else replaceFile(file, newest.note)
}

const replaceFile = (file: string, text: string): void => {
  // Instances may share the directory.
  const own = `${file}.${process.pid}`
  writeFileSync(own, text, { mode: 0o600, flush: true })
  renameSync(own, file)
}

/** Moves the mark on after each checkpoint, never back; one look at a time. */
export const makeHighWater = (db: Db, { file }: Pick<HighWaterUses, 'file'>): (() => Promise<void>) => {
  let marked = 0
  let looking = false
  return async () => {
    if (looking) return
    looking = true
    try {
      const newest = await findNewestCheckpoint(db)
      if (newest === null || newest.size <= marked) return
      replaceFile(file, newest.note)
      marked = newest.size
    } finally {
      looking = false
    }
  }
}
