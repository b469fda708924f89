import type { Category } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface RectificationRow {
  readonly id: string
  readonly offenderId: string
  readonly kind: 'rectified' | 'restricted' | 'restriction-lifted'
  readonly category: Category
  readonly originatorAgencyId: string
  readonly sealed: Uint8Array
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

export const insertRectification = async (tx: Tx, row: RectificationRow): Promise<void> => {
  await tx.query({
    name: 'insert-rectification',
    text: `
      insert into rectification (id, offender_id, kind, category, originator_agency_id, sealed, recorded_by_agency, recorded_by_person,
                                 recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [...[row.id, row.offenderId, row.kind, row.category, row.originatorAgencyId, row.sealed, row.byAgency, row.byPerson, row.at]],
  })
}

/**
 * Writes down whom the correction has to reach: the originator, and everyone whom the disclosure register names as a recipient of
 * this category from it (DPA 2018 s.48(9)).
 */
export const insertNotices = async (
  tx: Tx,
  about: {
    readonly rectificationId: string
    readonly offenderId: string
    readonly category: Category
    readonly originatorAgencyId: string
  },
): Promise<readonly { readonly agencyId: string; readonly releases: number }[]> => {
  const { rows } = await tx.query<{ agencyId: string; releases: number }>({
    name: 'insert-rectification-notices',
    text: `
      insert into rectification_notice (rectification_id, agency_id, releases)
      select $1, reached.agency_id, sum(reached.releases)::integer
        from (select $4::text as agency_id, 0 as releases
              union all
              select d.recipient_agency_id, count(*)::integer from disclosure d
               where d.offender_id = $2 and d.category = $3 and d.supplier_agency_id = $4 and d.recipient_agency_id <> $4
               group by d.recipient_agency_id) as reached
       group by reached.agency_id
      returning rectification_notice.agency_id as "agencyId", rectification_notice.releases`,
    values: [about.rectificationId, about.offenderId, about.category, about.originatorAgencyId],
  })
  return rows
}

/** Whether use of all that is held about the person is restricted (DPA 2018 s.47). */
export const setRestricted = async (tx: Tx, offenderId: string, restricted: boolean): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'set-restricted',
    text: 'update offender set processing_restricted = $2 where offender.id = $1 and offender.processing_restricted <> $2',
    values: [offenderId, restricted],
  })
  return rowCount > 0
}

export interface NoticeRow {
  readonly agencyId: string
  readonly releases: number
  readonly outcome: string | null
  readonly acknowledgedAt: Date | null
}

export interface RectificationState {
  readonly id: string
  readonly kind: RectificationRow['kind']
  readonly category: Category
  readonly originatorAgencyId: string
  readonly byAgency: string
  readonly recordedAt: Date
  readonly notices: readonly NoticeRow[]
}

/** Without the person: who was told, and who has confirmed. */
export const findRectification = async (db: Db, id: string): Promise<RectificationState | null> => {
  const { rows } = await db.query<Omit<RectificationState, 'notices'>>({
    name: 'find-rectification',
    text: `
      select r.id, r.kind, r.category, r.originator_agency_id as "originatorAgencyId", r.recorded_by_agency as "byAgency",
             r.recorded_at as "recordedAt"
        from rectification r where r.id = $1`,
    values: [id],
  })
  const first = rows[0]
  if (first === undefined) return null
  const notices = await db.query<NoticeRow>({
    name: 'list-rectification-notices',
    text: `
      select n.agency_id as "agencyId", n.releases, a.outcome, a.acknowledged_at as "acknowledgedAt"
        from rectification_notice n
        left join rectification_acknowledgement a on a.rectification_id = n.rectification_id and a.agency_id = n.agency_id
       where n.rectification_id = $1 order by n.agency_id`,
    values: [id],
  })
  return { ...first, notices: notices.rows }
}

/** False when the agency has confirmed already. */
export const insertAcknowledgement = async (
  tx: Tx,
  row: {
    readonly rectificationId: string
    readonly agencyId: string
    readonly outcome: string
    readonly personSub: string
    readonly at: Date
  },
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-rectification-acknowledgement',
    text: `
      insert into rectification_acknowledgement (rectification_id, agency_id, outcome, person_sub, acknowledged_at)
      values ($1, $2, $3, $4, $5)
      on conflict do nothing`,
    values: [row.rectificationId, row.agencyId, row.outcome, row.personSub, row.at],
  })
  return rowCount > 0
}
