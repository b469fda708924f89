import type { Article8Ground } from '../../core/case-vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export const insertDiscussion = async (
  tx: Tx,
  row: {
    readonly id: string
    readonly conferenceId: string
    readonly offenderId: string
    readonly article8Grounds: readonly Article8Ground[]
    readonly sealed: Uint8Array
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-case-discussion',
    text: `
      insert into case_discussion (id, conference_id, offender_id, risk_outweighs_confidentiality, article8_grounds, sealed,
                                   recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, true, $4, $5, $6, $7, $8)`,
    values: [row.id, row.conferenceId, row.offenderId, row.article8Grounds, row.sealed, row.byAgency, row.byPerson, row.at],
  })
}

/** Of people named: who stands on the meeting's agenda, and of whom the finding was recorded. */
export const findDiscussed = async (
  db: Db,
  conferenceId: string,
  offenderIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly found: boolean }>> => {
  const { rows } = await db.query<{ id: string; found: boolean }>({
    name: 'find-discussed',
    text: `
      select o.id, exists (select from case_discussion d where d.conference_id = $1 and d.offender_id = o.id) as found
        from offender o
       where o.id = any($2::uuid[]) and o.basis = 'cohort'
         and exists (select from agenda_item i where i.conference_id = $1 and i.offender_id = o.id)`,
    values: [conferenceId, offenderIds],
  })
  return new Map(rows.map(({ id, found }) => [id, { found }]))
}

/** Minute references of the conference, each with the person it is about. */
export const findMinuteReferences = async (
  db: Db,
  conferenceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly offenderId: string | null }>> => {
  const { rows } = await db.query<{ id: string; offenderId: string | null }>({
    name: 'find-minute-references',
    text: `select m.id, m.offender_id as "offenderId" from minute_reference m where m.conference_id = $1 and m.id = any($2::uuid[])`,
    values: [conferenceId, ids],
  })
  return new Map(rows.map(({ id, offenderId }) => [id, { offenderId }]))
}
