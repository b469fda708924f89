import type { Role } from '../../core/vocabulary.ts'
import type { Db } from '../db.ts'

export interface RegisteredSystem {
  readonly clientId: string
  readonly name: string
  readonly binding: 'dpop' | 'mtls' | 'bearer' | 'session'
  readonly suspendedAt: string | null
  readonly keys: readonly {
    readonly kind: 'dpop' | 'mtls'
    readonly thumbprint: string
    readonly fromAt: string
    readonly toAt: string | null
  }[]
}

interface Page {
  readonly agencyId: string
  /** The last id of the page before; empty at the beginning. */
  readonly after: string
  readonly limit: number
}

/** The systems of an agency with their keys in force, by id. */
export const listClients = async (db: Db, { agencyId, after, limit }: Page): Promise<readonly RegisteredSystem[]> => {
  const { rows } = await db.query<Omit<RegisteredSystem, 'suspendedAt'> & { readonly suspendedAt: Date | null }>({
    name: 'list-clients',
    text: `select c.id as "clientId", c.name, c.binding, c.suspended_at as "suspendedAt",
                  coalesce((select json_agg(json_build_object('kind', k.kind, 'thumbprint', k.thumbprint,
                              'fromAt', to_char(k.from_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                              'toAt', to_char(k.to_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by k.from_at)
                              from client_key k
                             where k.client_id = c.id and (k.to_at is null or k.to_at > statement_timestamp())), '[]') as keys
             from client c
            where c.agency_id = $1 and c.id > $2
            order by c.id
            limit $3`,
    values: [agencyId, after, limit],
  })
  return rows.map(({ suspendedAt, ...row }) => ({ ...row, suspendedAt: suspendedAt?.toISOString() ?? null }))
}

export interface RegisteredPerson {
  readonly sub: string
  readonly displayName: string
  readonly active: boolean
  readonly appointments: readonly {
    readonly appointmentId: string
    readonly role: Role
    readonly areaId: string | null
    readonly fromAt: string
    readonly toAt: string | null
  }[]
}

/** The people of an agency with the appointments that have not ended, by `sub`. */
export const listPeople = async (db: Db, { agencyId, after, limit }: Page): Promise<readonly RegisteredPerson[]> => {
  const { rows } = await db.query<RegisteredPerson>({
    name: 'list-people',
    text: `select p.sub, p.display_name as "displayName",
                  p.active_from <= statement_timestamp() and (p.active_to is null or p.active_to > statement_timestamp()) as active,
                  coalesce((select json_agg(json_build_object('appointmentId', ap.id, 'role', ap.role, 'areaId', ap.area_id,
                              'fromAt', to_char(ap.from_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                              'toAt', to_char(ap.to_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by ap.from_at, ap.id)
                              from appointment ap
                             where ap.agency_id = p.agency_id and ap.person_sub = p.sub
                               and (ap.to_at is null or ap.to_at > statement_timestamp())), '[]') as appointments
             from person p
            where p.agency_id = $1 and p.sub > $2
            order by p.sub
            limit $3`,
    values: [agencyId, after, limit],
  })
  return rows
}

/** Names by id, of every agency that takes part. */
export const listAgencyNames = async (db: Db): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await db.query<{ id: string; name: string }>({
    name: 'list-agency-names',
    text: 'select agency.id, agency.name from agency',
  })
  return new Map(rows.map(({ id, name }) => [id, name]))
}
