import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { ConferenceKind } from '../../core/case-vocabulary.ts'
import type { Db } from '../db.ts'
import { together } from '../together.ts'
import { type AboutMeeting, askedOfMeetings, partIn, valuesOfMeetings } from './attending.ts'

/** What a meeting's readers and writers hold: none of it changes but by what holds one of the locks itself. */
export interface MeetingLocks {
  readonly areaId: string
  readonly kind: ConferenceKind
  /** Might the person know of the meeting, by a part in it or by what they do in its area? Wider than the decision behind the locks. */
  readonly hasPart: boolean
  readonly inArea: boolean
  /** Of the person's own agency. */
  readonly schemes: readonly string[]
  readonly policyHash: string | null
  /** The agencies whose appointments let somebody chair the area. */
  readonly chairAgencyIds: readonly string[]
  /** Whom the paragraphs are about. */
  readonly offenderIds: readonly string[]
}

const meetingLocks = together<AboutMeeting, MeetingLocks>({
  name: 'find-meeting-locks',
  text: `
      select k.place, f.area_id as "areaId", f.kind, (select p.hash from policy_active p) as "policyHash",
             coalesce((select g.schemes from agency g where g.id = k.agency_id), '{}') as schemes,
             ${partIn('k.agency_id', 'k.sub')}
             or exists (select from appointment a
                         where a.agency_id = k.agency_id and a.person_sub = k.sub and a.role in ('ig-officer', 'isa-registrar'))
             or exists (select from delegation d
                         where d.area_id = f.area_id and d.deputy_agency = k.agency_id and d.deputy_sub = k.sub) as "hasPart",
             exists (select from appointment a
                      where a.agency_id = k.agency_id and a.person_sub = k.sub and a.area_id = f.area_id) as "inArea",
             coalesce((select array_agg(distinct c.agency_id) from appointment c
                        where c.area_id = f.area_id and c.role = 'chair'
                          and exists (select from delegation d
                                       where d.area_id = f.area_id and d.deputy_agency = k.agency_id and d.deputy_sub = k.sub)), '{}') as "chairAgencyIds",
             coalesce((select array_agg(distinct v.offender_id) from paragraph p
                         join paragraph_version v on v.paragraph_id = p.id and v.offender_id is not null
                        where p.conference_id = f.id), '{}') as "offenderIds"
        from ${askedOfMeetings} join conference f on f.id = k.conference_id`,
  values: valuesOfMeetings,
})

/** Read without a lock, so that every lock is taken at once; null: no such meeting. */
export const findMeetingLocks = async (db: Db, conferenceId: string, person: NamedPerson): Promise<MeetingLocks | null> =>
  (await meetingLocks(db, { conferenceId, person }))[0] ?? null
