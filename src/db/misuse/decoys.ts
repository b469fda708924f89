import type { Cohort, Strand } from '../../core/vocabulary.ts'
import type { Actor } from '../log/retention.ts'
import type { Tx } from '../db.ts'

export interface NewDecoy {
  readonly offenderId: string
  readonly givenName: string
  readonly familyName: string
  readonly bornOn: string
  readonly areaId: string
  readonly cohort: Cohort
  readonly strand: Strand
  readonly statutory: boolean
  readonly leadAgencyId: string | null
  /** The last day on which the next review is in time, as of everybody registered. */
  readonly reviewOn: string
}

/** Adds a person who does not exist to the register, in a row like any other; one table alone knows. */
export const insertDecoy = async (tx: Tx, decoy: NewDecoy, by: Actor, at: Date): Promise<void> => {
  await tx.query({
    text: `
      with person as (
        insert into offender (id, given_name, family_name, born_on, area_id, cohort, strand, statutory, lead_agency_id, cohort_since, review_on)
        values ($1, $2, $3, $4::date, $5, $6, $7, $8, $9, $12, $13::date)
        returning id
      )
      insert into decoy (offender_id, registered_by_agency, registered_by_person, registered_at)
      select person.id, $10, $11, $12 from person`,
    values: [
      decoy.offenderId,
      decoy.givenName,
      decoy.familyName,
      decoy.bornOn,
      decoy.areaId,
      decoy.cohort,
      decoy.strand,
      decoy.statutory,
      decoy.leadAgencyId,
      by.agencyId,
      by.personSub,
      at,
      decoy.reviewOn,
    ],
  })
}

export interface DecoyRow {
  readonly offenderId: string
  readonly areaId: string
  readonly registeredAt: Date
  readonly retiredAt: Date | null
}

/** Decoys after an id, in the order of their ids; one more than the limit tells that there are more. */
export const listDecoys = async (tx: Tx, page: { readonly after: string | null; readonly limit: number }): Promise<readonly DecoyRow[]> => {
  const { rows } = await tx.query<DecoyRow>({
    name: 'list-decoys',
    text: `
      select d.offender_id as "offenderId", o.area_id as "areaId", d.registered_at as "registeredAt", r.retired_at as "retiredAt"
        from decoy d
        join offender o on o.id = d.offender_id
        left join decoy_retirement r on r.offender_id = d.offender_id
       where $1::uuid is null or d.offender_id > $1 order by d.offender_id limit $2`,
    values: [page.after, page.limit],
  })
  return rows
}

/**
 * Ends a decoy: the row stays, out of the cohort like one of somebody de-selected.
 * @returns whether it was retired now, or before; null when there is no such decoy
 */
export const retireDecoy = async (tx: Tx, offenderId: string, by: Actor, at: Date): Promise<{ readonly retired: boolean } | null> => {
  const { rows } = await tx.query<{ found: boolean; retired: boolean }>({
    text: `
      with known as (select d.offender_id from decoy d where d.offender_id = $1),
      retired as (
        insert into decoy_retirement (offender_id, retired_by_agency, retired_by_person, retired_at)
        select known.offender_id, $2, $3, $4 from known on conflict do nothing returning offender_id
      ),
      closed as (update offender as o set basis = 'closed' from retired r where o.id = r.offender_id)
      select exists (select from known) as found, exists (select from retired) as retired`,
    values: [offenderId, by.agencyId, by.personSub, at],
  })
  const [row] = rows
  return row?.found === true ? { retired: row.retired } : null
}
