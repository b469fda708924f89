import type { Db, Tx } from '../db.ts'

export interface Statement {
  readonly version: number
  readonly fromOn: string
  readonly text: string
  /** SHA-256 of the text, base64url. */
  readonly hash: string
}

/** Newest first. */
export const listStatements = async (db: Db): Promise<readonly Statement[]> => {
  const { rows } = await db.query<Statement>({
    name: 'list-statements',
    text: `select s.version, s.from_on::text as "fromOn", s.text, s.hash from confidentiality_statement s order by s.version desc limit 200`,
  })
  return rows
}

export const insertStatement = async (
  tx: Tx,
  row: Statement & { readonly byAgency: string; readonly byPerson: string; readonly at: Date },
): Promise<void> => {
  await tx.query({
    name: 'insert-statement',
    text: `
      insert into confidentiality_statement (version, from_on, text, hash, published_by_agency, published_by_person, published_at)
      values ($1, $2::date, $3, $4, $5, $6, $7)`,
    values: [row.version, row.fromOn, row.text, row.hash, row.byAgency, row.byPerson, row.at],
  })
}
