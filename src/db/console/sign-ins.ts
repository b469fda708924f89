import { Fault } from '../../core/fault.ts'
import type { Db } from '../db.ts'

export interface SignInProvider {
  readonly agencyId: string
  readonly agencyName: string
  /** The console as a system of this agency, and its `client_id` at the provider. */
  readonly clientId: string
  readonly issuer: string
  readonly discoveryUri: string
}

/** The agencies whose people may sign in now, by name. */
export const listSignInProviders = async (db: Db): Promise<readonly SignInProvider[]> => {
  const { rows } = await db.query<SignInProvider>({
    name: 'list-sign-in-providers',
    text: `select a.id as "agencyId", a.name as "agencyName", c.id as "clientId", a.issuer, c.discovery_uri as "discoveryUri"
             from client c
             join agency a on a.id = c.agency_id
            where c.binding = 'session'
              and a.issuer is not null
              and (c.suspended_at is null or c.suspended_at > statement_timestamp())
              and (a.suspended_at is null or a.suspended_at > statement_timestamp())
            order by a.name`,
  })
  return rows
}

export interface PendingSignIn {
  readonly agencyId: string
  readonly clientId: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly toPath: string
  readonly afterAt: Date | null
}

/** Anybody may begin to sign in; so many may be under way at once, and the table holds no more. */
const MOST_UNDER_WAY = 10_000

/** @throws Fault `unavailable` when too many are under way */
export const insertSignIn = async (db: Db, handleHash: Uint8Array, pending: PendingSignIn): Promise<void> => {
  const { rowCount } = await db.query({
    name: 'insert-sign-in',
    text: `insert into console_sign_in (handle_hash, agency_id, client_id, state, nonce, code_verifier, to_path, after_at)
           select $1, $2, $3, $4, $5, $6, $7, $8
            where (select count(*) from (select from console_sign_in s limit $9) as under_way) < $9`,
    values: [
      handleHash,
      pending.agencyId,
      pending.clientId,
      pending.state,
      pending.nonce,
      pending.codeVerifier,
      pending.toPath,
      pending.afterAt,
      MOST_UNDER_WAY,
    ],
  })
  if (rowCount === 0) throw new Fault('unavailable', 'Too many sign-ins are under way.', { retryAfterSeconds: 60 })
}

/** Takes a sign-in that is under way, so that nobody takes it again; null when there is none, or none so recent. */
export const takeSignIn = async (db: Db, handleHash: Uint8Array): Promise<PendingSignIn | null> => {
  const { rows } = await db.query<PendingSignIn & { readonly recent: boolean }>({
    name: 'take-sign-in',
    text: `delete from console_sign_in s where s.handle_hash = $1
           returning s.agency_id as "agencyId", s.client_id as "clientId", s.state, s.nonce, s.code_verifier as "codeVerifier",
                     s.to_path as "toPath", s.after_at as "afterAt", s.started_at > statement_timestamp() - interval '10 minutes' as recent`,
    values: [handleHash],
  })
  const [found] = rows
  if (found?.recent !== true) return null
  const { recent: _recent, ...pending } = found
  return pending
}
