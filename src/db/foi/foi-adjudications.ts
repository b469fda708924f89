import type { FoiOutcome, Ground } from '../../core/foi/judge-grounds.ts'
import type { Db, Tx } from '../db.ts'

/** What was decided last of one paragraph of a request; `paragraphId` null: of the answer as a whole. */
export interface FoiAdjudication {
  readonly adjudicationId: string
  readonly paragraphId: string | null
  readonly version: number | null
  readonly conferenceId: string | null
  readonly outcome: FoiOutcome
  readonly grounds: readonly Ground[]
  readonly decidedBy: string
  readonly decidedAt: Date
}

export const insertFoiAdjudication = async (
  tx: Tx,
  row: Pick<FoiAdjudication, 'adjudicationId' | 'paragraphId' | 'version' | 'outcome' | 'grounds'> & {
    readonly requestId: string
    readonly sealed: Uint8Array
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-foi-adjudication',
    text: `
      insert into foi_adjudication (id, request_id, paragraph_id, version, outcome, grounds, sealed,
                                    decided_by_agency, decided_by_person, decided_at)
      values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`,
    values: [
      ...[row.adjudicationId, row.requestId, row.paragraphId, row.version, row.outcome, JSON.stringify(row.grounds), row.sealed],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
}

/** The last of the whole first, then the last of each paragraph, in the order of the papers. */
export const listFoiAdjudications = async (db: Db, requestId: string): Promise<readonly FoiAdjudication[]> => {
  const { rows } = await db.query<FoiAdjudication>({
    name: 'list-foi-adjudications',
    text: `
      select a.id as "adjudicationId", a.paragraph_id as "paragraphId", a.version, p.conference_id as "conferenceId", a.outcome, a.grounds,
             a.decided_by_person as "decidedBy", a.decided_at as "decidedAt"
        from (select distinct on (x.paragraph_id) x.id, x.place, x.paragraph_id, x.version, x.outcome, x.grounds, x.decided_by_person, x.decided_at
                from foi_adjudication x where x.request_id = $1 order by x.paragraph_id, x.place desc) a
        left join paragraph p on p.id = a.paragraph_id
        left join conference f on f.id = p.conference_id
       order by p.id is not null, f.held_on, f.id, p.form, p.number`,
    values: [requestId],
  })
  return rows
}

/** A paragraph as the officer read it. */
export interface ReadParagraph {
  readonly paragraphId: string
  readonly version: number
  readonly source: 'own' | 'another-person'
  readonly originatorAgencyId: string
}

/** Null: the person never read the paragraph as it stands now, or the meeting has no such paragraph. */
export const findReadParagraph = async (
  db: Db,
  wanted: { readonly conferenceId: string; readonly paragraphId: string; readonly agencyId: string; readonly sub: string },
): Promise<ReadParagraph | null> => {
  const { rows } = await db.query<ReadParagraph>({
    name: 'find-read-paragraph',
    text: `
      select p.id as "paragraphId", v.version, v.source, v.originator_agency as "originatorAgencyId"
        from paragraph p
        join lateral (select n.version, n.source, n.originator_agency from paragraph_version n
                       where n.paragraph_id = p.id order by n.version desc limit 1) v on true
       where p.id = $2 and p.conference_id = $1
         and exists (select from paragraph_reading r
                      where r.paragraph_id = p.id and r.version = v.version and r.agency_id = $3 and r.person_sub = $4)`,
    values: [wanted.conferenceId, wanted.paragraphId, wanted.agencyId, wanted.sub],
  })
  return rows[0] ?? null
}

/** A paragraph by its place in the papers. */
export interface PlacedParagraph {
  readonly conferenceId: string
  readonly paragraphId: string
  readonly form: string
  readonly number: number
  readonly kind: string
  readonly areaId: string
  /** A London day. */
  readonly heldOn: string
}

/** What the person has read as it stands now, of the newest meeting first, each meeting in the order of its papers. */
export const listReadParagraphs = async (
  db: Db,
  { agencyId, sub, limit }: { readonly agencyId: string; readonly sub: string; readonly limit: number },
): Promise<readonly PlacedParagraph[]> => {
  const { rows } = await db.query<PlacedParagraph>({
    name: 'list-read-paragraphs',
    text: `
      select p.conference_id as "conferenceId", p.id as "paragraphId", p.form, p.number, f.kind, f.area_id as "areaId",
             f.held_on::text as "heldOn"
        from (select distinct r.paragraph_id, r.version from paragraph_reading r where r.agency_id = $1 and r.person_sub = $2) r
        join paragraph p on p.id = r.paragraph_id
        join conference f on f.id = p.conference_id
       where r.version = (select max(v.version) from paragraph_version v where v.paragraph_id = p.id)
       order by f.held_on desc, f.id, p.form, p.number limit $3`,
    values: [agencyId, sub, limit],
  })
  return rows
}
