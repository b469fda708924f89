import type { ChairFacts, ChairHeld, Delegation, NamedPerson } from '../../core/conference/acting-chair.ts'
import type { DelegatedAct } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface StoredDelegation extends Delegation {
  /** The deputy's appointment that carries it; null for one that a chair wrote. */
  readonly appointmentId: string | null
}

type InstantsAsText<Row> = { readonly [Name in keyof Row]: Row[Name] extends Date | null ? string | null : Row[Name] }

const instant = (value: string | null): Date | null => (value === null ? null : new Date(value))

/** A standing delegation ends with the appointment that carries it. */
const columns = `
  d.id, d.area_id as "areaId", d.conference_id as "conferenceId",
  case when d.chair_sub is not null then json_build_object('agencyId', d.chair_agency, 'sub', d.chair_sub) end as chair,
  json_build_object('agencyId', d.deputy_agency, 'sub', d.deputy_sub) as deputy, d.acts, d.from_at as "fromAt",
  case when d.appointment_id is null then d.to_at else a.to_at end as "toAt", d.appointment_id as "appointmentId",
  (select e.happened_at from delegation_event e where e.delegation_id = d.id and e.kind = 'accepted') as "acceptedAt",
  (select min(e.happened_at) from delegation_event e where e.delegation_id = d.id and e.kind in ('declined', 'revoked')) as "endedAt"`

const from = 'from delegation d left join appointment a on a.id = d.appointment_id'

/** Everything that says whether this person may act as chair in the area; intervals as they stand, weighed by core. */
export const readChairFacts = async (db: Db, areaId: string, person: NamedPerson): Promise<ChairFacts> => {
  const { rows } = await db.query<{
    chairs: readonly InstantsAsText<ChairHeld>[]
    delegations: readonly InstantsAsText<StoredDelegation>[]
  }>({
    name: 'read-chair-facts',
    text: `
      select coalesce((select json_agg(json_build_object(
                 'person', json_build_object('agencyId', c.agency_id, 'sub', c.person_sub),
                 'fromAt', greatest(c.from_at, nullif(p.active_from, '-infinity'), nullif(g.active_from, '-infinity')),
                 'toAt', least(c.to_at, p.active_to, g.active_to, g.suspended_at)))
               from appointment c
               join person p on p.agency_id = c.agency_id and p.sub = c.person_sub
               join agency g on g.id = c.agency_id
              where c.area_id = $1 and c.role = 'chair'), '[]'::json) as chairs,
             coalesce((select json_agg(row_to_json(o)) from (
               select ${columns} ${from} where d.area_id = $1 and d.deputy_agency = $2 and d.deputy_sub = $3) o), '[]'::json) as delegations`,
    values: [areaId, person.agencyId, person.sub],
  })
  const { chairs, delegations } = rows[0]!
  return {
    chairs: chairs.map((held) => ({ ...held, fromAt: instant(held.fromAt)!, toAt: instant(held.toAt) })),
    delegations: delegations.map((one) => ({
      ...one,
      ...{ fromAt: instant(one.fromAt)!, toAt: instant(one.toAt), acceptedAt: instant(one.acceptedAt), endedAt: instant(one.endedAt) },
    })),
  }
}

export const findDelegation = async (db: Db, id: string): Promise<StoredDelegation | null> => {
  const { rows } = await db.query<StoredDelegation>({
    name: 'find-delegation',
    text: `select ${columns} ${from} where d.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** Given by the person, to the person, or of areas that the person chairs; newest first. */
export const listDelegations = async (
  db: Db,
  about: {
    readonly person: NamedPerson
    readonly chairedAreaIds: readonly string[]
    readonly before: string | null
    readonly limit: number
  },
): Promise<readonly StoredDelegation[]> => {
  const { person } = about
  const { rows } = await db.query<StoredDelegation>({
    name: 'list-delegations',
    text: `
      select ${columns} ${from}
       where ((d.chair_agency = $1 and d.chair_sub = $2) or (d.deputy_agency = $1 and d.deputy_sub = $2) or d.area_id = any($3::text[]))
         and ($4::uuid is null or d.id < $4)
       order by d.id desc limit $5`,
    values: [person.agencyId, person.sub, about.chairedAreaIds, about.before, about.limit],
  })
  return rows
}

/** A deputy's appointment that carries a delegation; null when there is none of the id. */
export interface DeputyAppointment extends NamedPerson {
  readonly areaId: string
  readonly fromAt: Date
}

export const findDeputyAppointment = async (db: Db, id: string): Promise<DeputyAppointment | null> => {
  const { rows } = await db.query<DeputyAppointment>({
    name: 'find-deputy-appointment',
    text: `
      select a.agency_id as "agencyId", a.person_sub as sub, a.area_id as "areaId", a.from_at as "fromAt" from appointment a
       where a.id = $1 and a.role = 'deputy-chair' and a.area_id is not null`,
    values: [id],
  })
  return rows[0] ?? null
}

/** The appointments as deputy that the person could accept and has not. */
export const listStandingOffers = async (
  db: Db,
  person: NamedPerson,
): Promise<readonly { readonly appointmentId: string; readonly areaId: string; readonly fromAt: Date; readonly toAt: Date | null }[]> => {
  const { rows } = await db.query<{ appointmentId: string; areaId: string; fromAt: Date; toAt: Date | null }>({
    name: 'list-standing-offers',
    text: `
      select a.id as "appointmentId", a.area_id as "areaId", a.from_at as "fromAt", a.to_at as "toAt" from appointment a
       where a.agency_id = $1 and a.person_sub = $2 and a.role = 'deputy-chair' and a.area_id is not null
         and (a.to_at is null or a.to_at > statement_timestamp())
         and not exists (select from delegation d where d.appointment_id = a.id)
       order by a.from_at, a.id limit 100`,
    values: [person.agencyId, person.sub],
  })
  return rows
}

export const insertDelegation = async (
  tx: Tx,
  row: {
    readonly id: string
    readonly areaId: string
    readonly conferenceId: string | null
    readonly chair: NamedPerson | null
    readonly deputy: NamedPerson
    readonly acts: readonly DelegatedAct[]
    readonly fromAt: Date
    readonly toAt: Date | null
    readonly appointmentId: string | null
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-delegation',
    text: `
      insert into delegation (id, area_id, conference_id, chair_agency, chair_sub, deputy_agency, deputy_sub, acts, from_at, to_at,
                              appointment_id, written_by_agency, written_by_person, written_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    values: [
      ...[row.id, row.areaId, row.conferenceId, row.chair?.agencyId ?? null, row.chair?.sub ?? null, row.deputy.agencyId, row.deputy.sub],
      ...[row.acts, row.fromAt, row.toAt, row.appointmentId, row.byAgency, row.byPerson, row.at],
    ],
  })
}

/** False when that was said of the delegation before. */
export const insertDelegationEvent = async (
  tx: Tx,
  row: {
    readonly delegationId: string
    readonly kind: 'accepted' | 'declined' | 'revoked'
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-delegation-event',
    text: `
      insert into delegation_event (delegation_id, kind, by_agency, by_person, happened_at) values ($1, $2, $3, $4, $5)
      on conflict (delegation_id, kind) do nothing`,
    values: [row.delegationId, row.kind, row.byAgency, row.byPerson, row.at],
  })
  return rowCount > 0
}
