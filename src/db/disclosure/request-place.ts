import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { Db } from '../db.ts'
import { together } from '../together.ts'
import type { RequestFile } from './requests.ts'

/** Where a request belongs and whom it concerns, which never changes, and what is held while it is asked who may decide it. */
export type RequestPlace = Pick<
  RequestFile,
  'id' | 'conferenceId' | 'areaId' | 'offenderId' | 'requester' | 'recipient' | 'beneficiaries'
> & {
  readonly asksRecords: boolean
  /** Behind whose locks it is decided on: of all who chair, or ever did; of what is permitted, of the one that lets it out. */
  readonly agencyIds: readonly string[]
}

/** By the id of the request or of the permission that it became. */
export type RequestKey = { readonly requestId: string } | { readonly permissionId: string }

/** A row of nothing for an id that is nobody's, which so costs the same. */
const placesOf = (name: string, key: string, joined: string) =>
  together<string, RequestPlace | { readonly id: null }>({
    name,
    text: `
      select k.place, r.id, r.conference_id as "conferenceId", f.area_id as "areaId", r.offender_id as "offenderId", r.beneficiaries,
             json_build_object('agencyId', r.requester_agency, 'sub', r.requester_sub) as requester,
             json_build_object('agencyId', r.recipient_agency, 'sub', r.recipient_sub) as recipient,
             exists (select from disclosure_request_record d where d.request_id = r.id) as "asksRecords",
             array(select distinct c.agency_id from appointment c where c.role = 'chair') as "agencyIds"
        from unnest($1::uuid[]) with ordinality as k (id, place)
        left join (disclosure_request r join conference f on f.id = r.conference_id${joined}) on ${key} = k.id`,
    values: (ids) => [ids],
  })

const byRequest = placesOf('find-request-place', 'r.id', '')
const byPermission = placesOf('find-request-place-of-permission', 'm.id', ' join permission m on m.request_id = r.id')

/** Null: none. */
export const findRequestPlace = async (db: Db, by: RequestKey): Promise<RequestPlace | null> => {
  const [row] = await ('requestId' in by ? byRequest(db, by.requestId) : byPermission(db, by.permissionId))
  return row === undefined || row.id === null ? null : row
}

const elsewhere = together<{ readonly areaId: string | null; readonly person: NamedPerson }, { readonly chairs: boolean }>({
  name: 'chairs-elsewhere',
  text: `
      select k.place, exists (select from appointment c
                               where c.agency_id = k.agency_id and c.person_sub = k.sub and c.role = 'chair' and c.area_id <> k.area_id) as chairs
        from unnest($1::text[], $2::text[], $3::text[]) with ordinality as k (area_id, agency_id, sub, place)`,
  values: (all) => [all.map(({ areaId }) => areaId), all.map(({ person }) => person.agencyId), all.map(({ person }) => person.sub)],
})

/** Does the person chair another area than this, or did they ever? False of no area. */
export const chairsElsewhere = async (db: Db, areaId: string | null, person: NamedPerson): Promise<boolean> =>
  (await elsewhere(db, { areaId, person }))[0]!.chairs
