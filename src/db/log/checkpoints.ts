import type { Db, Tx } from '../db.ts'

export interface StoredCheckpoint {
  readonly size: number
  readonly root: Buffer
  readonly frontier: Buffer
  /** The signed note as the log wrote it, without witnesses. */
  readonly note: string
  /** A transaction id, in decimal. */
  readonly horizon: string
  readonly coversUntil: Date
  readonly sealedAt: Date
}

const columns = `c.tree_size as size, c.root, c.frontier, c.note, c.horizon::text as horizon,
                 c.covers_until as "coversUntil", c.sealed_at as "sealedAt"`

/** Null in a log that was never sealed. */
export const findNewestCheckpoint = async (db: Db): Promise<StoredCheckpoint | null> => {
  const { rows } = await db.query<StoredCheckpoint>({
    name: 'find-newest-checkpoint',
    text: `select ${columns} from log_checkpoint c order by c.tree_size desc limit 1`,
  })
  return rows[0] ?? null
}

/** The root, in base64, that the log signed at exactly this size; null where it never had it. */
export const findCheckpointRoot = async (db: Db, size: number): Promise<string | null> => {
  const { rows } = await db.query<{ root: Buffer }>({
    name: 'find-checkpoint-root',
    text: 'select c.root from log_checkpoint c where c.tree_size = $1',
    values: [size],
  })
  return rows[0]?.root.toString('base64') ?? null
}

/** The newest checkpoint over more than `above` leaves that at least `quorum` witnesses signed. */
export const findWitnessedCheckpoint = async (db: Db, quorum: number, above = 0): Promise<StoredCheckpoint | null> => {
  const { rows } = await db.query<StoredCheckpoint>({
    name: 'find-witnessed-checkpoint',
    text: `
      select ${columns} from log_checkpoint c
       where c.tree_size = (select s.tree_size from log_cosignature s where s.tree_size > $2
                             group by s.tree_size having count(s.witness) >= $1 order by s.tree_size desc limit 1)`,
    values: [quorum, above],
  })
  return rows[0] ?? null
}

export const insertCheckpoint = async (tx: Tx, checkpoint: Omit<StoredCheckpoint, 'sealedAt'>): Promise<void> => {
  const { size, root, frontier, note, horizon, coversUntil } = checkpoint
  await tx.query({
    text: `insert into log_checkpoint (tree_size, root, frontier, note, horizon, covers_until, sealed_at)
           values ($1, $2, $3, $4, $5::xid8, $6, statement_timestamp())`,
    values: [size, root, frontier, note, horizon, coversUntil],
  })
}

/** Lines of the witnesses that signed this checkpoint, by name. */
export const findCosignatures = async (db: Db, size: number): Promise<readonly { readonly witness: string; readonly line: string }[]> => {
  const { rows } = await db.query<{ witness: string; line: string }>({
    name: 'find-cosignatures',
    text: 'select s.witness, s.line from log_cosignature s where s.tree_size = $1 order by s.witness',
    values: [size],
  })
  return rows
}

export const insertCosignature = async (
  db: Db,
  cosignature: { readonly size: number; readonly witness: string; readonly line: string; readonly cosignedAt: Date },
): Promise<void> => {
  await db.query({
    name: 'insert-cosignature',
    text: `insert into log_cosignature (tree_size, witness, line, cosigned_at) values ($1, $2, $3, $4)
           on conflict (tree_size, witness) do nothing`,
    values: [cosignature.size, cosignature.witness, cosignature.line, cosignature.cosignedAt],
  })
}
