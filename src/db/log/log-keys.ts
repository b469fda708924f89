import type { Db, Tx } from '../db.ts'

/** A key that signs, or signed, the log. */
export interface LogKeyRow {
  readonly kid: string
  /** C2SP signed-note: name+id+key. */
  readonly verifierKey: string
  /** The kid of the key before it; null for the first. */
  readonly follows: string | null
  /** It signs leaves from this one on. */
  readonly fromSize: number
  readonly beganAt: Date
  /** Null for the first. */
  readonly statement: string | null
  readonly end: { readonly untilSize: number; readonly endedAt: Date; readonly statement: string } | null
}

/** All keys, the oldest first; none in a log that no gateway was started on. */
export const listLogKeys = async (db: Db): Promise<readonly LogKeyRow[]> => {
  const { rows } = await db.query<Omit<LogKeyRow, 'end'> & { untilSize: number | null; endedAt: Date; endStatement: string }>({
    name: 'list-log-keys',
    text: `
      with recursive chain as (
        select k.kid, 0 as place from log_key k where k.follows is null
        union all
        select k.kid, chain.place + 1 from log_key k join chain on k.follows = chain.kid)
      select k.kid, k.verifier_key as "verifierKey", k.follows, k.from_size as "fromSize", k.began_at as "beganAt", k.statement,
             e.until_size as "untilSize", e.ended_at as "endedAt", e.statement as "endStatement"
        from chain join log_key k on k.kid = chain.kid left join log_key_end e on e.kid = k.kid
       order by chain.place`,
  })
  return rows.map(({ untilSize, endedAt, endStatement, ...key }) => ({
    ...key,
    end: untilSize === null ? null : { untilSize, endedAt, statement: endStatement },
  }))
}

/** The first key of a log: false when another was first. */
export const insertFirstLogKey = async (
  db: Db,
  { kid, verifierKey, at }: { readonly kid: string; readonly verifierKey: string; readonly at: Date },
): Promise<boolean> => {
  const { rowCount } = await db.query({
    text: 'insert into log_key (kid, verifier_key, from_size, began_at) values ($1, $2, 0, $3) on conflict do nothing',
    values: [kid, verifierKey, at],
  })
  return rowCount === 1
}

export const insertLogKey = async (
  tx: Tx,
  key: Pick<LogKeyRow, 'kid' | 'verifierKey' | 'follows' | 'fromSize' | 'beganAt' | 'statement'> & { readonly entryId: string },
): Promise<void> => {
  await tx.query({
    text: `insert into log_key (kid, verifier_key, follows, from_size, began_at, statement, entry_id) values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [key.kid, key.verifierKey, key.follows, key.fromSize, key.beganAt, key.statement, key.entryId],
  })
}

export interface LogKeyEnd {
  readonly kid: string
  readonly batchHeader: string
  readonly untilSize: number
  readonly endedAt: Date
  readonly statement: string
  readonly entryId: string
}

export const insertLogKeyEnd = async (tx: Tx, end: LogKeyEnd): Promise<void> => {
  await tx.query({
    text: `insert into log_key_end (kid, batch_header, until_size, ended_at, statement, entry_id) values ($1, $2, $3, $4, $5, $6)`,
    values: [end.kid, end.batchHeader, end.untilSize, end.endedAt, end.statement, end.entryId],
  })
}

export const hasLogKeyEnded = async (db: Db, verifierKey: string): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'has-log-key-ended',
    text: 'select 1 from log_key_end e join log_key k on k.kid = e.kid where k.verifier_key = $1',
    values: [verifierKey],
  })
  return rows.length === 1
}

/** Seconds since this key last signed a commit, where that was in the last few minutes; null where it was not. */
export const readLastUse = async (db: Db, batchHeader: string): Promise<number | null> => {
  const { rows } = await db.query<{ seconds: number | null }>({
    text: `
      select extract(epoch from statement_timestamp() - max(b.committed_at))::float8 as seconds from log_batch b
       where b.committed_at > statement_timestamp() - interval '5 minutes' and split_part(b.jws, '.', 1) = $1`,
    values: [batchHeader],
  })
  return rows[0]?.seconds ?? null
}

/** From here to the end of the transaction nobody else commits to the log, and all that was committed is seen. */
export const holdLogCommits = async (tx: Tx): Promise<void> => {
  await tx.query({ text: 'select hold_log_commits()' })
}
