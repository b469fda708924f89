import type { Category } from '../../core/vocabulary.ts'
import type { Tx } from '../db.ts'

/** Replaces what an agency keeps here in one category about one person. The sealed bytes are bound to the row's id. */
export const putHostedRecord = async (
  tx: Tx,
  record: { id: string; offenderId: string; category: Category; agencyId: string; sealed: Uint8Array },
): Promise<void> => {
  await tx.query({
    name: 'put-hosted-record',
    text: `insert into hosted_record (id, offender_id, category, agency_id, sealed) values ($1, $2, $3, $4, $5)
           on conflict (offender_id, category, agency_id) do update
             set id = excluded.id, sealed = excluded.sealed, recorded_at = statement_timestamp()`,
    values: [record.id, record.offenderId, record.category, record.agencyId, record.sealed],
  })
}
