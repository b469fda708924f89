import type { ChairHeld, Delegation } from '../../core/conference/acting-chair.ts'
import type { DecidingFacts } from '../../core/disclosure/decider.ts'
import type { Db } from '../db.ts'
import { together } from '../together.ts'

type InstantsAsText<Row> = { readonly [Name in keyof Row]: Row[Name] extends Date | null ? string | null : Row[Name] }

const instant = (value: string | null): Date | null => (value === null ? null : new Date(value))

const chairsWhere = (where: string): string => `
  coalesce((select json_agg(json_build_object(
      'person', json_build_object('agencyId', c.agency_id, 'sub', c.person_sub),
      'fromAt', greatest(c.from_at, nullif(p.active_from, '-infinity'), nullif(g.active_from, '-infinity')),
      'toAt', least(c.to_at, p.active_to, g.active_to, g.suspended_at)) order by c.area_id, c.from_at, c.person_sub)
    from appointment c
    join person p on p.agency_id = c.agency_id and p.sub = c.person_sub
    join agency g on g.id = c.agency_id
   where c.role = 'chair' and ${where}), '[]'::json)`

interface DecidingRow {
  readonly chairs: readonly InstantsAsText<ChairHeld>[]
  readonly others: readonly InstantsAsText<ChairHeld>[]
  readonly delegations: readonly InstantsAsText<Delegation>[]
}

const decidingFacts = together<string, DecidingRow>({
  name: 'read-deciding-facts',
  text: `
      select k.place, ${chairsWhere('c.area_id = k.area_id')} as chairs, ${chairsWhere('c.area_id <> k.area_id')} as others,
             coalesce((select json_agg(json_build_object(
                 'id', d.id, 'areaId', d.area_id, 'conferenceId', d.conference_id, 'acts', d.acts, 'fromAt', d.from_at,
                 'chair', case when d.chair_sub is not null then json_build_object('agencyId', d.chair_agency, 'sub', d.chair_sub) end,
                 'deputy', json_build_object('agencyId', d.deputy_agency, 'sub', d.deputy_sub),
                 'toAt', least(case when d.appointment_id is null then d.to_at else a.to_at end, p.active_to, g.active_to, g.suspended_at),
                 'acceptedAt', (select e.happened_at from delegation_event e where e.delegation_id = d.id and e.kind = 'accepted'),
                 'endedAt', (select min(e.happened_at) from delegation_event e
                              where e.delegation_id = d.id and e.kind in ('declined', 'revoked'))) order by d.id)
               from delegation d
               left join appointment a on a.id = d.appointment_id
               join person p on p.agency_id = d.deputy_agency and p.sub = d.deputy_sub
               join agency g on g.id = d.deputy_agency
              where d.area_id = k.area_id), '[]'::json) as delegations
        from unnest($1::text[]) with ordinality as k (area_id, place)`,
  values: (areaIds) => [areaIds],
})

/** Who chairs the area, who was ever let act for its chair, and who chairs elsewhere: what says who may decide a request. */
export const readDecidingFacts = async (db: Db, areaId: string): Promise<DecidingFacts> => {
  const [row] = await decidingFacts(db, areaId)
  const { chairs, others, delegations } = row!
  const held = (one: InstantsAsText<ChairHeld>): ChairHeld => ({ ...one, fromAt: instant(one.fromAt)!, toAt: instant(one.toAt) })
  return {
    others: others.map(held),
    own: {
      chairs: chairs.map(held),
      delegations: delegations.map((one) => ({
        ...one,
        ...{ fromAt: instant(one.fromAt)!, toAt: instant(one.toAt), acceptedAt: instant(one.acceptedAt), endedAt: instant(one.endedAt) },
      })),
    },
  }
}

/** Did everybody who was to be at the meeting sign: each agency as a member of the scheme, and each who came, person by person? */
export const allParticipantsSigned = async (db: Db, conferenceId: string, scheme: string): Promise<boolean> => {
  const { rows } = await db.query<{ signed: boolean }>({
    name: 'all-participants-signed',
    text: `
      with participant as (
        select i.agency_id, i.person_sub from conference_invitation i where i.conference_id = $1
        union select t.agency_id, t.person_sub from attendance t where t.conference_id = $1
        union select f.chair_agency, f.chair_sub from conference f where f.id = $1
      ), present as (
        select distinct on (t.agency_id, t.person_sub) t.agency_id, t.person_sub, t.state from attendance t
         where t.conference_id = $1 order by t.agency_id, t.person_sub, t.place desc
      )
      select not exists (select from participant q join agency g on g.id = q.agency_id where not $2 = any(g.schemes))
         and not exists (select from present h
                          where h.state = 'attended'
                            and coalesce((select k.kind from acknowledgement k
                                           where k.conference_id = $1 and k.agency_id = h.agency_id and k.person_sub = h.person_sub
                                           order by k.place desc limit 1), 'withdrawn') <> 'acknowledged') as signed`,
    values: [conferenceId, scheme],
  })
  return rows[0]?.signed === true
}

/** Does the conference stand open to this person's words as somebody who was there (R25)? */
export const attended = async (
  db: Db,
  conferenceId: string,
  person: { readonly agencyId: string; readonly sub: string },
): Promise<boolean> => {
  const { rows } = await db.query<{ state: string }>({
    name: 'find-last-attendance',
    text: `
      select t.state from attendance t where t.conference_id = $1 and t.agency_id = $2 and t.person_sub = $3
       order by t.place desc limit 1`,
    values: [conferenceId, person.agencyId, person.sub],
  })
  return rows[0]?.state === 'attended'
}
