import type { Db, Tx } from '../db.ts'

export interface Transfer {
  readonly id: string
  readonly offenderId: string
  readonly fromAreaId: string
  readonly toAreaId: string
  readonly addressStableSince: string
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

export const insertTransfer = async (tx: Tx, row: Transfer): Promise<void> => {
  await tx.query({
    name: 'insert-transfer',
    text: `
      insert into area_transfer (id, offender_id, from_area_id, to_area_id, address_stable_since, proposed_by_agency, proposed_by_person,
                                 proposed_at)
      values ($1, $2, $3, $4, $5::date, $6, $7, $8)`,
    values: [row.id, row.offenderId, row.fromAreaId, row.toAreaId, row.addressStableSince, row.byAgency, row.byPerson, row.at],
  })
}

export interface TransferState extends Transfer {
  readonly answers: readonly {
    readonly areaId: string
    readonly accepted: boolean
    readonly reviewOn: string | null
    readonly byAgency: string
    readonly byPerson: string
  }[]
}

const columns = `
  t.id, t.offender_id as "offenderId", t.from_area_id as "fromAreaId", t.to_area_id as "toAreaId",
  t.address_stable_since::text as "addressStableSince", t.proposed_by_agency as "byAgency", t.proposed_by_person as "byPerson",
  t.proposed_at as at,
  coalesce((select json_agg(json_build_object('areaId', a.area_id, 'accepted', a.accepted, 'reviewOn', a.review_on,
              'byAgency', a.answered_by_agency, 'byPerson', a.answered_by_person)) from area_transfer_answer a
             where a.transfer_id = t.id), '[]') as answers`

export const findTransfer = async (db: Db, id: string): Promise<TransferState | null> => {
  const { rows } = await db.query<TransferState>({
    name: 'find-transfer',
    text: `select ${columns} from area_transfer t where t.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** A transfer that neither both areas have accepted nor one has refused; one at a time. */
export const findOpenTransfer = async (db: Db, offenderId: string): Promise<string | null> => {
  const { rows } = await db.query<{ id: string }>({
    name: 'find-open-transfer',
    text: `
      select t.id from area_transfer t
       where t.offender_id = $1
         and not exists (select from area_transfer_answer a where a.transfer_id = t.id and not a.accepted)
         and (select count(*) from area_transfer_answer a where a.transfer_id = t.id) < 2`,
    values: [offenderId],
  })
  return rows[0]?.id ?? null
}

/** False when the area has answered already. */
export const insertTransferAnswer = async (
  tx: Tx,
  answer: {
    readonly transferId: string
    readonly areaId: string
    readonly accepted: boolean
    /** Set by the area that takes the case. */
    readonly reviewOn: string | null
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-transfer-answer',
    text: `
      insert into area_transfer_answer (transfer_id, area_id, accepted, answered_by_agency, answered_by_person, answered_at,
                                        review_on)
      values ($1, $2, $3, $4, $5, $6, $7::date)
      on conflict do nothing`,
    values: [answer.transferId, answer.areaId, answer.accepted, answer.byAgency, answer.byPerson, answer.at, answer.reviewOn],
  })
  return rowCount > 0
}

/** Gives the case its one new owner and the day of its next review, if it still has the one that the transfer is from. */
export const moveToArea = async (
  tx: Tx,
  move: { readonly offenderId: string; readonly fromAreaId: string; readonly toAreaId: string; readonly reviewOn: string },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'move-to-area',
    text: 'update offender set area_id = $3, review_on = $4::date where offender.id = $1 and offender.area_id = $2',
    values: [move.offenderId, move.fromAreaId, move.toAreaId, move.reviewOn],
  })
  return rowCount > 0
}

/** Agencies tied to the case that serve one area only, and another than this. */
export const findAgenciesOutside = async (db: Db, offenderId: string, areaId: string): Promise<readonly string[]> => {
  const { rows } = await db.query<{ agencyId: string }>({
    name: 'find-agencies-outside',
    text: `
      select a.id as "agencyId" from agency a
       where a.area_id is not null and a.area_id <> $2 and a.id in (
         select r.agency_id from case_relationship r
          where r.offender_id = $1 and (r.to_at is null or r.to_at > statement_timestamp())
         union select o.lead_agency_id from offender o where o.id = $1
         union select o.supervisor_agency_id from offender o where o.id = $1)
       order by a.id`,
    values: [offenderId, areaId],
  })
  return rows.map(({ agencyId }) => agencyId)
}

/** Ends what tied these agencies to the case: they do not serve the area it now belongs to. */
export const endTiesOf = async (
  tx: Tx,
  ended: { readonly offenderId: string; readonly agencyIds: readonly string[]; readonly at: Date },
): Promise<void> => {
  await tx.query({
    name: 'end-ties-of',
    text: `
      update case_relationship set to_at = $3
       where case_relationship.offender_id = $1 and case_relationship.agency_id = any($2::text[])
         and (case_relationship.to_at is null or case_relationship.to_at > $3)`,
    values: [ended.offenderId, ended.agencyIds, ended.at],
  })
}
