import type { NamedPerson } from '../../core/conference/acting-chair.ts'
import type { LegalGateway, Purpose } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'

/** A denied evaluation that a chair could lift. */
export interface RequestableDenial {
  /** The entry of the evaluation. */
  readonly evaluationId: string
  readonly person: NamedPerson
  readonly conferenceId: string
  readonly offenderId: string
  readonly purpose: Purpose
  readonly legalGateway: LegalGateway
  readonly evaluatedAt: Date
  /** After it the denial has to be told anew. */
  readonly expiresAt: Date
}

export const insertRequestableDenial = async (tx: Tx, row: RequestableDenial): Promise<void> => {
  await tx.query({
    name: 'insert-requestable-denial',
    text: `
      insert into requestable_denial (evaluation_id, agency_id, person_sub, conference_id, offender_id, purpose, legal_gateway,
                                      evaluated_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      ...[row.evaluationId, row.person.agencyId, row.person.sub, row.conferenceId, row.offenderId, row.purpose, row.legalGateway],
      ...[row.evaluatedAt, row.expiresAt],
    ],
  })
}

/** Null: no such denial of that person. */
export const findRequestableDenial = async (db: Db, evaluationId: string, person: NamedPerson): Promise<RequestableDenial | null> => {
  const { rows } = await db.query<RequestableDenial>({
    name: 'find-requestable-denial',
    text: `
      select d.evaluation_id as "evaluationId", json_build_object('agencyId', d.agency_id, 'sub', d.person_sub) as person,
             d.conference_id as "conferenceId", d.offender_id as "offenderId", d.purpose, d.legal_gateway as "legalGateway",
             d.evaluated_at as "evaluatedAt", d.expires_at as "expiresAt"
        from requestable_denial d where d.evaluation_id = $1 and d.agency_id = $2 and d.person_sub = $3`,
    values: [evaluationId, person.agencyId, person.sub],
  })
  return rows[0] ?? null
}

/** False when the denial has become a request before. */
export const insertAccessRequest = async (tx: Tx, row: { readonly evaluationId: string; readonly requestId: string }): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'insert-access-request',
    text: 'insert into access_request (evaluation_id, request_id) values ($1, $2) on conflict (evaluation_id) do nothing',
    values: [row.evaluationId, row.requestId],
  })
  return rowCount > 0
}

/** The denied evaluation that a request for disclosure came from; null where it came another way. */
export const findEvaluationOf = async (db: Db, requestId: string): Promise<string | null> => {
  const { rows } = await db.query<{ evaluationId: string }>({
    name: 'find-evaluation-of-request',
    text: 'select a.evaluation_id as "evaluationId" from access_request a where a.request_id = $1',
    values: [requestId],
  })
  return rows[0]?.evaluationId ?? null
}
