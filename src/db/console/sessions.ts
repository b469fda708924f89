import type { Role } from '../../core/vocabulary.ts'
import type { Db } from '../db.ts'

export interface HeldAppointment {
  readonly role: Role
  readonly areaId: string | null
}

export interface NewSession {
  readonly agencyId: string
  readonly clientId: string
  readonly personSub: string
  readonly displayName: string
  readonly appointments: readonly HeldAppointment[]
  /** What every form of this session carries. */
  readonly formToken: string
  /** When the person last proved who they are, by their agency's word. */
  readonly authenticatedAt: Date
}

export interface Session extends NewSession {
  readonly agencyName: string
  /** By the database's clock, when this was read. */
  readonly at: Date
  readonly expiresAt: Date
}

export const insertSession = async (db: Db, tokenHash: Uint8Array, session: NewSession): Promise<void> => {
  await db.query({
    name: 'insert-session',
    text: `insert into console_session (token_hash, agency_id, client_id, person_sub, display_name, appointments, form_token, authenticated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      tokenHash,
      session.agencyId,
      session.clientId,
      session.personSub,
      session.displayName,
      JSON.stringify(session.appointments),
      session.formToken,
      session.authenticatedAt,
    ],
  })
}

/** The session of that token, seen again now; null after 15 minutes without a request, or ten hours after it began. */
export const touchSession = async (db: Db, tokenHash: Uint8Array): Promise<Session | null> => {
  const { rows } = await db.query<Session>({
    name: 'touch-session',
    text: `update console_session s
              set seen_at = statement_timestamp()
             from agency a
            where s.token_hash = $1 and a.id = s.agency_id
              and s.seen_at > statement_timestamp() - interval '15 minutes'
              and s.started_at > statement_timestamp() - interval '10 hours'
        returning s.agency_id as "agencyId", a.name as "agencyName", s.client_id as "clientId", s.person_sub as "personSub",
                  s.display_name as "displayName", s.appointments, s.form_token as "formToken", s.authenticated_at as "authenticatedAt",
                  statement_timestamp() as at,
                  least(statement_timestamp() + interval '15 minutes', s.started_at + interval '10 hours') as "expiresAt"`,
    values: [tokenHash],
  })
  return rows[0] ?? null
}

export const endSession = async (db: Db, tokenHash: Uint8Array): Promise<void> => {
  await db.query({ name: 'end-session', text: 'delete from console_session where token_hash = $1', values: [tokenHash] })
}

/** What can open nothing any more is not kept. */
export const forgetEndedSessions = async (db: Db): Promise<void> => {
  await db.query({ text: `delete from console_session where seen_at < statement_timestamp() - interval '15 minutes'` })
  await db.query({ text: `delete from console_sign_in where started_at < statement_timestamp() - interval '10 minutes'` })
}
