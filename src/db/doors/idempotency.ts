import type { Tx } from '../db.ts'

export interface FirstAnswer {
  readonly requestHash: string
  readonly status: number
  readonly entryId: string
  readonly body: unknown
}

interface KeyOwner {
  readonly agencyId: string
  readonly clientId: string
  readonly key: string
}

/** What a key was first answered with, within the day for which keys are kept; null when it is new. */
export const findFirstAnswer = async (tx: Tx, owner: KeyOwner): Promise<FirstAnswer | null> => {
  const { rows } = await tx.query<Omit<FirstAnswer, 'requestHash'> & { requestHash: Buffer }>({
    name: 'find-first-answer',
    text: `select i.request_hash as "requestHash", i.status, i.entry_id as "entryId", i.body
             from idempotency i
            where i.agency_id = $1 and i.client_id = $2 and i.key = $3 and i.created_at > statement_timestamp() - interval '24 hours'`,
    values: [owner.agencyId, owner.clientId, owner.key],
  })
  const row = rows[0]
  return row === undefined ? null : { ...row, requestHash: row.requestHash.toString('base64url') }
}

export const rememberAnswer = async (tx: Tx, owner: KeyOwner, answer: FirstAnswer): Promise<void> => {
  await tx.query({
    name: 'remember-answer',
    text: `insert into idempotency (agency_id, client_id, key, request_hash, status, entry_id, body)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (agency_id, client_id, key) do update
             set request_hash = excluded.request_hash, status = excluded.status, entry_id = excluded.entry_id,
                 body = excluded.body, created_at = statement_timestamp()`,
    values: valuesOf(owner, answer),
  })
}

/** Keeps the answer unless the key has one that still counts; false then. Waits for a transaction that is about to keep it. */
export const claimKey = async (tx: Tx, owner: KeyOwner, answer: FirstAnswer): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'claim-key',
    text: `insert into idempotency (agency_id, client_id, key, request_hash, status, entry_id, body)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (agency_id, client_id, key) do update
             set request_hash = excluded.request_hash, status = excluded.status, entry_id = excluded.entry_id,
                 body = excluded.body, created_at = statement_timestamp()
           where idempotency.created_at <= statement_timestamp() - interval '24 hours'`,
    values: valuesOf(owner, answer),
  })
  return rowCount === 1
}

const valuesOf = (owner: KeyOwner, answer: FirstAnswer): unknown[] => [
  owner.agencyId,
  owner.clientId,
  owner.key,
  Buffer.from(answer.requestHash, 'base64url'),
  answer.status,
  answer.entryId,
  JSON.stringify(answer.body),
]
