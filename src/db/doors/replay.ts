import { type Database, withTransaction } from '../db.ts'

/**
 * Remembers proofs of possession for their window, shared by every instance, many in one commit. A lost commit only forgets
 * proofs of the last moment before a power cut, which the restart outlives: so it need not wait for the disk.
 */
export const makeRememberProof = (database: Database): ((key: string, expiresAt: Date) => Promise<boolean>) => {
  let waiting: { key: string; expiresAt: Date; resolve: (isNew: boolean) => void; reject: (cause: unknown) => void }[] = []

  const flush = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    try {
      const added = await insertProofs(database, batch)
      for (const one of batch) {
        // Of two equal keys in one batch the first is new.
        one.resolve(added.delete(one.key))
      }
    } catch (cause) {
      for (const one of batch) one.reject(cause)
    }
  }

  return (key, expiresAt) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, expiresAt, resolve, reject })
      if (waiting.length === 1) setImmediate(() => void flush())
    })
}

const insertProofs = (database: Database, batch: readonly { key: string; expiresAt: Date }[]): Promise<Set<string>> =>
  withTransaction(database, async (tx) => {
    await tx.query({ text: 'set local synchronous_commit = off' })
    const { rows } = await tx.query<{ key: string }>({
      name: 'insert-proofs',
      text: `insert into replay (key, expires_at) select p.key, p.expires_at from unnest($1::text[], $2::timestamptz[]) as p (key, expires_at)
             on conflict (key) do nothing returning replay.key`,
      values: [batch.map((one) => one.key), batch.map((one) => one.expiresAt)],
    })
    return new Set(rows.map((row) => row.key))
  })

/** Forgets what can no longer be replayed. */
export const forgetExpired = async (database: Database): Promise<void> => {
  await database.query({ name: 'forget-proofs', text: `delete from replay where replay.expires_at < statement_timestamp()` })
  await database.query({
    name: 'forget-answers',
    text: `delete from idempotency where idempotency.created_at < statement_timestamp() - interval '24 hours'`,
  })
  await database.query({
    name: 'forget-quota',
    text: `delete from search_quota where search_quota.window_start < statement_timestamp() - interval '1 hour'`,
  })
}
