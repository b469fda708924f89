import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { Obligation } from '../../core/decision-vocabulary.ts'
import type { Article8Ground } from '../../core/case-vocabulary.ts'
import type { Paragraph } from '../conference/papers.ts'
import type { Db, Tx } from '../db.ts'
import { askedColumns, findCourse, type PermissionCourse, type RequestFile, requestsJoined } from './requests.ts'
import { type NewEvent, tellInserts, tellValues } from '../events.ts'
import { together } from '../together.ts'
import { insertPermissionRecords, type NamedRecord } from './records.ts'

export interface Permission {
  readonly id: string
  readonly requestId: string
  readonly extent: 'whole' | 'part'
  /** Null: every field that may leave. */
  readonly fields: readonly string[] | null
  /** Null: the paragraphs themselves. */
  readonly words: { readonly version: number; readonly hash: string; readonly marking: 'official' | 'official-sensitive' } | null
  readonly copies: boolean
  readonly handling: readonly Obligation[]
  readonly article8Grounds: readonly Article8Ground[]
  readonly discloserAgencyId: string
  readonly fromAt: Date
  readonly expiresAt: Date
}

/** A permission with the request that it answers. */
export interface Grant {
  readonly permission: Permission
  readonly file: RequestFile
}

/** Of a grant what was written once and never changes. */
export interface Granted {
  readonly permission: Permission
  readonly file: Omit<RequestFile, 'events'>
}

const termColumns = `
  m.extent, m.fields, m.copies, m.handling, m.article8_grounds as "article8Grounds", m.discloser_agency as "discloserAgencyId",
  case when m.words_version is not null
    then json_build_object('version', m.words_version, 'hash', m.words_hash, 'marking', m.words_marking) end as words,
  m.from_at as "fromAt"`

type Terms = Omit<Permission, 'id' | 'requestId' | 'expiresAt'>

const granted = together<string, Granted['file'] & Terms>({
  name: 'find-granted',
  text: `
    select k.place, ${askedColumns}, ${termColumns} ${requestsJoined}
      right join unnest($1::uuid[]) with ordinality as k (id, place) on k.id = m.id`,
  values: (ids) => [ids],
})

/** Null: no such permission. */
export const findGranted = async (db: Db, permissionId: string): Promise<Granted | null> => {
  const [row] = await granted(db, permissionId)
  if (row?.id == null) return null
  const { extent, fields, copies, handling, article8Grounds, discloserAgencyId, words, fromAt, ...file } = row
  const terms: Terms = { extent, fields, copies, handling, article8Grounds, discloserAgencyId, words, fromAt }
  return { file, permission: { ...terms, id: permissionId, requestId: file.id, expiresAt: file.expiresAt! } }
}

/** What was granted, as far as it came since. */
export const grantOf = ({ permission, file }: Granted, { events, expiresAt }: PermissionCourse): Grant => ({
  permission: { ...permission, expiresAt: expiresAt ?? permission.expiresAt },
  file: { ...file, events, expiresAt },
})

/** Null: no such permission. */
export const findGrant = async (db: Db, permissionId: string): Promise<Grant | null> => {
  const [granted, course] = await Promise.all([findGranted(db, permissionId), findCourse(db, permissionId)])
  return granted === null ? null : grantOf(granted, course)
}

export const insertPermission = async (
  tx: Tx,
  row: Permission & {
    readonly sealed: Uint8Array
    readonly paragraphs: readonly { readonly paragraphId: string; readonly version: number }[]
    readonly records: readonly NamedRecord[]
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-permission',
    text: `
      insert into permission (id, request_id, extent, fields, words_version, words_hash, words_marking, copies, handling, article8_grounds,
                              risk_outweighs_confidentiality, discloser_agency, sealed, from_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true, $11, $12, $13, $14)`,
    values: [
      ...[row.id, row.requestId, row.extent, row.fields, row.words?.version ?? null, row.words?.hash ?? null, row.words?.marking ?? null],
      ...[row.copies, row.handling, row.article8Grounds, row.discloserAgencyId, row.sealed, row.fromAt, row.expiresAt],
    ],
  })
  await tx.query({
    name: 'insert-permission-paragraphs',
    text: `
      insert into permission_paragraph (permission_id, paragraph_id, version)
      select $1, g.paragraph_id, g.version from unnest($2::uuid[], $3::integer[]) as g (paragraph_id, version)`,
    values: [row.id, row.paragraphs.map(({ paragraphId }) => paragraphId), row.paragraphs.map(({ version }) => version)],
  })
  await insertPermissionRecords(tx, row.id, row.records)
}

/** A paragraph as a permission has it: its text in exactly one version. */
export type ScopedParagraph = Omit<Paragraph, 'minuteReferences'> & {
  /** Is it still the newest version? What was corrected since needs the chair anew. */
  readonly current: boolean
}

const paragraphColumns = `
  p.id as "paragraphId", p.conference_id as "conferenceId", p.form, p.number, v.version, v.offender_id as "offenderId",
  v.originator_agency as "originatorAgencyId", g.kind as "originatorKind", g.regime as "originatorRegime",
  v.conduit_agency as "conduitAgencyId", v.source, v.nature, v.subject_type as "subjectType", v.marking, v.foi_labels as "foiLabels",
  v.grade, case when v.action_sub is not null then json_build_object('agencyId', v.action_agency, 'sub', v.action_sub) end as "actionBy",
  v.sealed, (v.recorded_at at time zone 'Europe/London')::date::text as "recordedOn",
  not exists (select from paragraph_version n where n.paragraph_id = v.paragraph_id and n.version > v.version) as current`

const permitted = together<string, ScopedParagraph>({
  name: 'list-permitted-paragraphs',
  text: `
      select k.place, ${paragraphColumns}
        from unnest($1::uuid[]) with ordinality as k (id, place)
        join permission_paragraph s on s.permission_id = k.id
        join paragraph p on p.id = s.paragraph_id
        join paragraph_version v on v.paragraph_id = s.paragraph_id and v.version = s.version
        join agency g on g.id = v.originator_agency
       order by k.place, p.form, p.number`,
  values: (ids) => [ids],
})

/** Exactly what was permitted, in the order of the papers. */
export const listPermitted = (db: Db, permissionId: string): Promise<readonly ScopedParagraph[]> => permitted(db, permissionId)

interface AboutPerson {
  readonly conferenceId: string
  readonly offenderId: string
  readonly limit: number
}

const aboutPerson = together<AboutPerson, ScopedParagraph>({
  name: 'list-paragraphs-about',
  text: `
      select k.place, found.*
        from unnest($1::uuid[], $2::uuid[], $3::int[]) with ordinality as k (conference_id, offender_id, most, place)
       cross join lateral (
         select ${paragraphColumns}
           from paragraph p
           join lateral (select n.version from paragraph_version n where n.paragraph_id = p.id order by n.version desc limit 1) w on true
           join paragraph_version v on v.paragraph_id = p.id and v.version = w.version
           join agency g on g.id = v.originator_agency
          where p.conference_id = k.conference_id and v.offender_id = k.offender_id order by p.form, p.number limit k.most) as found
       order by k.place, found.form, found.number`,
  values: (all) => [all.map(({ conferenceId }) => conferenceId), all.map(({ offenderId }) => offenderId), all.map(({ limit }) => limit)],
})

/** What a conference wrote about one person, in its newest versions. */
export const listAboutPerson = (db: Db, wanted: AboutPerson): Promise<readonly ScopedParagraph[]> => aboutPerson(db, wanted)

export interface Retrieval {
  readonly entryId: string
  readonly permissionId: string
  readonly offenderId: string
  readonly holderAgencyId: string
  readonly holderSub: string
  readonly paragraphs: readonly { readonly paragraphId: string; readonly version: number }[]
  readonly records: readonly NamedRecord[]
  readonly wordsHash: string | null
  readonly at: Date
}

const retrievals = together<{ readonly row: Retrieval; readonly told: NewEvent }, never>({
  name: 'insert-permission-retrieval',
  text: `
      with appended as (${tellInserts(10).event}), delivered as (${tellInserts(10).delivery})
      insert into permission_retrieval (entry_id, permission_id, offender_id, holder_agency, holder_sub, paragraphs, words_hash,
                                        retrieved_at, records)
      select g.entry_id, g.permission_id, g.offender_id, g.agency_id, g.sub, g.paragraphs, g.words_hash, g.at, g.records
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::timestamptz[], $9::jsonb[])
               as g (entry_id, permission_id, offender_id, agency_id, sub, paragraphs, words_hash, at, records)`,
  values: (all) => [
    all.map(({ row }) => row.entryId),
    all.map(({ row }) => row.permissionId),
    all.map(({ row }) => row.offenderId),
    all.map(({ row }) => row.holderAgencyId),
    all.map(({ row }) => row.holderSub),
    all.map(({ row }) => JSON.stringify(row.paragraphs)),
    all.map(({ row }) => row.wordsHash),
    all.map(({ row }) => row.at),
    all.map(({ row }) => JSON.stringify(row.records)),
    ...tellValues(all.map(({ told }) => told)),
  ],
})

/** With word of it to whoever is entitled to know. */
export const insertRetrieval = async (tx: Tx, row: Retrieval, told: NewEvent): Promise<void> => {
  await retrievals(tx, { row, told })
}

/** What was released under a permission, newest first. */
export const listRetrievals = async (
  db: Db,
  permissionId: string,
): Promise<readonly { readonly entryId: string; readonly holder: NamedPerson; readonly at: Date }[]> => {
  const { rows } = await db.query<{ entryId: string; holder: NamedPerson; at: Date }>({
    name: 'list-permission-retrievals',
    text: `
      select t.entry_id as "entryId", t.retrieved_at as at,
             json_build_object('agencyId', t.holder_agency, 'sub', t.holder_sub) as holder
        from permission_retrieval t where t.permission_id = $1 order by t.entry_id desc limit 200`,
    values: [permissionId],
  })
  return rows
}
