import type { Db, Tx } from '../db.ts'

/** One sanitised text for one named case lawyer, before sentence. */
export interface ProsecutionRelease {
  readonly id: string
  readonly offenderId: string
  readonly lawyer: { readonly agencyId: string; readonly personSub: string }
  /** London day; the text may be read until it is over. */
  readonly sentenceOn: string
  readonly grade: { readonly source: string; readonly intelligence: string; readonly handling: string }
  readonly sealed: Uint8Array
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

export const insertProsecutionRelease = async (tx: Tx, row: ProsecutionRelease): Promise<void> => {
  await tx.query({
    name: 'insert-prosecution-release',
    text: `
      insert into prosecution_release (id, offender_id, lawyer_agency, lawyer_sub, sentence_on, source_grade, intelligence_grade, handling,
                                       sealed, released_by_agency, released_by_person, released_at)
      values ($1, $2, $3, $4, $5::date, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      ...[row.id, row.offenderId, row.lawyer.agencyId, row.lawyer.personSub, row.sentenceOn],
      ...[row.grade.source, row.grade.intelligence, row.grade.handling, row.sealed, row.byAgency, row.byPerson, row.at],
    ],
  })
}

/** Null when there is none of that id. */
export const findProsecutionRelease = async (db: Db, id: string): Promise<ProsecutionRelease | null> => {
  const { rows } = await db.query<ProsecutionRelease>({
    name: 'find-prosecution-release',
    text: `
      select r.id, r.offender_id as "offenderId", json_build_object('agencyId', r.lawyer_agency, 'personSub', r.lawyer_sub) as lawyer,
             r.sentence_on::text as "sentenceOn",
             json_build_object('source', r.source_grade, 'intelligence', r.intelligence_grade, 'handling', r.handling) as grade,
             r.sealed, r.released_by_agency as "byAgency", r.released_by_person as "byPerson", r.released_at as at
        from prosecution_release r where r.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** The kind of agency of a registered and active person of an active agency; null when there is none. */
export const findActiveKind = async (db: Db, person: { readonly agencyId: string; readonly personSub: string }): Promise<string | null> => {
  const { rows } = await db.query<{ kind: string }>({
    name: 'find-active-kind',
    text: `
      select a.kind from person p join agency a on a.id = p.agency_id
       where p.agency_id = $1 and p.sub = $2 and a.suspended_at is null
         and (a.active_to is null or a.active_to > statement_timestamp())
         and p.active_from <= statement_timestamp() and (p.active_to is null or p.active_to > statement_timestamp())`,
    values: [person.agencyId, person.personSub],
  })
  return rows[0]?.kind ?? null
}
