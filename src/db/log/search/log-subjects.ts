import type { IdentifierKind } from '../../../core/vocabulary.ts'
import type { Db } from '../../db.ts'
import { normalised } from '../../people/people-search.ts'

/** Whom somebody described exactly, to be found in the log. */
export type Described =
  | { readonly identifier: { readonly kind: IdentifierKind; readonly value: string } }
  | { readonly name: { readonly givenName: string; readonly familyName: string; readonly bornOn: string } }

const MOST = 20

/** Ids of the people described: of all of them, or of those whom an agency knows by a number of its own. Nobody is guessed. */
export const findDescribed = async (db: Db, described: Described, agencyId: string | null): Promise<readonly string[]> => {
  const known = `($1::text is null or exists (select from identifier k where k.offender_id = o.id and k.agency_id = $1))`
  const question =
    'identifier' in described
      ? {
          name: 'find-described-by-number',
          text: `select distinct o.id from identifier i join offender o on o.id = i.offender_id
                  where i.kind = $2 and i.value = $3 and ${known} order by o.id limit ${MOST}`,
          values: [agencyId, described.identifier.kind, normalised(described.identifier.value)],
        }
      : {
          name: 'find-described-by-name',
          text: `select o.id from offender o
                  where lower(o.given_name) = lower($2) and lower(o.family_name) = lower($3) and o.born_on = $4::date and ${known}
                  order by o.id limit ${MOST}`,
          values: [agencyId, described.name.givenName.trim(), described.name.familyName.trim(), described.name.bornOn],
        }
  const { rows } = await db.query<{ id: string }>(question)
  return rows.map(({ id }) => id)
}
