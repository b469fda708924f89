-- Payloads are erased after their period, by one function and no other way; leaves and proofs stay. Periods are the owner's to set
-- (DPA 2018 s.39(2): time limits for the periodic review of the need for storage); the application cannot shorten them.

create table log_retention_period (
  -- '*' is for every event that has no row of its own.
  event text primary key,
  days integer not null,
  constraint log_retention_period_is_long check (days >= 365)
);
insert into log_retention_period (event, days) values ('*', 2192);

-- A serious case review or a serious further offence review needs to know who saw what (Case Conferencing Guidance 2009, 1.3):
-- nothing about the person is erased between the order and its end. Rows are only added.
create table legal_hold (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  kind text not null constraint legal_hold_kind_known check (kind in ('serious-case-review', 'serious-further-offence')),
  reference text not null,
  placed_by_agency text not null,
  placed_by_person text not null,
  placed_at timestamptz not null
);
create index legal_hold_by_offender on legal_hold (offender_id);
create table legal_hold_end (
  hold_id uuid primary key references legal_hold (id),
  ended_by_agency text not null,
  ended_by_person text not null,
  ended_at timestamptz not null
);

create table log_erasure_request (
  id uuid primary key,
  before timestamptz not null,
  requested_by_agency text not null,
  requested_by_person text not null,
  requested_at timestamptz not null
);

-- What was erased, and the entry that says so.
create table log_erasure (
  entry_id uuid primary key,
  erasure_entry_id uuid not null,
  erased_at timestamptz not null
);
create index log_erasure_by_entry on log_erasure (erasure_entry_id);

create trigger log_retention_period_no_truncate before truncate on log_retention_period execute function refuse_change();
create trigger legal_hold_append_only before update or delete on legal_hold for each row execute function refuse_change();
create trigger legal_hold_no_truncate before truncate on legal_hold execute function refuse_change();
create trigger legal_hold_end_append_only before update or delete on legal_hold_end for each row execute function refuse_change();
create trigger legal_hold_end_no_truncate before truncate on legal_hold_end execute function refuse_change();
create trigger log_erasure_request_append_only before update or delete on log_erasure_request for each row execute function refuse_change();
create trigger log_erasure_request_no_truncate before truncate on log_erasure_request execute function refuse_change();
create trigger log_erasure_append_only before update or delete on log_erasure for each row execute function refuse_change();
create trigger log_erasure_no_truncate before truncate on log_erasure execute function refuse_change();

do $$ begin
  if not exists (select from pg_roles where rolname = 'gateway_retention') then
    create role gateway_retention nologin;
  end if;
end $$;
grant usage on schema public to gateway_retention;
grant select, delete on access_log_payload to gateway_retention;
grant select on access_log, offender, log_retention_period, legal_hold, legal_hold_end to gateway_retention;
grant select, insert on log_erasure to gateway_retention;

create function refuse_change_but_retention() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_user = 'gateway_retention' then
    return old;
  end if;
  raise exception '% on % is refused: this table is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;
drop trigger access_log_payload_append_only on access_log_payload;
create trigger access_log_payload_append_only before update or delete on access_log_payload
  for each row execute function refuse_change_but_retention();

-- Whether one payload may go now: its period is over, nobody holds it, and it is not itself the account of an erasure.
create function log_payload_erasable(entry uuid) returns boolean language sql stable as $$
  select exists (
    select from access_log_payload p
      join access_log a on a.entry_id = p.entry_id
     where p.entry_id = entry
       and p.event <> 'erasure'
       and a.at < statement_timestamp() - make_interval(days => (
             select r.days from log_retention_period r where r.event in (p.event, '*') order by r.event = '*' limit 1))
       and not exists (
             select from legal_hold h
              where h.offender_id = p.offender_id
                and not exists (select from legal_hold_end e where e.hold_id = h.id)))
$$;

-- A hold and an erasure wait for one another: what is held is held from the moment the order was answered.
create function wait_for_erasures() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(7030022);
  return new;
end $$;
create trigger legal_hold_waits before insert on legal_hold for each row execute function wait_for_erasures();

-- Erases exactly what the given entry says is erased: an erasure without its entry cannot be asked for.
create function erase_log_payloads(erasure_entry uuid) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids uuid[];
  refused uuid;
  gone integer;
begin
  select array(select jsonb_array_elements_text(convert_from(p.canonical, 'UTF8')::jsonb -> 'erased')::uuid) into ids
    from access_log_payload p
   where p.entry_id = erasure_entry and p.event = 'erasure' and p.effect = 'permit';
  if ids is null then
    raise exception 'no entry % accounts for an erasure', erasure_entry using errcode = 'integrity_constraint_violation';
  end if;
  perform pg_advisory_xact_lock(7030022);
  select id into refused from unnest(ids) as id where not log_payload_erasable(id) limit 1;
  if refused is not null then
    raise exception 'entry % may not be erased: its period is not over, it is held, or it is gone', refused
      using errcode = 'integrity_constraint_violation';
  end if;
  insert into log_erasure (entry_id, erasure_entry_id, erased_at) select id, erasure_entry, statement_timestamp() from unnest(ids) as id;
  delete from access_log_payload p where p.entry_id = any(ids);
  get diagnostics gone = row_count;
  return gone;
end $$;
-- Whoever creates a function owns it; to give it away, one must for a moment be able to become the new owner.
grant create on schema public to gateway_retention;
do $$ begin execute format('grant gateway_retention to %I', current_user); end $$;
alter function erase_log_payloads(uuid) owner to gateway_retention;
do $$ begin execute format('revoke gateway_retention from %I', current_user); end $$;
revoke create on schema public from gateway_retention;
revoke all on function erase_log_payloads(uuid) from public;
grant execute on function erase_log_payloads(uuid) to gateway_app;

grant select on log_retention_period, log_erasure to gateway_app;
grant select, insert on legal_hold, legal_hold_end, log_erasure_request to gateway_app;
