import type { AgencyKind, Role } from '../../core/vocabulary.ts'
import type { Db } from '../db.ts'

export interface IssuerRow {
  readonly agencyId: string
  readonly issuer: string
  readonly jwksUri: string
  readonly suspended: boolean
}

/** The registered issuer of one agency; null when nobody registered it. */
export const findIssuer = async (db: Db, issuer: string): Promise<IssuerRow | null> => {
  const { rows } = await db.query<IssuerRow>({
    name: 'find-issuer',
    text: `select a.id as "agencyId", a.issuer, a.jwks_uri as "jwksUri",
                  coalesce(a.suspended_at <= statement_timestamp(), false) as suspended
             from agency a where a.issuer = $1 and a.jwks_uri is not null`,
    values: [issuer],
  })
  return rows[0] ?? null
}

export interface ClientRow {
  readonly clientId: string
  readonly agencyId: string
  readonly binding: 'dpop' | 'mtls' | 'bearer' | 'session'
  readonly suspended: boolean
  readonly keys: readonly { readonly kind: 'dpop' | 'mtls'; readonly thumbprint: string }[]
}

/** A client system with its keys in force; null when nobody registered it. */
export const findClient = async (db: Db, clientId: string): Promise<ClientRow | null> => {
  const { rows } = await db.query<ClientRow>({
    name: 'find-client',
    text: `select c.id as "clientId", c.agency_id as "agencyId", c.binding,
                  coalesce(c.suspended_at <= statement_timestamp(), false) as suspended,
                  coalesce((select json_agg(json_build_object('kind', k.kind, 'thumbprint', k.thumbprint))
                     from client_key k where k.client_id = c.id and (k.to_at is null or k.to_at > statement_timestamp())), '[]') as keys
             from client c where c.id = $1`,
    values: [clientId],
  })
  return rows[0] ?? null
}

export interface AgencyRow {
  readonly agencyId: string
  readonly name: string
  readonly kind: AgencyKind
  readonly regime: 'law-enforcement' | 'general'
  readonly areaId: string | null
  readonly schemes: readonly string[]
  readonly suspendedAt: Date | null
}

/** Agencies in the order of their ids, after `after`; one more than `limit` tells that there are more. */
export const listAgencies = async (db: Db, page: { readonly after: string; readonly limit: number }): Promise<readonly AgencyRow[]> => {
  const { rows } = await db.query<AgencyRow>({
    name: 'list-agencies',
    text: `select a.id as "agencyId", a.name, a.kind, a.regime, a.area_id as "areaId", a.schemes, a.suspended_at as "suspendedAt"
             from agency a where a.id > $1 order by a.id limit $2`,
    values: [page.after, page.limit + 1],
  })
  return rows
}

export interface NewAgency {
  readonly agencyId: string
  readonly name: string
  readonly kind: AgencyKind
  readonly regime: 'law-enforcement' | 'general'
  readonly clearance: 'official' | 'official-sensitive'
  readonly areaId: string | null
  readonly schemes: readonly string[]
  readonly issuer: string | null
  readonly jwksUri: string | null
}

/** False when the id or the issuer is taken already. */
export const insertAgency = async (db: Db, agency: NewAgency): Promise<boolean> => {
  const { rowCount } = await db.query({
    name: 'insert-agency',
    text: `insert into agency (id, name, kind, regime, clearance, area_id, schemes, issuer, jwks_uri)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    values: [
      agency.agencyId,
      agency.name,
      agency.kind,
      agency.regime,
      agency.clearance,
      agency.areaId,
      agency.schemes,
      agency.issuer,
      agency.jwksUri,
    ],
  })
  return rowCount === 1
}

export const setAgencySuspended = async (db: Db, agencyId: string, suspended: boolean): Promise<boolean> => {
  const { rowCount } = await db.query({
    name: 'set-agency-suspended',
    text: `update agency set suspended_at = case when $2 then statement_timestamp() end where id = $1`,
    values: [agencyId, suspended],
  })
  return rowCount === 1
}

export const insertClient = async (
  db: Db,
  client: {
    readonly clientId: string
    readonly agencyId: string
    readonly name: string
    readonly binding: ClientRow['binding']
    readonly discoveryUri?: string | null
  },
): Promise<boolean> => {
  const { rowCount } = await db.query({
    name: 'insert-client',
    text: `insert into client (id, agency_id, name, binding, discovery_uri) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    values: [client.clientId, client.agencyId, client.name, client.binding, client.discoveryUri ?? null],
  })
  return rowCount === 1
}

export const setClientSuspended = async (db: Db, clientId: string, suspended: boolean): Promise<boolean> => {
  const { rowCount } = await db.query({
    name: 'set-client-suspended',
    text: `update client set suspended_at = case when $2 then statement_timestamp() end where id = $1`,
    values: [clientId, suspended],
  })
  return rowCount === 1
}

export const insertClientKey = async (
  db: Db,
  key: { id: string; clientId: string; kind: 'dpop' | 'mtls'; thumbprint: string },
): Promise<boolean> => {
  const { rowCount } = await db.query({
    name: 'insert-client-key',
    text: `insert into client_key (id, client_id, kind, thumbprint) values ($1, $2, $3, $4)
           on conflict (client_id, thumbprint) do update set to_at = null where client_key.to_at is not null`,
    values: [key.id, key.clientId, key.kind, key.thumbprint],
  })
  return rowCount === 1
}

/** Lets every other key of the system that is in force end so many hours from now; one that ends sooner keeps its end. */
export const endOtherKeys = async (
  db: Db,
  but: { readonly clientId: string; readonly thumbprint: string; readonly inHours: number },
): Promise<readonly { readonly thumbprint: string; readonly toAt: Date }[]> => {
  const { rows } = await db.query<{ thumbprint: string; toAt: Date }>({
    name: 'end-other-keys',
    text: `update client_key set to_at = least(client_key.to_at, statement_timestamp() + make_interval(hours => $3))
            where client_key.client_id = $1 and client_key.thumbprint <> $2
              and (client_key.to_at is null or client_key.to_at > statement_timestamp())
            returning client_key.thumbprint, client_key.to_at as "toAt"`,
    values: [but.clientId, but.thumbprint, but.inHours],
  })
  return rows
}

export const endClientKey = async (db: Db, key: { clientId: string; thumbprint: string }): Promise<boolean> => {
  const { rowCount } = await db.query({
    name: 'end-client-key',
    text: `update client_key set to_at = statement_timestamp() 
            where client_id = $1 and thumbprint = $2 and (to_at is null or to_at > statement_timestamp())`,
    values: [key.clientId, key.thumbprint],
  })
  return rowCount === 1
}

export interface NewPerson {
  readonly agencyId: string
  readonly sub: string
  readonly displayName: string
  readonly activeFrom: string | null
  readonly activeTo: string | null
  readonly intelligenceVettedUntil: string | null
  readonly visorTrainedUntil: string | null
}

/** Registers a named person, or brings their dates up to date. */
export const putPerson = async (db: Db, person: NewPerson): Promise<void> => {
  await db.query({
    name: 'put-person',
    text: `insert into person (agency_id, sub, display_name, active_from, active_to, intelligence_vetted_until, visor_trained_until)
           values ($1, $2, $3, coalesce($4::timestamptz, '-infinity'), $5, $6, $7)
           on conflict (agency_id, sub) do update
             set display_name = excluded.display_name, active_from = excluded.active_from, active_to = excluded.active_to,
                 intelligence_vetted_until = excluded.intelligence_vetted_until, visor_trained_until = excluded.visor_trained_until`,
    values: [
      person.agencyId,
      person.sub,
      person.displayName,
      person.activeFrom,
      person.activeTo,
      person.intelligenceVettedUntil,
      person.visorTrainedUntil,
    ],
  })
}

export const personExists = async (db: Db, agencyId: string, sub: string): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'person-exists',
    text: 'select 1 from person p where p.agency_id = $1 and p.sub = $2',
    values: [agencyId, sub],
  })
  return rows.length === 1
}

export interface NewAppointment {
  readonly id: string
  readonly agencyId: string
  readonly sub: string
  readonly role: Role
  readonly areaId: string | null
  readonly fromAt: string
  readonly toAt: string | null
}

export const insertAppointment = async (db: Db, appointment: NewAppointment): Promise<void> => {
  await db.query({
    name: 'insert-appointment',
    text: `insert into appointment (id, agency_id, person_sub, role, area_id, from_at, to_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      appointment.id,
      appointment.agencyId,
      appointment.sub,
      appointment.role,
      appointment.areaId,
      appointment.fromAt,
      appointment.toAt,
    ],
  })
}

export const findAppointmentAgency = async (db: Db, id: string): Promise<string | null> => {
  const { rows } = await db.query<{ agencyId: string }>({
    name: 'find-appointment-agency',
    text: 'select ap.agency_id as "agencyId" from appointment ap where ap.id = $1',
    values: [id],
  })
  return rows[0]?.agencyId ?? null
}

/** Ends an appointment now; one that has not begun never begins. */
export const endAppointment = async (db: Db, id: string): Promise<void> => {
  await db.query({
    name: 'end-appointment',
    text: `update appointment
              set to_at = greatest(statement_timestamp(), appointment.from_at + interval '1 microsecond')
            where id = $1 and (to_at is null or to_at > statement_timestamp())`,
    values: [id],
  })
}

export const areaExists = async (db: Db, areaId: string): Promise<boolean> => {
  const { rows } = await db.query({ name: 'area-exists', text: 'select 1 from area a where a.id = $1', values: [areaId] })
  return rows.length === 1
}

export const insertSignatoryKey = async (
  db: Db,
  key: { thumbprint: string; agencyId: string; sub: string; jwk: unknown },
): Promise<boolean> => {
  const { rowCount } = await db.query({
    name: 'insert-signatory-key',
    text: `insert into signatory_key (thumbprint, agency_id, person_sub, jwk) values ($1, $2, $3, $4) on conflict do nothing`,
    values: [key.thumbprint, key.agencyId, key.sub, JSON.stringify(key.jwk)],
  })
  return rowCount === 1
}
