import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { ConferenceKind } from '../../core/case-vocabulary.ts'
import type { Db } from '../db.ts'
import { together } from '../together.ts'
import { type AboutMeeting, askedOfMeetings, partIn, valuesOfMeetings } from './attending.ts'

/** What a meeting's readers and writers hold: none of it changes but by what holds one of the locks itself. */
export interface MeetingLocks {
  readonly areaId: string
  readonly kind: ConferenceKind
  /** Wider than the decision behind the locks. */
  readonly hasPart: boolean
  /** The agencies whose appointments let somebody chair the area; none but for a deputy. */
  readonly chairAgencyIds: readonly string[]
  /** Whom the paragraphs are about. */
  readonly offenderIds: readonly string[]
}

/** Of a deputy in the area: whoever was ever let act there. */
const chairsWhoseDeputy = (areaId: string): string => `
             array(select distinct c.agency_id from delegation d join appointment c on c.area_id = d.area_id and c.role = 'chair'
                    where d.area_id = ${areaId} and d.deputy_agency = k.agency_id and d.deputy_sub = k.sub) as "chairAgencyIds"`

const meetingLocks = together<AboutMeeting, MeetingLocks>({
  name: 'find-meeting-locks',
  text: `
      select k.place, f.area_id as "areaId", f.kind, ${partIn('k.agency_id', 'k.sub')} as "hasPart",
             ${chairsWhoseDeputy('f.area_id')},
             array(select distinct v.offender_id from paragraph p
                     join paragraph_version v on v.paragraph_id = p.id and v.offender_id is not null
                    where p.conference_id = f.id) as "offenderIds"
        from ${askedOfMeetings} join conference f on f.id = k.conference_id`,
  values: valuesOfMeetings,
})

/** Read without a lock, so that every lock is taken at once; null: no such meeting. */
export const findMeetingLocks = async (db: Db, conferenceId: string, person: NamedPerson): Promise<MeetingLocks | null> =>
  (await meetingLocks(db, { conferenceId, person }))[0] ?? null

/** How a person stands to an area whose meetings they may have no part in. */
export interface AreaStanding {
  /** One of the partnership's own officers, or somebody who was ever let act for the area's chair. */
  readonly overMeetings: boolean
  /** Now: what ended, or has not begun, lets nobody see a meeting. */
  readonly inArea: boolean
  readonly chairAgencyIds: readonly string[]
  /** Of the person's own agency. */
  readonly schemes: readonly string[]
  readonly policyHash: string | null
}

const inForce = 'a.from_at <= statement_timestamp() and (a.to_at is null or a.to_at > statement_timestamp())'

const areaStandings = together<{ readonly areaId: string | null; readonly person: NamedPerson }, AreaStanding>({
  name: 'find-area-standing',
  text: `
      select k.place, (select p.hash from policy_active p) as "policyHash",
             coalesce((select g.schemes from agency g where g.id = k.agency_id), '{}') as schemes,
             exists (select from appointment a
                      where a.agency_id = k.agency_id and a.person_sub = k.sub and a.role in ('ig-officer', 'isa-registrar')
                        and ${inForce})
             or exists (select from delegation d
                         where d.area_id = k.area_id and d.deputy_agency = k.agency_id and d.deputy_sub = k.sub) as "overMeetings",
             exists (select from appointment a
                      where a.agency_id = k.agency_id and a.person_sub = k.sub and a.area_id = k.area_id and ${inForce}) as "inArea",
             ${chairsWhoseDeputy('k.area_id')}
        from unnest($1::text[], $2::text[], $3::text[]) with ordinality as k (area_id, agency_id, sub, place)`,
  values: (all) => [all.map(({ areaId }) => areaId), all.map(({ person }) => person.agencyId), all.map(({ person }) => person.sub)],
})

/** @param areaId null: of no area */
export const findAreaStanding = async (db: Db, areaId: string | null, person: NamedPerson): Promise<AreaStanding> =>
  (await areaStandings(db, { areaId, person }))[0]!
