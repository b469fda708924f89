import type { MeetingFile } from '../../core/conference/attendance.ts'
import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { AttendanceState, ConferenceKind, MeetingPart } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'
import { together } from '../together.ts'

/** A meeting and how one person stands to it. */
export interface Meeting extends MeetingFile {
  readonly id: string
  readonly kind: ConferenceKind
  readonly areaId: string
  readonly heldOn: string
  readonly statementHash: string | null
}

/** One person and one meeting. */
export interface AboutMeeting {
  readonly conferenceId: string
  readonly person: NamedPerson
}

/** @internal The keys of what is asked of meetings by persons. */
export const askedOfMeetings = 'unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as k (conference_id, agency_id, sub, place)'
/** @internal */
export const valuesOfMeetings = (keys: readonly AboutMeeting[]) => [
  keys.map(({ conferenceId }) => conferenceId),
  keys.map(({ person }) => person.agencyId),
  keys.map(({ person }) => person.sub),
]

/** @internal Has a person a part in conference `f`? As `hasPart` in core has it of a meeting that was read, but for actions in older versions. */
export const partIn = (agencyId: string, sub: string): string => `(
  (f.chair_agency = ${agencyId} and f.chair_sub = ${sub}) or (f.spoc_agency = ${agencyId} and f.spoc_sub = ${sub})
  or exists (select from conference_invitation i where i.conference_id = f.id and i.agency_id = ${agencyId} and i.person_sub = ${sub})
  or exists (select from attendance t where t.conference_id = f.id and t.agency_id = ${agencyId} and t.person_sub = ${sub})
  or exists (select from paragraph p join paragraph_version v on v.paragraph_id = p.id
              where p.conference_id = f.id and v.action_agency = ${agencyId} and v.action_sub = ${sub}))`

const meetings = together<AboutMeeting, Meeting>({
  name: 'find-meeting',
  text: `
      select k.place, f.id, f.kind, f.area_id as "areaId", f.held_on::text as "heldOn",
             json_build_object('agencyId', f.chair_agency, 'sub', f.chair_sub) as chair,
             json_build_object('agencyId', f.spoc_agency, 'sub', f.spoc_sub) as spoc,
             s.version as "statementVersion", s.hash as "statementHash",
             exists (select from conference_invitation i
                      where i.conference_id = f.id and i.agency_id = k.agency_id and i.person_sub = k.sub) as invited,
             (select a.state from attendance a
               where a.conference_id = f.id and a.agency_id = k.agency_id and a.person_sub = k.sub order by a.place desc limit 1) as state,
             (select a.state from attendance a
               where a.conference_id = f.id and a.agency_id = f.chair_agency and a.person_sub = f.chair_sub
               order by a.place desc limit 1) as "chairState",
             (select case when w.kind = 'acknowledged' then w.statement_version end from acknowledgement w
               where w.conference_id = f.id and w.agency_id = k.agency_id and w.person_sub = k.sub
               order by w.place desc limit 1) as "acknowledgedVersion",
             (select count(*)::integer from paragraph p
                join lateral (select v.action_agency, v.action_sub from paragraph_version v
                               where v.paragraph_id = p.id order by v.version desc limit 1) v on true
               where p.conference_id = f.id and v.action_agency = k.agency_id and v.action_sub = k.sub) as "ownActions"
        from ${askedOfMeetings} join conference f on f.id = k.conference_id
        left join lateral (select c.version, c.hash from confidentiality_statement c
                            where c.from_on <= f.held_on order by c.version desc limit 1) s on true`,
  values: valuesOfMeetings,
})

/** Null: no such meeting. The binding version of the statement is the newest that began on or before the day of the meeting. */
export const findMeeting = async (db: Db, conferenceId: string, person: NamedPerson): Promise<Meeting | null> =>
  (await meetings(db, { conferenceId, person }))[0] ?? null

interface By {
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

/** Whom of the people nobody has registered: the places in the list. */
export const findUnregistered = async (db: Db, people: readonly NamedPerson[]): Promise<readonly number[]> => {
  const { rows } = await db.query<{ place: number }>({
    name: 'find-unregistered',
    text: `
      select g.place::integer - 1 as place from unnest($1::text[], $2::text[]) with ordinality as g (agency_id, sub, place)
       where not exists (select from person p where p.agency_id = g.agency_id and p.sub = g.sub) order by g.place`,
    values: [people.map(({ agencyId }) => agencyId), people.map(({ sub }) => sub)],
  })
  return rows.map(({ place }) => place)
}

/** Who was invited before stays so. Returns how many are new. */
export const insertInvitations = async (tx: Tx, conferenceId: string, people: readonly NamedPerson[], by: By): Promise<number> => {
  const { rowCount } = await tx.query({
    name: 'insert-invitations',
    text: `
      insert into conference_invitation (conference_id, agency_id, person_sub, invited_by_agency, invited_by_person, invited_at)
      select $1, g.agency_id, g.sub, $4, $5, $6 from unnest($2::text[], $3::text[]) as g (agency_id, sub)
      on conflict do nothing`,
    values: [conferenceId, people.map(({ agencyId }) => agencyId), people.map(({ sub }) => sub), by.byAgency, by.byPerson, by.at],
  })
  return rowCount
}

export interface Attended extends NamedPerson {
  readonly part: MeetingPart
  readonly state: AttendanceState
}

export const insertAttendance = async (
  tx: Tx,
  rows: { readonly conferenceId: string; readonly people: readonly Attended[]; readonly delegationId: string | null } & By,
): Promise<void> => {
  const { people } = rows
  await tx.query({
    name: 'insert-attendance',
    text: `
      insert into attendance (conference_id, agency_id, person_sub, part, state, delegation_id,
                              recorded_by_agency, recorded_by_person, recorded_at)
      select $1, g.agency_id, g.sub, g.part, g.state, $6, $7, $8, $9
        from unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality as g (agency_id, sub, part, state, place)
       order by g.place`,
    values: [
      ...[rows.conferenceId, people.map(({ agencyId }) => agencyId), people.map(({ sub }) => sub), people.map(({ part }) => part)],
      ...[people.map(({ state }) => state), rows.delegationId, rows.byAgency, rows.byPerson, rows.at],
    ],
  })
}

/** How the people of a meeting stand to it: those invited, and those of whom something was recorded. */
export interface Participant extends NamedPerson {
  readonly displayName: string
  readonly part: MeetingPart | null
  readonly state: AttendanceState | null
  readonly invited: boolean
  readonly acknowledgedVersion: number | null
}

export const listParticipants = async (db: Db, conferenceId: string): Promise<readonly Participant[]> => {
  const { rows } = await db.query<Participant>({
    name: 'list-participants',
    text: `
      with named as (
        select i.agency_id, i.person_sub from conference_invitation i where i.conference_id = $1
        union select a.agency_id, a.person_sub from attendance a where a.conference_id = $1
        union select f.chair_agency, f.chair_sub from conference f where f.id = $1
        union select f.spoc_agency, f.spoc_sub from conference f where f.id = $1
      )
      select n.agency_id as "agencyId", n.person_sub as sub, p.display_name as "displayName", a.part, a.state,
             exists (select from conference_invitation i
                      where i.conference_id = $1 and i.agency_id = n.agency_id and i.person_sub = n.person_sub) as invited,
             case when k.kind = 'acknowledged' then k.statement_version end as "acknowledgedVersion"
        from named n
        join person p on p.agency_id = n.agency_id and p.sub = n.person_sub
        left join lateral (select t.part, t.state from attendance t
                            where t.conference_id = $1 and t.agency_id = n.agency_id and t.person_sub = n.person_sub
                            order by t.place desc limit 1) a on true
        left join lateral (select t.kind, t.statement_version from acknowledgement t
                            where t.conference_id = $1 and t.agency_id = n.agency_id and t.person_sub = n.person_sub
                            order by t.place desc limit 1) k on true
       order by n.agency_id, n.person_sub limit 500`,
    values: [conferenceId],
  })
  return rows
}

/** Which of these people the chair excluded and nobody has let in since. */
export const findExcluded = async (db: Db, conferenceId: string, people: readonly NamedPerson[]): Promise<readonly number[]> => {
  const { rows } = await db.query<{ place: number }>({
    name: 'find-excluded',
    text: `
      select g.place::integer - 1 as place from unnest($2::text[], $3::text[]) with ordinality as g (agency_id, sub, place)
       where (select a.state from attendance a where a.conference_id = $1 and a.agency_id = g.agency_id and a.person_sub = g.sub
               order by a.place desc limit 1) = 'excluded' order by g.place`,
    values: [conferenceId, people.map(({ agencyId }) => agencyId), people.map(({ sub }) => sub)],
  })
  return rows.map(({ place }) => place)
}

export const insertAcknowledgement = async (
  tx: Tx,
  row: {
    readonly conferenceId: string
    readonly statementVersion: number
    readonly person: NamedPerson
    readonly kind: 'acknowledged' | 'withdrawn'
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-acknowledgement',
    text: `
      insert into acknowledgement (conference_id, statement_version, agency_id, person_sub, kind, happened_at)
      values ($1, $2, $3, $4, $5, $6)`,
    values: [row.conferenceId, row.statementVersion, row.person.agencyId, row.person.sub, row.kind, row.at],
  })
}
