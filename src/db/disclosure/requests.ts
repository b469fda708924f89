import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { RequestEvent, RequestEventKind, RequestState } from '../../core/disclosure/request-state.ts'
import type { ConferenceKind } from '../../core/case-vocabulary.ts'
import type { LegalGateway, Purpose } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'
import { together } from '../together.ts'
import { insertRequestRecords, type NamedRecord } from './records.ts'

export interface DisclosureRequest {
  readonly id: string
  readonly conferenceId: string
  readonly offenderId: string
  readonly requester: NamedPerson
  readonly recipient: NamedPerson
  /** They have no system to ask through: it is handed over to them. */
  readonly recipientWithoutAccount: boolean
  readonly beneficiaries: readonly NamedPerson[]
  readonly paragraphIds: readonly string[]
  /** Parts of the person's shared record; with neither, it is all that the meeting wrote about them. */
  readonly records: readonly NamedRecord[]
  readonly purpose: Purpose
  readonly legalGateway: LegalGateway
  readonly urgency: 'routine' | 'soon' | 'urgent'
  readonly riskAssessment: string | null
  readonly askedUntil: Date | null
  readonly sealed: Uint8Array
  readonly requestedAt: Date
}

export interface StoredEvent extends RequestEvent {
  readonly actedAs: string | null
  readonly actingFor: NamedPerson | null
  readonly delegationId: string | null
  readonly by: NamedPerson
}

/** A request with everything that happened to it. */
export interface RequestFile extends DisclosureRequest {
  readonly areaId: string
  readonly conferenceKind: ConferenceKind
  readonly heldOn: string
  readonly events: readonly StoredEvent[]
  /** Null until the chair grants. */
  readonly permissionId: string | null
  readonly expiresAt: Date | null
}

/** @internal */
export type Stored = Omit<RequestFile, 'events'> & { readonly events: readonly (Omit<StoredEvent, 'at'> & { readonly at: string })[] }

/** @internal Of a request as `requestsJoined` has it, what was written once. */
export const askedColumns = `
  r.id, r.conference_id as "conferenceId", f.area_id as "areaId", f.kind as "conferenceKind", f.held_on::text as "heldOn", r.offender_id as "offenderId",
  json_build_object('agencyId', r.requester_agency, 'sub', r.requester_sub) as requester,
  json_build_object('agencyId', r.recipient_agency, 'sub', r.recipient_sub) as recipient, r.beneficiaries,
  r.recipient_without_account as "recipientWithoutAccount",
  r.paragraph_ids as "paragraphIds", r.purpose, r.legal_gateway as "legalGateway", r.urgency, r.risk_assessment as "riskAssessment",
  r.asked_until as "askedUntil", r.sealed, r.requested_at as "requestedAt", m.id as "permissionId", m.expires_at as "expiresAt",
  coalesce((select json_agg(json_build_object('category', d.category, 'supplierAgencyId', d.supplier_agency, 'fields', d.fields)
                            order by d.category, d.supplier_agency)
              from disclosure_request_record d where d.request_id = r.id), '[]'::json) as records`

/** @internal And with it all that happened. */
export const requestColumns = `${askedColumns},
  (select json_agg(json_build_object('kind', e.kind, 'at', e.happened_at, 'actedAs', e.acted_as, 'delegationId', e.delegation_id,
            'actingFor', case when e.acting_for_sub is not null
                           then json_build_object('agencyId', e.acting_for_agency, 'sub', e.acting_for_sub) end,
            'by', json_build_object('agencyId', e.by_agency, 'sub', e.by_person)) order by e.place)
     from disclosure_request_event e where e.request_id = r.id) as events`

/** What a permission has come to: what happened to it and to the request before it, in order, and the day it ends by itself. */
export interface PermissionCourse {
  readonly events: readonly StoredEvent[]
  readonly expiresAt: Date | null
}

const courses = together<string, StoredEvent & { readonly expiresAt: Date }>({
  name: 'find-course-of-permission',
  text: `
      select k.place, e.kind, e.happened_at as at, e.acted_as as "actedAs", e.delegation_id as "delegationId",
             case when e.acting_for_sub is not null
                  then json_build_object('agencyId', e.acting_for_agency, 'sub', e.acting_for_sub) end as "actingFor",
             json_build_object('agencyId', e.by_agency, 'sub', e.by_person) as by, m.expires_at as "expiresAt"
        from unnest($1::uuid[]) with ordinality as k (id, place)
        join permission m on m.id = k.id join disclosure_request_event e on e.request_id = m.request_id order by k.place, e.place`,
  values: (ids) => [ids],
})

export const findCourse = async (db: Db, permissionId: string): Promise<PermissionCourse> => {
  const rows = await courses(db, permissionId)
  return { events: rows.map(({ expiresAt: _, ...event }) => event), expiresAt: rows[0]?.expiresAt ?? null }
}

/** @internal */
export const requestsJoined =
  'from disclosure_request r join conference f on f.id = r.conference_id left join permission m on m.request_id = r.id'

/** @internal */
export const fileOf = (row: Stored): RequestFile => ({ ...row, events: row.events.map((event) => ({ ...event, at: new Date(event.at) })) })

const byRequest = together<string, Stored>({
  name: 'find-disclosure-request',
  text: `select k.place, ${requestColumns} ${requestsJoined} join unnest($1::uuid[]) with ordinality as k (id, place) on k.id = r.id`,
  values: (ids) => [ids],
})

const byPermission = together<string, Stored>({
  name: 'find-disclosure-request-of-permission',
  text: `select k.place, ${requestColumns} ${requestsJoined} join unnest($1::uuid[]) with ordinality as k (id, place) on k.id = m.id`,
  values: (ids) => [ids],
})

/** By the id of the request or of the permission that it became; null: none. */
export const findRequest = async (
  db: Db,
  by: { readonly requestId: string } | { readonly permissionId: string },
): Promise<RequestFile | null> => {
  const [row] = await ('requestId' in by ? byRequest(db, by.requestId) : byPermission(db, by.permissionId))
  return row === undefined ? null : fileOf(row)
}

export interface RequestsWanted {
  readonly person: NamedPerson
  /** Where the person may have to decide. */
  readonly areaIds: readonly string[]
  /** Where they keep the record, but of meetings of these kinds. */
  readonly keptAreaIds: readonly string[]
  readonly closed: readonly ConferenceKind[]
  /** Null, here and below: all. */
  readonly states: readonly RequestState[] | null
  readonly urgency: string | null
  readonly conferenceId: string | null
  readonly before: string | null
  readonly limit: number
}

/** As `requestState` has it: the last of the moves that change it, and what was granted until its day. */
const state = `
  case when s.kind = 'info-given' then 'submitted'
       when s.kind not in ('granted-whole', 'granted-part') then s.kind
       when m.expires_at <= statement_timestamp() then 'expired' else 'active' end`

/** The person's own, those they are to get, and those of the areas given, newest first. */
export const listRequests = async (db: Db, about: RequestsWanted): Promise<readonly RequestFile[]> => {
  const { rows } = await db.query<Stored>({
    name: 'list-disclosure-requests',
    text: `
      select ${requestColumns} ${requestsJoined}
       cross join lateral (select e.kind from disclosure_request_event e
                            where e.request_id = r.id and e.kind not in ('words-proposed', 'words-accepted')
                            order by e.place desc limit 1) s
       where ((r.requester_agency = $1 and r.requester_sub = $2) or (r.recipient_agency = $1 and r.recipient_sub = $2)
              or f.area_id = any($3::text[]) or (f.area_id = any($10::text[]) and f.kind <> all($9::text[])))
         and ($4::uuid is null or r.id < $4)
         and ($6::uuid is null or r.conference_id = $6) and ($7::text is null or r.urgency = $7)
         and ($8::text[] is null or ${state} = any($8))
       order by r.id desc limit $5`,
    values: [
      ...[about.person.agencyId, about.person.sub, about.areaIds, about.before, about.limit],
      ...[about.conferenceId, about.urgency, about.states, about.closed, about.keptAreaIds],
    ],
  })
  return rows.map(fileOf)
}

export const insertRequest = async (tx: Tx, row: DisclosureRequest): Promise<void> => {
  await tx.query({
    name: 'insert-disclosure-request',
    text: `
      insert into disclosure_request (id, conference_id, offender_id, requester_agency, requester_sub, recipient_agency, recipient_sub,
                                      beneficiaries, paragraph_ids, purpose, legal_gateway, urgency, risk_assessment, asked_until, sealed,
                                      requested_at, recipient_without_account)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    values: [
      ...[row.id, row.conferenceId, row.offenderId, row.requester.agencyId, row.requester.sub, row.recipient.agencyId, row.recipient.sub],
      ...[JSON.stringify(row.beneficiaries), row.paragraphIds, row.purpose, row.legalGateway, row.urgency, row.riskAssessment],
      ...[row.askedUntil, row.sealed, row.requestedAt, row.recipientWithoutAccount],
    ],
  })
  await insertRequestRecords(tx, row.id, row.records)
}

export interface NewRequestEvent {
  readonly requestId: string
  readonly kind: RequestEventKind
  readonly actedAs?: string | null
  readonly actingFor?: NamedPerson | null
  readonly delegationId?: string | null
  readonly sealed?: Uint8Array | null
  readonly by: NamedPerson
  readonly at: Date
}

export const insertRequestEvent = async (tx: Tx, event: NewRequestEvent): Promise<void> => {
  const { actingFor = null, delegationId = null, actedAs = null, sealed = null, by } = event
  await tx.query({
    name: 'insert-disclosure-request-event',
    text: `
      insert into disclosure_request_event (request_id, kind, acted_as, acting_for_agency, acting_for_sub, delegation_id, sealed,
                                            by_agency, by_person, happened_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      ...[event.requestId, event.kind, actedAs, actingFor?.agencyId ?? null, actingFor?.sub ?? null, delegationId, sealed],
      ...[by.agencyId, by.sub, event.at],
    ],
  })
}

/** What was written with the events that carry words, in their order. */
export const listEventTexts = async (
  db: Db,
  requestId: string,
): Promise<readonly { readonly kind: RequestEventKind; readonly place: string; readonly at: Date; readonly sealed: Uint8Array }[]> => {
  const { rows } = await db.query<{ kind: RequestEventKind; place: string; at: Date; sealed: Uint8Array }>({
    name: 'list-disclosure-request-texts',
    text: `
      select e.kind, e.place::text as place, e.happened_at as at, e.sealed from disclosure_request_event e
       where e.request_id = $1 and e.sealed is not null order by e.place`,
    values: [requestId],
  })
  return rows
}
