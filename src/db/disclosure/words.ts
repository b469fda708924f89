import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { Db, Tx } from '../db.ts'

/** The newest version of the words proposed for a request, and the agencies that accepted exactly these. */
export interface Words {
  readonly version: number
  readonly hash: string
  readonly sealed: Uint8Array
  readonly acceptedBy: readonly string[]
}

/** Null: no words were proposed. `version` null asks for the newest. */
export const findWords = async (db: Db, requestId: string, version: number | null = null): Promise<Words | null> => {
  const { rows } = await db.query<Words>({
    name: 'find-form-of-words',
    text: `
      select w.version, w.hash, w.sealed,
             coalesce((select array_agg(a.agency_id order by a.agency_id) from form_of_words_acceptance a
                        where a.request_id = w.request_id and a.version = w.version and a.hash = w.hash), '{}') as "acceptedBy"
        from form_of_words w
       where w.request_id = $1 and ($2::integer is null or w.version = $2)
       order by w.version desc limit 1`,
    values: [requestId, version],
  })
  return rows[0] ?? null
}

export const insertWords = async (
  tx: Tx,
  row: { readonly requestId: string; readonly version: number; readonly hash: string; readonly sealed: Uint8Array },
): Promise<void> => {
  await tx.query({
    name: 'insert-form-of-words',
    text: 'insert into form_of_words (request_id, version, hash, sealed) values ($1, $2, $3, $4)',
    values: [row.requestId, row.version, row.hash, row.sealed],
  })
}

/** False: the agency accepted this version before. */
export const insertAcceptance = async (
  tx: Tx,
  row: { readonly requestId: string; readonly version: number; readonly hash: string; readonly by: NamedPerson; readonly at: Date },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-form-of-words-acceptance',
    text: `
      insert into form_of_words_acceptance (request_id, version, hash, agency_id, person_sub, accepted_at)
      values ($1, $2, $3, $4, $5, $6) on conflict (request_id, version, agency_id) do nothing`,
    values: [row.requestId, row.version, row.hash, row.by.agencyId, row.by.sub, row.at],
  })
  return rowCount > 0
}
