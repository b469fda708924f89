import type { Item } from '../../core/snapshot.ts'
import type { FoiLabel } from '../../core/vocabulary.ts'
import type { PaperForm } from '../../core/case-vocabulary.ts'
import type { AgencyKind } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'
import { idArray, together } from '../together.ts'

/** One version of one paragraph; its text is sealed. */
export interface ParagraphVersion {
  readonly paragraphId: string
  readonly version: number
  readonly offenderId: string | null
  readonly originatorAgencyId: string
  readonly conduitAgencyId: string | null
  readonly source: 'own' | 'another-person'
  readonly nature: Item['nature']
  readonly subjectType: Item['subjectType']
  readonly marking: string
  readonly foiLabels: readonly FoiLabel[]
  readonly grade: Item['grade']
  readonly actionBy: { readonly agencyId: string; readonly sub: string } | null
  readonly sealed: Uint8Array
}

/** A paragraph as it stands now: its newest version, where it stands, and which decisions its minute records. */
export interface Paragraph extends ParagraphVersion {
  readonly conferenceId: string
  readonly form: PaperForm
  readonly number: number
  readonly recordedOn: string
  readonly originatorKind: AgencyKind
  readonly originatorRegime: 'law-enforcement' | 'general'
  readonly minuteReferences: readonly {
    readonly minuteReferenceId: string
    readonly reference: string
    readonly matter: string
    readonly recallAuthorisationIds: readonly string[]
  }[]
}

export interface ParagraphsWanted {
  readonly conferenceId: string
  readonly form: PaperForm
  /** Null: all of the form. */
  readonly paragraphIds: readonly string[] | null
  /** Only what is linked to a minute reference of that matter, such as a recall; null: whatever the matter. */
  readonly matter: string | null
  readonly limit: number
}

const columns = `
  p.id as "paragraphId", p.conference_id as "conferenceId", p.form, p.number, v.version, v.offender_id as "offenderId",
  v.originator_agency as "originatorAgencyId", g.kind as "originatorKind", g.regime as "originatorRegime",
  v.conduit_agency as "conduitAgencyId", v.source, v.nature, v.subject_type as "subjectType", v.marking, v.foi_labels as "foiLabels",
  v.grade, case when v.action_sub is not null then json_build_object('agencyId', v.action_agency, 'sub', v.action_sub) end as "actionBy",
  v.sealed, (v.recorded_at at time zone 'Europe/London')::date::text as "recordedOn",
  coalesce((select json_agg(json_build_object('minuteReferenceId', m.id, 'reference', m.reference, 'matter', m.matter,
              'recallAuthorisationIds', coalesce((select json_agg(r.id order by r.id) from recall_authorisation r
                                                   where r.minute_reference_id = m.id), '[]'::json)) order by m.reference)
     from minute_reference_paragraph l join minute_reference m on m.id = l.minute_reference_id
    where l.paragraph_id = p.id), '[]'::json) as "minuteReferences"`

const newest = `
  join lateral (select n.* from paragraph_version n where n.paragraph_id = p.id order by n.version desc limit 1) v on true
  join agency g on g.id = v.originator_agency`

const paragraphsWhere = (name: string, andWhere: string) =>
  together<ParagraphsWanted, Paragraph>({
    name,
    text: `
      select k.place, found.*
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[]) with ordinality
               as k (conference_id, form, paragraph_ids, matter, most, place)
       cross join lateral (
         select ${columns} from paragraph p ${newest}
          where p.conference_id = k.conference_id and p.form = k.form
            and (k.paragraph_ids is null or p.id = any(k.paragraph_ids::uuid[])) ${andWhere}
          order by p.number limit k.most) as found`,
    values: (all) => [
      all.map(({ conferenceId }) => conferenceId),
      all.map(({ form }) => form),
      all.map(({ paragraphIds }) => (paragraphIds === null ? null : idArray(paragraphIds))),
      all.map(({ matter }) => matter),
      all.map(({ limit }) => limit),
    ],
  })

const paragraphs = paragraphsWhere('list-paragraphs', '')
const paragraphsOfMatter = paragraphsWhere(
  'list-paragraphs-of-matter',
  `and exists (select from minute_reference_paragraph l join minute_reference m on m.id = l.minute_reference_id
                where l.paragraph_id = p.id and m.matter = k.matter)`,
)

/** In the order of their numbers. */
export const listParagraphs = async (db: Db, wanted: ParagraphsWanted): Promise<readonly Paragraph[]> => {
  const found = await (wanted.matter === null ? paragraphs : paragraphsOfMatter)(db, wanted)
  return found.toSorted((one, other) => one.number - other.number)
}

/** Null: no such paragraph of that conference. */
export const findParagraph = async (db: Db, conferenceId: string, paragraphId: string): Promise<Paragraph | null> => {
  const { rows } = await db.query<Paragraph>({
    name: 'find-paragraph',
    text: `select ${columns} from paragraph p ${newest} where p.conference_id = $1 and p.id = $2`,
    values: [conferenceId, paragraphId],
  })
  return rows[0] ?? null
}

/** The number of the last paragraph of a form; 0 when there is none. Behind the conference's lock. */
export const countParagraphs = async (tx: Tx, conferenceId: string, form: PaperForm): Promise<number> => {
  const { rows } = await tx.query<{ count: number }>({
    name: 'count-paragraphs',
    text: 'select coalesce(max(p.number), 0)::integer as count from paragraph p where p.conference_id = $1 and p.form = $2',
    values: [conferenceId, form],
  })
  return rows[0]?.count ?? 0
}

export const insertParagraphs = async (
  tx: Tx,
  rows: { readonly conferenceId: string; readonly form: PaperForm; readonly ids: readonly string[]; readonly firstNumber: number },
): Promise<void> => {
  await tx.query({
    name: 'insert-paragraphs',
    text: `
      insert into paragraph (id, conference_id, form, number)
      select g.id, $2, $3, $4::integer + g.place::integer - 1 from unnest($1::uuid[]) with ordinality as g (id, place)`,
    values: [rows.ids, rows.conferenceId, rows.form, rows.firstNumber],
  })
}

export const insertVersions = async (
  tx: Tx,
  versions: readonly ParagraphVersion[],
  by: { readonly byAgency: string; readonly byPerson: string; readonly at: Date },
): Promise<void> => {
  await tx.query({
    name: 'insert-paragraph-versions',
    text: `
      insert into paragraph_version (paragraph_id, version, offender_id, originator_agency, conduit_agency, source, nature, subject_type,
                                     marking, foi_labels, grade, action_agency, action_sub, sealed,
                                     recorded_by_agency, recorded_by_person, recorded_at)
      select g.paragraph_id, g.version, g.offender_id, g.originator, g.conduit, g.source, g.nature, g.subject_type, g.marking, g.foi_labels,
             g.grade, g.action_agency, g.action_sub, decode(g.sealed, 'base64'), $2, $3, $4
        from jsonb_to_recordset($1::jsonb) as g (paragraph_id uuid, version integer, offender_id uuid, originator text, conduit text,
               source text, nature text, subject_type text, marking text, foi_labels text[], grade jsonb, action_agency text,
               action_sub text, sealed text)`,
    values: [JSON.stringify(versions.map(rowOf)), by.byAgency, by.byPerson, by.at],
  })
}

const rowOf = (one: ParagraphVersion) => ({
  ...{ paragraph_id: one.paragraphId, version: one.version, offender_id: one.offenderId, originator: one.originatorAgencyId },
  ...{ conduit: one.conduitAgencyId, source: one.source, nature: one.nature, subject_type: one.subjectType, marking: one.marking },
  ...{ foi_labels: one.foiLabels, grade: one.grade, action_agency: one.actionBy?.agencyId ?? null, action_sub: one.actionBy?.sub ?? null },
  sealed: Buffer.from(one.sealed).toString('base64'),
})

/** Links paragraphs to where the minutes record a decision. */
export const insertReferences = async (
  tx: Tx,
  links: readonly { readonly minuteReferenceId: string; readonly paragraphId: string }[],
  by: { readonly byAgency: string; readonly byPerson: string; readonly at: Date },
): Promise<void> => {
  if (links.length === 0) return
  await tx.query({
    name: 'insert-minute-reference-paragraphs',
    text: `
      insert into minute_reference_paragraph (minute_reference_id, paragraph_id, linked_by_agency, linked_by_person, linked_at)
      select g.reference_id, g.paragraph_id, $3, $4, $5 from unnest($1::uuid[], $2::uuid[]) as g (reference_id, paragraph_id)`,
    values: [
      links.map(({ minuteReferenceId }) => minuteReferenceId),
      links.map(({ paragraphId }) => paragraphId),
      by.byAgency,
      by.byPerson,
      by.at,
    ],
  })
}

/** Which versions of which paragraphs the entry says were read. */
export interface ReadingRow {
  readonly entryId: string
  readonly paragraphs: readonly { readonly paragraphId: string; readonly version: number }[]
  readonly agencyId: string
  readonly sub: string
  readonly at: Date
}

const readings = together<ReadingRow, never>({
  name: 'insert-paragraph-readings',
  text: `
      insert into paragraph_reading (entry_id, paragraph_id, version, agency_id, person_sub, read_at)
      select g.entry_id, g.paragraph_id, g.version, g.agency_id, g.sub, g.at
        from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[])
               as g (entry_id, paragraph_id, version, agency_id, sub, at)`,
  values: (rows) => {
    const read = rows.flatMap(({ paragraphs: given, ...by }) => given.map((paragraph) => ({ ...by, ...paragraph })))
    return [
      read.map(({ entryId }) => entryId),
      read.map(({ paragraphId }) => paragraphId),
      read.map(({ version }) => version),
      read.map(({ agencyId }) => agencyId),
      read.map(({ sub }) => sub),
      read.map(({ at }) => at),
    ]
  },
})

export const insertReadings = async (tx: Tx, reading: ReadingRow): Promise<void> => {
  await readings(tx, reading)
}
