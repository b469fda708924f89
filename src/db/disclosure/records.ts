import type { Category } from '../../core/vocabulary.ts'
import type { Db, Tx } from '../db.ts'
import { together } from '../together.ts'

/** A part of a person's shared record: exact fields of one category from one supplier. */
export interface NamedRecord {
  readonly category: Category
  readonly supplierAgencyId: string
  readonly fields: readonly string[]
}

const columnsOf = (records: readonly NamedRecord[]) => [
  records.map(({ category }) => category),
  records.map(({ supplierAgencyId }) => supplierAgencyId),
  records.map(({ fields }) => JSON.stringify(fields)),
]

const given = `
  select $1::uuid, g.category, g.supplier, array(select jsonb_array_elements_text(g.fields::jsonb))
    from unnest($2::text[], $3::text[], $4::text[]) as g (category, supplier, fields)`

export const insertRequestRecords = async (tx: Tx, requestId: string, records: readonly NamedRecord[]): Promise<void> => {
  if (records.length === 0) return
  await tx.query({
    name: 'insert-disclosure-request-records',
    text: `insert into disclosure_request_record (request_id, category, supplier_agency, fields) ${given}`,
    values: [requestId, ...columnsOf(records)],
  })
}

export const insertPermissionRecords = async (tx: Tx, permissionId: string, records: readonly NamedRecord[]): Promise<void> => {
  if (records.length === 0) return
  await tx.query({
    name: 'insert-permission-records',
    text: `insert into permission_record (permission_id, category, supplier_agency, fields) ${given}`,
    values: [permissionId, ...columnsOf(records)],
  })
}

const permitted = together<string, NamedRecord>({
  name: 'list-permitted-records',
  text: `
      select k.place, s.category, s.supplier_agency as "supplierAgencyId", s.fields
        from unnest($1::uuid[]) with ordinality as k (id, place)
        join permission_record s on s.permission_id = k.id order by k.place, s.category, s.supplier_agency`,
  values: (ids) => [ids],
})

/** Exactly what was permitted of the person's record; empty where it is paragraphs alone. */
export const listPermittedRecords = (db: Db, permissionId: string): Promise<readonly NamedRecord[]> => permitted(db, permissionId)
