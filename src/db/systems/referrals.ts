import type { Db, Tx } from '../db.ts'

export interface Referral {
  readonly nominationId: string
  readonly from: 'mappa' | 'yos'
  readonly helpNeeded: readonly string[]
}

export const insertReferral = async (tx: Tx, row: Referral): Promise<void> => {
  await tx.query({
    name: 'insert-referral',
    text: 'insert into referral (nomination_id, referred_from, help_needed) values ($1, $2, $3)',
    values: [row.nominationId, row.from, row.helpNeeded],
  })
}

/** Null: nominated like anybody, by no other scheme. */
export const findReferral = async (db: Db, nominationId: string): Promise<Referral | null> => {
  const { rows } = await db.query<Referral>({
    name: 'find-referral',
    text: `
      select r.nomination_id as "nominationId", r.referred_from as "from", r.help_needed as "helpNeeded"
        from referral r where r.nomination_id = $1`,
    values: [nominationId],
  })
  return rows[0] ?? null
}
