import type { IdentifierKind } from '../../core/vocabulary.ts'
import type { Db } from '../db.ts'

/** Whom the asking person has a route to: everything is filtered by it before anything is matched, counted or capped. */
export interface Reach {
  readonly agencyId: string
  readonly personSub: string
  /** Areas whose cases the person's appointments tie them to. */
  readonly areaIds: readonly string[]
  /** Areas whose neighbourhood team the person belongs to. */
  readonly beatIds: readonly string[]
  /** True for a prison's reception: people held by the own establishment. */
  readonly admitted: boolean
}

export interface Match {
  readonly offenderId: string
  readonly strength: 'identifier' | 'exact' | 'close' | 'list'
}

const inReach = `
  o.basis = 'cohort' and (
    o.area_id = any($2::text[])
    or ($3 and o.custody_agency_id = $1)
    or exists (select 1 from case_relationship r
                where r.offender_id = o.id and r.agency_id = $1
                  and (r.person_sub = $4 or (r.person_sub is null and r.kind = 'nominating-agency'))
                  and r.from_at <= statement_timestamp() and (r.to_at is null or r.to_at > statement_timestamp())))`

const reachValues = (reach: Reach): unknown[] => [reach.agencyId, reach.areaIds, reach.admitted, reach.personSub]

/** At most one person carries a number, but two agencies may use the same one. */
export const findByIdentifier = async (
  db: Db,
  reach: Reach,
  identifier: { readonly kind: IdentifierKind; readonly value: string },
): Promise<readonly Match[]> => {
  const { rows } = await db.query<Match>({
    name: 'find-by-identifier',
    text: `select distinct o.id as "offenderId", 'identifier' as strength
             from identifier i join offender o on o.id = i.offender_id
            where i.kind = $5 and i.value = $6 and ${inReach}`,
    values: [...reachValues(reach), identifier.kind, normalised(identifier.value)],
  })
  return rows
}

/** Upper case, letters and digits only: how numbers are stored and compared. */
export const normalised = (value: string): string => value.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

/** Exact names first, then names that read or sound alike, with the birth date counting where it is given; best first. */
export const findByName = async (
  db: Db,
  reach: Reach,
  asked: { readonly givenName: string; readonly familyName: string; readonly bornOn: string | null; readonly limit: number },
): Promise<readonly Match[]> => {
  const { rows } = await db.query<Match>({
    name: 'find-by-name',
    text: `
      with asked as (select regexp_replace(lower($5 || ' ' || $6), '[^a-z0-9 ]', '', 'g') as name, $7::date as born_on)
      select o.id as "offenderId",
             case when o.search_name = asked.name and (asked.born_on is null or o.born_on = asked.born_on) then 'exact' else 'close' end as strength
        from asked join offender o
          on o.search_name % asked.name
          or (dmetaphone(o.family_name) = dmetaphone($6) and o.born_on = asked.born_on)
       where ${inReach}
         and (asked.born_on is null or o.born_on = asked.born_on or similarity(o.search_name, asked.name) > 0.6)
       order by (o.search_name = asked.name) desc, (o.born_on = asked.born_on) desc nulls last,
                similarity(o.search_name, asked.name) desc, o.id
       limit $8`,
    values: [...reachValues(reach), asked.givenName, asked.familyName, asked.bornOn, asked.limit],
  })
  return rows
}

/** A whole list, for those entitled to it: the own area's or beat's cohort, or the people held by the own establishment. */
export const listInReach = async (
  db: Db,
  reach: Reach,
  list: { readonly which: 'own-area' | 'own-beat' | 'admitted'; readonly limit: number },
): Promise<readonly Match[]> => {
  const { rows } = await db.query<Match>({
    name: 'list-in-reach',
    text: `select o.id as "offenderId", 'list' as strength from offender o
            where ${inReach} and case $5 when 'admitted' then $3 and o.custody_agency_id = $1
                                         when 'own-beat' then o.area_id = any($7::text[])
                                         else o.area_id = any($2::text[]) end
            order by o.family_name, o.given_name, o.id limit $6`,
    values: [...reachValues(reach), list.which, list.limit, reach.beatIds],
  })
  return rows
}
