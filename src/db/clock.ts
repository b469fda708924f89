import type { Db } from './db.ts'

/** The database's own clock: the only one that dates what is committed. Never `now()`, which is when the transaction began. */
export async function readClock(db: Db): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>({ name: 'read-clock', text: 'select statement_timestamp() as at' })
  const [row] = rows
  if (row === undefined) throw new Error('PostgreSQL did not tell the time.')
  return row.at
}
