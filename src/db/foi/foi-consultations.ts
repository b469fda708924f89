import type { PaperForm } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'

/** False: the originator was asked before. */
export const insertFoiConsultation = async (
  tx: Tx,
  row: {
    readonly id: string
    readonly requestId: string
    readonly paragraphId: string
    readonly originatorAgencyId: string
    readonly at: Date
  },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-foi-consultation',
    text: `
      insert into foi_consultation (id, request_id, paragraph_id, originator_agency, asked_at) values ($1, $2, $3, $4, $5)
      on conflict (request_id, paragraph_id, originator_agency) do nothing`,
    values: [row.id, row.requestId, row.paragraphId, row.originatorAgencyId, row.at],
  })
  return rowCount > 0
}

export interface FoiConsultation {
  readonly consultationId: string
  readonly paragraphId: string
  readonly originatorAgencyId: string
  readonly areaId: string
  /** Null: not answered yet. */
  readonly view: 'objects' | 'no-objection' | null
}

const columns = `
  c.id as "consultationId", c.paragraph_id as "paragraphId", c.originator_agency as "originatorAgencyId", f.area_id as "areaId", a.view
  from foi_consultation c
  join paragraph p on p.id = c.paragraph_id
  join conference f on f.id = p.conference_id
  left join foi_consultation_answer a on a.consultation_id = c.id`

export const listFoiConsultations = async (db: Db, requestId: string): Promise<readonly FoiConsultation[]> => {
  const { rows } = await db.query<FoiConsultation>({
    name: 'list-foi-consultations',
    text: `select ${columns} where c.request_id = $1 order by c.asked_at, c.id`,
    values: [requestId],
  })
  return rows
}

/** Where a paragraph stands that an agency was asked about. */
export interface ConsultedParagraph extends FoiConsultation {
  readonly conferenceId: string
  readonly form: PaperForm
  readonly number: number
}

/** Null: the agency was not asked about that paragraph of that request. */
export const findFoiConsultation = async (
  db: Db,
  asked: { readonly requestId: string; readonly paragraphId: string; readonly agencyId: string },
): Promise<ConsultedParagraph | null> => {
  const { rows } = await db.query<ConsultedParagraph>({
    name: 'find-foi-consultation',
    text: `select p.conference_id as "conferenceId", p.form, p.number, ${columns} where c.request_id = $1 and c.paragraph_id = $2 and c.originator_agency = $3`,
    values: [asked.requestId, asked.paragraphId, asked.agencyId],
  })
  return rows[0] ?? null
}

/** False: it was answered already. */
export const insertFoiConsultationAnswer = async (
  tx: Tx,
  row: {
    readonly consultationId: string
    readonly view: 'objects' | 'no-objection'
    readonly sealed: Uint8Array
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-foi-consultation-answer',
    text: `
      insert into foi_consultation_answer (consultation_id, view, sealed, answered_by_agency, answered_by_person, answered_at)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (consultation_id) do nothing`,
    values: [row.consultationId, row.view, row.sealed, row.byAgency, row.byPerson, row.at],
  })
  return rowCount > 0
}
