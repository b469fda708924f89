import type { Db, Tx } from '../db.ts'

export interface LegalHold {
  readonly id: string
  readonly offenderId: string
  readonly kind: 'serious-case-review' | 'serious-further-offence'
  readonly reference: string
}

export interface Actor {
  readonly agencyId: string
  readonly personSub: string
}

export const insertLegalHold = async (tx: Tx, hold: LegalHold, by: Actor, at: Date): Promise<void> => {
  await tx.query({
    name: 'insert-legal-hold',
    text: `insert into legal_hold (id, offender_id, kind, reference, placed_by_agency, placed_by_person, placed_at)
           values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [hold.id, hold.offenderId, hold.kind, hold.reference, by.agencyId, by.personSub, at],
  })
}

/** Whose hold it is, who placed it and whether it has ended; null when there is none of this id. */
export const findLegalHold = async (
  db: Db,
  holdId: string,
): Promise<{ readonly offenderId: string; readonly placedBy: Actor; readonly ended: boolean } | null> => {
  const { rows } = await db.query<{ offenderId: string; agencyId: string; personSub: string; ended: boolean }>({
    name: 'find-legal-hold',
    text: `
      select h.offender_id as "offenderId", h.placed_by_agency as "agencyId", h.placed_by_person as "personSub",
             exists (select from legal_hold_end e where e.hold_id = h.id) as ended
        from legal_hold h where h.id = $1`,
    values: [holdId],
  })
  const [row] = rows
  return row === undefined
    ? null
    : { offenderId: row.offenderId, placedBy: { agencyId: row.agencyId, personSub: row.personSub }, ended: row.ended }
}

export const insertLegalHoldEnd = async (tx: Tx, holdId: string, by: Actor, at: Date): Promise<void> => {
  await tx.query({
    name: 'insert-legal-hold-end',
    text: 'insert into legal_hold_end (hold_id, ended_by_agency, ended_by_person, ended_at) values ($1, $2, $3, $4)',
    values: [holdId, by.agencyId, by.personSub, at],
  })
}

export const insertErasureRequest = async (
  tx: Tx,
  request: { readonly id: string; readonly before: Date },
  by: Actor,
  at: Date,
): Promise<void> => {
  await tx.query({
    name: 'insert-erasure-request',
    text: `insert into log_erasure_request (id, before, requested_by_agency, requested_by_person, requested_at) values ($1, $2, $3, $4, $5)`,
    values: [request.id, request.before, by.agencyId, by.personSub, at],
  })
}

export const findErasureRequest = async (
  db: Db,
  id: string,
): Promise<{ readonly before: Date; readonly agencyId: string; readonly personSub: string } | null> => {
  const { rows } = await db.query<{ before: Date; agencyId: string; personSub: string }>({
    name: 'find-erasure-request',
    text: `select r.before, r.requested_by_agency as "agencyId", r.requested_by_person as "personSub"
             from log_erasure_request r where r.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** Entries before an instant whose payload may go now, the oldest first: period over, nobody holds them. */
export const findErasable = async (db: Db, before: Date, limit: number): Promise<readonly string[]> => {
  const { rows } = await db.query<{ entryId: string }>({
    name: 'find-erasable',
    text: `
      select p.entry_id as "entryId" from access_log_payload p
       where p.entry_id < uuid_v7_floor($1) and log_payload_erasable(p.entry_id) order by p.entry_id limit $2`,
    values: [before, limit],
  })
  return rows.map((row) => row.entryId)
}

/** Erases what the entry says is erased; the database checks every one of them again. Returns how many went. */
export const eraseLogPayloads = async (tx: Tx, erasureEntryId: string): Promise<number> => {
  const { rows } = await tx.query<{ erased: number }>({ text: 'select erase_log_payloads($1) as erased', values: [erasureEntryId] })
  return rows[0]?.erased ?? 0
}

/** Days an event's payload is kept; the row `*` is for all that have none of their own. */
export const listRetentionPeriods = async (db: Db): Promise<readonly { readonly event: string; readonly days: number }[]> => {
  const { rows } = await db.query<{ event: string; days: number }>({
    text: 'select r.event, r.days from log_retention_period r order by r.event',
  })
  return rows
}
