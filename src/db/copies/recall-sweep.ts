import type { Tx } from '../db.ts'

/** Until this transaction ends nobody else looks for what ended; false when somebody does. */
export const lockRecalls = async (tx: Tx): Promise<boolean> => {
  const { rows } = await tx.query<{ locked: boolean }>({
    text: `select pg_try_advisory_xact_lock(hashtextextended('copy recalls', 0)) as locked`,
  })
  return rows[0]?.locked === true
}
