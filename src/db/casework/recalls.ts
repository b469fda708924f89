import type { RecallTier } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'

/** Does the minute of that id record a recall of this person? */
export const minutesShowRecall = async (db: Db, minute: { readonly id: string; readonly offenderId: string }): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'minutes-show-recall',
    text: `select from minute_reference m where m.id = $1 and m.offender_id = $2 and m.matter = 'recall'`,
    values: [minute.id, minute.offenderId],
  })
  return rows.length === 1
}

export const insertRecallAuthorisation = async (
  tx: Tx,
  row: {
    readonly id: string
    readonly offenderId: string
    readonly minuteReferenceId: string
    readonly byAgency: string
    readonly byPerson: string
    readonly sealed: Uint8Array
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-recall-authorisation',
    text: `
      insert into recall_authorisation (id, offender_id, minute_reference_id, authorised_by_agency, authorised_by_person, sealed, authorised_at)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [row.id, row.offenderId, row.minuteReferenceId, row.byAgency, row.byPerson, row.sealed, row.at],
  })
}

export const findRecallAuthorisation = async (
  db: Db,
  authorisation: { readonly id: string; readonly offenderId: string },
): Promise<{ readonly agencyId: string; readonly personSub: string; readonly used: boolean } | null> => {
  const { rows } = await db.query<{ agencyId: string; personSub: string; used: boolean }>({
    name: 'find-recall-authorisation',
    text: `
      select a.authorised_by_agency as "agencyId", a.authorised_by_person as "personSub",
             exists (select from recall r where r.authorisation_id = a.id) as used
        from recall_authorisation a where a.id = $1 and a.offender_id = $2`,
    values: [authorisation.id, authorisation.offenderId],
  })
  return rows[0] ?? null
}

export const insertRecall = async (
  tx: Tx,
  row: {
    readonly id: string
    readonly offenderId: string
    readonly tier: RecallTier
    readonly authorisationId: string | null
    readonly policeExchangeAt: Date | null
    readonly applicationAt: Date
    readonly exception: boolean
    readonly dueAt: Date
    readonly sealed: Uint8Array
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-recall',
    text: `
      insert into recall (id, offender_id, tier, authorisation_id, police_exchange_at, application_at, exception, due_at, sealed,
                          proposed_by_agency, proposed_by_person, recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      ...[row.id, row.offenderId, row.tier, row.authorisationId, row.policeExchangeAt, row.applicationAt, row.exception, row.dueAt],
      ...[row.sealed, row.byAgency, row.byPerson, row.at],
    ],
  })
}
