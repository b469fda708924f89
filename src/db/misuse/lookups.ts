import type { Tx } from '../db.ts'

/** Until this transaction ends nobody else reads the log for misuse; false when somebody does. */
export const lockMisuse = async (tx: Tx): Promise<boolean> => {
  const { rows } = await tx.query<{ locked: boolean }>({
    text: `select pg_try_advisory_xact_lock(hashtextextended('misuse detection', 0)) as locked`,
  })
  return rows[0]?.locked === true
}

/** The same, but waits its turn. */
export const waitForMisuse = async (tx: Tx): Promise<void> => {
  await tx.query({ text: `select pg_advisory_xact_lock(hashtextextended('misuse detection', 0))` })
}

/** Leaves read in one statement; the caller asks again while there are more. */
const MOST_LEAVES = 50_000

/**
 * Takes the look-ups out of the sealed log, from where the last pass ended. An entry that carries no facts of a decision is the frame of
 * one that does; in an emergency (R38) no tie is asked for, so that its want is not held against anybody; of a search only its frame says what was searched by, and it stands first in the commit.
 * @returns how many were taken, and whether there is more
 */
export const takeLookups = async (
  tx: Tx,
  operations: { readonly lookups: readonly string[]; readonly searches: readonly string[] },
): Promise<{ readonly taken: number; readonly more: boolean }> => {
  const { rows } = await tx.query<{ taken: number; more: boolean }>({
    text: `
      with place as (select p.next_leaf from misuse_progress p),
      page as materialized (
        select l.leaf_index, l.entry_id from log_leaf l, place
         where l.leaf_index >= place.next_leaf and l.leaf_index < place.next_leaf + $3
      ),
      entry as materialized (
        select a.entry_id, a.at, a.batch_epoch, a.batch_counter, p.agency_id, p.person_sub, p.offender_id, p.effect, p.reason,
               convert_from(p.canonical, 'UTF8')::jsonb as said
          from page
          join access_log a on a.entry_id = page.entry_id
          join access_log_payload p on p.entry_id = page.entry_id
         where p.person_sub is not null and p.event in ('consultation', 'disclosure', 'combination', 'access-denied', 'emergency-opened')
      ),
      framed as (
        select e.*,
               case when e.said ->> 'operation' <> all($2::text[]) then null
                    when e.offender_id is null then e.said ->> 'by'
                    else (select convert_from(f.canonical, 'UTF8')::jsonb ->> 'by'
                            from log_batch b join access_log_payload f on f.entry_id = b.entry_ids[1]
                           where b.epoch = e.batch_epoch and b.counter = e.batch_counter) end as searched_by
          from entry e
      ),
      kinds as (
        select f.*,
               case when f.said ->> 'operation' = any($1::text[]) and f.offender_id is not null
                         and (f.said ? 'facts' or f.effect <> 'permit') then 'enquiry'
                    when f.searched_by in ('name', 'identifier') then case when f.offender_id is null then 'search' else 'found' end end as kind
          from framed f
      ),
      taken as (
        insert into misuse_lookup (entry_id, at, kind, agency_id, person_sub, offender_id, effect, reason, relationship, found)
        select k.entry_id, k.at, k.kind, k.agency_id, k.person_sub, k.offender_id, k.effect, k.reason,
               case when k.said ? 'emergency' then 'emergency' else k.said #>> '{facts,relationship}' end, case when k.kind = 'search' then coalesce((k.said ->> 'found')::integer, 0) end
          from kinds k where k.kind is not null
        on conflict (entry_id) do nothing
        returning 1
      ),
      moved as (
        update misuse_progress as p set next_leaf = (select max(page.leaf_index) + 1 from page) where exists (select from page)
      )
      select (select count(*) from taken)::integer as taken, (select count(*) from page) = $3 as more`,
    values: [operations.lookups, operations.searches, MOST_LEAVES],
  })
  return rows[0]!
}

/** Lets go of what the rules no longer look at. */
export const dropLookupsBefore = async (tx: Tx, before: Date): Promise<number> => {
  const { rowCount } = await tx.query({ text: 'delete from misuse_lookup as l where l.at < $1', values: [before] })
  return rowCount
}

export type RunKind = 'quick' | 'hourly' | 'nightly'

export const recordRun = async (
  tx: Tx,
  run: { readonly id: string; readonly which: RunKind; readonly at: Date; readonly policyHash: string; readonly raised: number },
): Promise<void> => {
  await tx.query({
    text: 'insert into misuse_run (id, which, as_of, policy_hash, raised) values ($1, $2, $3, $4, $5)',
    values: [run.id, run.which, run.at, run.policyHash, run.raised],
  })
}
