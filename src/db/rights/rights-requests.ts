import type { AgencyKind, Category, Purpose } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'

export interface RightsRequest {
  readonly id: string
  readonly offenderId: string | null
  readonly reference: string
  readonly receivedOn: string
  readonly identityConfirmedOn: string
  readonly dueOn: string
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

export const insertRightsRequest = async (tx: Tx, row: RightsRequest): Promise<void> => {
  await tx.query({
    name: 'insert-rights-request',
    text: `
      insert into rights_request (id, offender_id, reference, received_on, identity_confirmed_on, due_on, recorded_by_agency,
                                  recorded_by_person, recorded_at)
      values ($1, $2, $3, $4::date, $5::date, $6::date, $7, $8, $9)`,
    values: [
      ...[row.id, row.offenderId, row.reference, row.receivedOn, row.identityConfirmedOn, row.dueOn],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
}

export const findRightsRequest = async (
  db: Db,
  id: string,
): Promise<{ readonly offenderId: string | null; readonly dueOn: string; readonly answered: boolean } | null> => {
  const { rows } = await db.query<{ offenderId: string | null; dueOn: string; answered: boolean }>({
    name: 'find-rights-request',
    text: `
      select r.offender_id as "offenderId", r.due_on::text as "dueOn",
             exists (select from rights_answer a where a.request_id = r.id) as answered
        from rights_request r where r.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

export const isHeld = async (db: Db, offenderId: string): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'is-offender-held',
    text: 'select from offender o where o.id = $1',
    values: [offenderId],
  })
  return rows.length === 1
}

export const insertRightsAnswer = async (
  tx: Tx,
  row: {
    readonly requestId: string
    readonly told: number
    readonly withheld: number
    readonly byAgency: string
    readonly byPerson: string
    readonly at: Date
  },
): Promise<void> => {
  await tx.query({
    name: 'insert-rights-answer',
    text: `
      insert into rights_answer (request_id, told, withheld, answered_by_agency, answered_by_person, answered_at)
      values ($1, $2, $3, $4, $5, $6)`,
    values: [row.requestId, row.told, row.withheld, row.byAgency, row.byPerson, row.at],
  })
}

export interface Withholding {
  readonly id: string
  readonly offenderId: string
  readonly purpose: Purpose
  readonly category: Category | null
  readonly recipientAgencyId: string | null
  readonly agencyId: string | null
  readonly ground: 'inquiry' | 'prevention-detection' | 'public-security' | 'rights-of-others'
  readonly sealed: Uint8Array
  readonly lapsesOn: string
  readonly byAgency: string
  readonly byPerson: string
  readonly at: Date
}

export const insertWithholding = async (tx: Tx, row: Withholding): Promise<void> => {
  await tx.query({
    name: 'insert-disclosure-withholding',
    text: `
      insert into disclosure_withholding (id, offender_id, purpose, category, recipient_agency_id, agency_id, ground, sealed, lapses_on,
                                          recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9::date, $10, $11, $12)`,
    values: [
      ...[row.id, row.offenderId, row.purpose, row.category, row.recipientAgencyId, row.agencyId, row.ground, row.sealed, row.lapsesOn],
      ...[row.byAgency, row.byPerson, row.at],
    ],
  })
}

export interface RegisterLine {
  readonly releasedAt: Date
  readonly category: Category
  readonly purpose: Purpose
  readonly supplier: { readonly id: string; readonly name: string; readonly kind: AgencyKind }
  readonly recipient: { readonly id: string; readonly name: string; readonly kind: AgencyKind }
  /** Why the line is kept from the person today, by the restriction that lasts longest; null: it is told. */
  readonly withheld: { readonly id: string; readonly ground: Withholding['ground']; readonly lapsesOn: string } | null
}

/**
 * What the disclosure register says of a person, the oldest first, with what is lawfully kept from them on that London day. The access
 * log is not read: s.62(4) says what it is for, and this is not it.
 */
export const readRegister = async (db: Db, offenderId: string, today: string): Promise<readonly RegisterLine[]> => {
  const { rows } = await db.query<RegisterLine>({
    name: 'read-disclosure-register',
    text: `
      select d.released_at as "releasedAt", d.category, d.purpose,
             json_build_object('id', s.id, 'name', s.name, 'kind', s.kind) as supplier,
             json_build_object('id', r.id, 'name', r.name, 'kind', r.kind) as recipient,
             case when w.id is null then null
                  else json_build_object('id', w.id, 'ground', w.ground, 'lapsesOn', w.lapses_on) end as withheld
        from disclosure d
        join agency s on s.id = d.supplier_agency_id
        join agency r on r.id = d.recipient_agency_id
        left join lateral (
          select x.id, x.ground, x.lapses_on from disclosure_withholding x
           where x.offender_id = d.offender_id and x.purpose = d.purpose and x.lapses_on >= $2::date
             and (x.category is null or x.category = d.category)
             and (x.recipient_agency_id is null or x.recipient_agency_id = d.recipient_agency_id)
             and (x.agency_id is null or x.agency_id in (d.supplier_agency_id, d.recipient_agency_id))
           order by x.lapses_on desc, x.id limit 1
        ) w on true
       where d.offender_id = $1
       order by d.released_at, d.entry_id, d.position`,
    values: [offenderId, today],
  })
  return rows
}
