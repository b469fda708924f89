import type { SealedBatch } from '../../ledger/batch.ts'
import type { Db, Tx } from '../db.ts'

/** What an entry is found by; the rest of it is in its canonical bytes. */
export interface EntryColumns {
  readonly entryId: string
  readonly salt: Uint8Array
  readonly canonical: Uint8Array
  readonly event: string
  readonly effect: string
  readonly reason: string | null
  readonly agencyId: string | null
  readonly clientId: string | null
  readonly personSub: string | null
  readonly offenderId: string | null
  readonly purpose: string | null
}

/** One line of the disclosure register (DPA 2018 s.45(2)(c)): what left in one category, from whom, to whom, under what. */
export interface DisclosureRow {
  readonly entryId: string
  readonly position: number
  readonly offenderId: string
  readonly category: string
  readonly fields: readonly string[]
  readonly items: number
  readonly supplierAgencyId: string
  readonly recipientAgencyId: string
  readonly recipientPersonSub: string
  readonly purpose: string
  readonly outbound: 'share' | 'disclose'
  readonly agreementId: string | null
  readonly agreementVersion: number | null
  /** The consent without which less would have left. */
  readonly consentEventId?: string | null
  /** The chair's permission that it was released under. */
  readonly permissionId?: string | null
  /** The line of the register by which whoever passed it on had it. */
  readonly onwardOf?: LineId | null
}

/** One line of the disclosure register. */
export interface LineId {
  readonly entryId: string
  readonly position: number
}

/** Writes one commit's entries and its signed batch, and behind them its releases. */
export const appendToLog = async (
  tx: Tx,
  batch: SealedBatch,
  rows: { readonly entries: readonly EntryColumns[]; readonly disclosures: readonly DisclosureRow[] },
): Promise<void> => {
  const entries = insertEntries(tx, batch, rows.entries)
  const disclosures = rows.disclosures.length > 0 ? insertDisclosures(tx, rows.disclosures, batch.place.at) : null
  await Promise.all([entries, disclosures])
}

const insertEntries = (tx: Tx, batch: SealedBatch, entries: readonly EntryColumns[]): Promise<unknown> =>
  tx.query({
    name: 'append-to-log',
    text: `
      with batch as (
        insert into log_batch (epoch, counter, root, size, previous, hash, jws, committed_at, entry_ids)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9::uuid[])
      ), leaves as (
        insert into access_log (entry_id, at, leaf_hash, batch_epoch, batch_counter, batch_position)
        select e.id, $8, e.leaf, $1, $2, e.place - 1
          from unnest($9::uuid[], $10::bytea[]) with ordinality as e (id, leaf, place)
      )
      insert into access_log_payload (entry_id, salt, canonical, event, effect, reason, agency_id, client_id, person_sub, offender_id, purpose,
                                      receipt_digest)
      select e.id, e.salt, substring($22::bytea from e.starts + 1 for e.size), e.event, e.effect, e.reason, e.agency_id, e.client_id,
             e.person_sub, e.offender_id, e.purpose, e.receipt_digest
        from unnest($9::uuid[], $11::bytea[], $12::int[], $23::int[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
                    $18::text[], $19::uuid[], $20::text[], $21::bytea[])
          as e (id, salt, starts, size, event, effect, reason, agency_id, client_id, person_sub, offender_id, purpose, receipt_digest)`,
    values: valuesOf(batch, entries),
  })

const valuesOf = (batch: SealedBatch, entries: readonly EntryColumns[]): readonly unknown[] => {
  const { place } = batch
  const canonicals = entries.map((e) => e.canonical)
  let end = 0
  return [
    place.epoch,
    place.counter,
    batch.root,
    entries.length,
    place.previous,
    batch.hash,
    batch.jws,
    place.at,
    entries.map((e) => e.entryId),
    batch.leaves.map((leaf) => leaf.hash),
    entries.map((e) => e.salt),
    canonicals.map(({ length }) => (end += length) - length),
    entries.map((e) => e.event),
    entries.map((e) => e.effect),
    entries.map((e) => e.reason),
    entries.map((e) => e.agencyId),
    entries.map((e) => e.clientId),
    entries.map((e) => e.personSub),
    entries.map((e) => e.offenderId),
    entries.map((e) => e.purpose),
    batch.leaves.map((leaf) => leaf.receiptDigest),
    // The bulk of it in one piece: in an array each byte would be written as two letters.
    Buffer.concat(canonicals),
    canonicals.map(({ length }) => length),
  ]
}

const insertDisclosures = (tx: Tx, disclosures: readonly DisclosureRow[], at: Date): Promise<unknown> =>
  tx.query({
    name: 'insert-disclosures',
    text: `
      insert into disclosure (entry_id, position, offender_id, category, fields, items, supplier_agency_id, recipient_agency_id,
                              recipient_person_sub, purpose, outbound, agreement_id, agreement_version, released_at,
                              consent_event_id, permission_id, onward_of_entry, onward_of_position)
      select d.entry_id, d.position, d.offender_id, d.category, string_to_array(d.fields, ','), d.items, d.supplier, d.recipient,
             d.person, d.purpose, d.outbound, d.agreement_id, d.agreement_version, $13, d.consent_event_id, d.permission_id,
             d.onward_of_entry, d.onward_of_position
        from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[],
                    $10::text[], $11::text[], $12::uuid[], $14::int[], $15::uuid[], $16::uuid[], $17::uuid[], $18::int[])
          as d (entry_id, position, offender_id, category, fields, items, supplier, recipient, person, purpose, outbound,
                agreement_id, agreement_version, consent_event_id, permission_id, onward_of_entry, onward_of_position)`,
    values: [
      disclosures.map((d) => d.entryId),
      disclosures.map((d) => d.position),
      disclosures.map((d) => d.offenderId),
      disclosures.map((d) => d.category),
      disclosures.map((d) => d.fields.join(',')),
      disclosures.map((d) => d.items),
      disclosures.map((d) => d.supplierAgencyId),
      disclosures.map((d) => d.recipientAgencyId),
      disclosures.map((d) => d.recipientPersonSub),
      disclosures.map((d) => d.purpose),
      disclosures.map((d) => d.outbound),
      disclosures.map((d) => d.agreementId),
      at,
      disclosures.map((d) => d.agreementVersion),
      disclosures.map((d) => d.consentEventId ?? null),
      disclosures.map((d) => d.permissionId ?? null),
      disclosures.map((d) => d.onwardOf?.entryId ?? null),
      disclosures.map((d) => d.onwardOf?.position ?? null),
    ],
  })

/** The newest batch in the log, for a new instance's first link; null in an empty log. */
export const findNewestBatchHash = async (db: Db): Promise<Buffer | null> => {
  const { rows } = await db.query<{ hash: Buffer }>({
    name: 'find-newest-batch',
    text: 'select b.hash from log_batch b order by b.committed_at desc, b.counter desc limit 1',
  })
  return rows[0]?.hash ?? null
}

/** True when a batch of this instance stands in the log: what is asked after a COMMIT whose result was lost. */
export const isBatchCommitted = async (db: Db, epoch: string, counter: number): Promise<boolean> => {
  const { rows } = await db.query({
    name: 'is-batch-committed',
    text: 'select 1 from log_batch b where b.epoch = $1 and b.counter = $2',
    values: [epoch, counter],
  })
  return rows.length === 1
}
