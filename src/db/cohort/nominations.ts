import type { Cohort, IdentifierKind } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface Nomination {
  readonly id: string
  readonly proposes: 'add' | 'remove'
  readonly areaId: string
  readonly cohort: Cohort
  readonly givenName: string
  readonly familyName: string
  readonly bornOn: string | null
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[]
  readonly sealed: Uint8Array
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

export const insertNomination = async (tx: Tx, row: Nomination): Promise<void> => {
  await tx.query({
    name: 'insert-nomination',
    text: `
      insert into nomination (id, proposes, area_id, cohort, given_name, family_name, born_on, identifiers, sealed,
                              nominated_by_agency, nominated_by_person, nominated_at)
      values ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10, $11, $12)`,
    values: [
      ...[row.id, row.proposes, row.areaId, row.cohort, row.givenName, row.familyName, row.bornOn, JSON.stringify(row.identifiers)],
      ...[row.sealed, row.byAgency, row.byPerson, row.at],
    ],
  })
}

/** `registered` is told apart, because a nomination is registered once. */
export const findNomination = async (db: Db, id: string): Promise<(Nomination & { readonly registered: boolean }) | null> => {
  const { rows } = await db.query<Nomination & { registered: boolean }>({
    name: 'find-nomination',
    text: `
      select n.id, n.proposes, n.area_id as "areaId", n.cohort, n.given_name as "givenName", n.family_name as "familyName",
             n.born_on::text as "bornOn", n.identifiers, n.sealed, n.nominated_by_agency as "byAgency",
             n.nominated_by_person as "byPerson", n.nominated_at as at,
             exists (select from registration r where r.nomination_id = n.id) as registered
        from nomination n where n.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** Agencies whose appointees hold a role in the area now. */
export const findAreaOfficers = async (
  db: Db,
  areaId: string,
  roles: readonly string[],
): Promise<readonly { readonly agencyId: string; readonly role: string }[]> => {
  const { rows } = await db.query<{ agencyId: string; role: string }>({
    name: 'find-area-officers',
    text: `
      select distinct p.agency_id as "agencyId", p.role from appointment p
       where p.area_id = $1 and p.role = any($2::text[])
         and p.from_at <= statement_timestamp() and (p.to_at is null or p.to_at > statement_timestamp())
       order by p.agency_id, p.role`,
    values: [areaId, roles],
  })
  return rows
}
