-- The evidence. The application may insert and select; nothing may change. Both tables are partitioned by month over the
-- time that a UUIDv7 entry id carries, so that the id alone stays the key.

create function uuid_v7_floor(at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

create table log_batch (
  epoch uuid not null,
  counter bigint not null,
  root bytea not null,
  size integer not null,
  -- Hash of the newest batch this instance knew to be committed; null for the first of all.
  previous bytea,
  hash bytea not null,
  jws text not null,
  committed_at timestamptz not null,
  primary key (epoch, counter)
);

create index log_batch_by_time on log_batch (committed_at desc);

create table access_log (
  entry_id uuid primary key,
  at timestamptz not null,
  leaf_hash bytea not null,
  batch_epoch uuid not null,
  batch_counter bigint not null,
  batch_position integer not null
) partition by range (entry_id);

create table access_log_payload (
  entry_id uuid primary key,
  salt bytea not null,
  canonical bytea not null,
  event text not null,
  effect text not null,
  reason text,
  agency_id text,
  client_id text,
  person_sub text,
  offender_id uuid,
  purpose text
) partition by range (entry_id);
create index access_log_payload_by_offender on access_log_payload (offender_id, entry_id) where offender_id is not null;
create index access_log_payload_by_person on access_log_payload (agency_id, person_sub, entry_id);

create table access_log_before partition of access_log default;
create table access_log_payload_before partition of access_log_payload default;

-- Makes the partitions from this month to `months` ahead; called at start, by the owner.
create function ensure_log_partitions(months integer) returns void language plpgsql as $$
declare
  month date := date_trunc('month', statement_timestamp() at time zone 'UTC')::date;
  name text;
begin
  for i in 0..months loop
    foreach name in array array['access_log', 'access_log_payload'] loop
      execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
        name || '_' || to_char(month, 'YYYYMM'), name,
        uuid_v7_floor(month::timestamp at time zone 'UTC'), uuid_v7_floor((month + interval '1 month') at time zone 'UTC'));
    end loop;
    -- An entry of a few kilobytes stays in its row: compressing it on every commit costs more than the disk it saves.
    execute format('alter table %I set (toast_tuple_target = 8160)', 'access_log_payload_' || to_char(month, 'YYYYMM'));
    month := (month + interval '1 month')::date;
  end loop;
end $$;

-- What left, to whom, under what: for subject access and recall (DPA 2018 s.45(2)(c), s.48(9)), apart from the log,
-- whose use s.62(4) narrows.
create table disclosure (
  entry_id uuid not null,
  position integer not null,
  offender_id uuid not null,
  category text not null,
  fields text[] not null,
  items integer not null,
  supplier_agency_id text not null,
  recipient_agency_id text not null,
  recipient_person_sub text not null,
  purpose text not null,
  outbound text not null constraint disclosure_outbound_known check (outbound in ('share', 'disclose')),
  agreement_id uuid,
  agreement_version integer,
  released_at timestamptz not null,
  primary key (entry_id, position)
);
create index disclosure_by_offender on disclosure (offender_id, released_at);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: this table is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger log_batch_append_only before update or delete on log_batch for each row execute function refuse_change();
create trigger log_batch_no_truncate before truncate on log_batch execute function refuse_change();
create trigger access_log_append_only before update or delete on access_log for each row execute function refuse_change();
create trigger access_log_no_truncate before truncate on access_log execute function refuse_change();
create trigger access_log_payload_append_only before update or delete on access_log_payload for each row execute function refuse_change();
create trigger access_log_payload_no_truncate before truncate on access_log_payload execute function refuse_change();
create trigger disclosure_append_only before update or delete on disclosure for each row execute function refuse_change();
create trigger disclosure_no_truncate before truncate on disclosure execute function refuse_change();
create trigger consent_event_append_only before update or delete on consent_event for each row execute function refuse_change();
create trigger consent_event_no_truncate before truncate on consent_event execute function refuse_change();
