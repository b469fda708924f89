import type pg from 'pg'

export interface GeneratedLog {
  readonly entries: number
  readonly subject: string
  readonly officer: { readonly agencyId: string; readonly sub: string }
}

const HOT = 5
const MONTHS = 6

/** Months that are over have partitions in a gateway that has run for so long. */
const pastPartitions = `
  do $$ declare month date; name text; begin
    for i in 1..${MONTHS} loop
      month := (date_trunc('month', statement_timestamp() at time zone 'UTC') - make_interval(months => i))::date;
      foreach name in array array['access_log', 'access_log_payload'] loop
        execute format('create table if not exists %I partition of %I for values from (%L) to (%L)', name || '_' || to_char(month, 'YYYYMM'),
          name, uuid_v7_floor(month::timestamp at time zone 'UTC'), uuid_v7_floor((month + interval '1 month') at time zone 'UTC'));
      end loop;
    end loop;
  end $$`

/** One in a hundred entries is about one of a few people whom everybody works with; each officer asks evenly over the months. */
const rows = (from: number, to: number, all: number): string => `
  select n, (lpad(to_hex((extract(epoch from s.at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n), 19, '0'))::uuid as id, s.at,
         md5('person ' || case when n % 100 = 0 then (n / 100) % ${HOT} else ${HOT} + (n * 7919::bigint) % 20000 end)::uuid as offender_id,
         'agency-' || n % 8 as agency_id, 'officer-' || n % 400 as person_sub, (n / 400) % 3 = 0 as refused,
         (array['oasys', 'police-intel', 'drug-treatment', 'address', 'ete', 'ogrs'])[1 + (n * 31::bigint % 6)::int] as category,
         'agency-' || (n / 8) % 8 as supplier
    from generate_series(${from}, ${to} - 1) as n,
         lateral (select date_trunc('milliseconds', statement_timestamp() - make_interval(secs => (${all} - n)::float8 * ${MONTHS} * 2592000 / ${all})) as at) s`

const canonical = `convert_to(json_build_object('agreement', null, 'at', r.at, 'caller', json_build_object('agencyId', r.agency_id, 'clientId',
    r.agency_id || '-records', 'personSub', r.person_sub), 'categories', json_build_array(json_build_object('category', r.category, 'supplier',
    r.supplier, 'outcome', case when r.refused then 'withheld' else 'record' end, 'reasons', json_build_array(json_build_object('code',
    'consent-refused', 'ruleId', 'r15-voluntary-refused')), 'facts', json_build_object('padding', repeat('x', 700)))), 'effect',
    case when r.refused then 'deny' else 'permit' end, 'entryId', r.id, 'event', 'disclosure', 'justification', 'Review of case ' || r.n % 1000,
    'offenderId', r.offender_id, 'operation', 'enquire', 'purpose', 'risk-management')::text, 'UTF8')`

/** Makes a log of `entries` with its index, by the database itself, as the owner with the triggers off; indexes are built at the end. */
export const generateLog = async (client: pg.Client, entries: number): Promise<GeneratedLog> => {
  await client.query(pastPartitions)
  await client.query(`set session_replication_role = 'replica'`)
  const indexes = await client.query<{ name: string; text: string }>(`
    select c.relname as name, pg_get_indexdef(c.oid) as text
      from pg_index x join pg_class c on c.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
     where t.relname in ('log_index', 'access_log_payload') and not x.indisprimary and not x.indisunique`)
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`)
  for (let from = 0; from < entries; from += 250_000) {
    const of = rows(from, Math.min(entries, from + 250_000), entries)
    await client.query(`
      with r as materialized (${of}), payload as (
        insert into access_log_payload (entry_id, salt, canonical, event, effect, reason, agency_id, client_id, person_sub, offender_id, purpose)
        select r.id, '\\x00', ${canonical}, 'disclosure', case when r.refused then 'deny' else 'permit' end, 'consent-refused', r.agency_id,
               r.agency_id || '-records', r.person_sub, r.offender_id, 'risk-management' from r
      )
      insert into log_index (leaf_index, entry_id, at, refused, agency_id, person_sub, offender_id, terms, words)
      select r.n, r.id, r.at, r.refused, r.agency_id, r.person_sub, r.offender_id,
             array['event=disclosure', 'operation=enquire', 'purpose=risk-management', 'category=' || r.category, 'supplier=' || r.supplier,
                   'outcome=' || case when r.refused then 'refused' else 'permitted' end, 'system=' || r.agency_id || '-records',
                   'rule=r-' || r.n % 300, 'reason=reason-' || r.n % 60, r.supplier || '|', r.supplier || '|category=' || r.category],
             to_tsvector('simple', 'Review of case ' || r.n % 1000) from r`)
  }
  for (const { text } of indexes.rows) await client.query(text)
  await client.query(`insert into log_index_pass (next_leaf, passed_at) values (${entries}, statement_timestamp())`)
  await client.query(`set session_replication_role = 'origin'`)
  await client.query('vacuum analyze log_index')
  await client.query('vacuum analyze access_log_payload')
  const subject = await client.query<{ id: string }>(`select md5('person 0')::uuid::text as id`)
  return { entries, subject: subject.rows[0]!.id, officer: { agencyId: 'agency-3', sub: 'officer-3' } }
}
