-- The keys that sign the log, one after another, for ever: what an old key signed is proved with it for as long as the log lasts.

create table log_key (
  kid text primary key,
  -- C2SP signed-note: name+id+key.
  verifier_key text not null unique,
  -- Null for the first. A key has one successor.
  follows text references log_key (kid),
  -- The tree when it was entered: whatever it signs comes behind.
  from_size bigint not null,
  began_at timestamptz not null,
  -- The signed statement and the entry of the log that carries it; the first key was told to everybody when they joined.
  statement text,
  entry_id uuid,
  constraint log_key_follows_one unique nulls not distinct (follows),
  constraint log_key_is_stated check ((follows is null) = (statement is null) and (follows is null) = (entry_id is null))
);

create table log_key_end (
  kid text primary key references log_key (kid),
  -- The first part of the signature of every commit that it made, by which one more is known for its.
  batch_header text not null unique,
  until_size bigint not null,
  ended_at timestamptz not null,
  statement text not null,
  entry_id uuid not null
);

create trigger log_key_append_only before update or delete on log_key for each row execute function refuse_change();
create trigger log_key_no_truncate before truncate on log_key execute function refuse_change();
create trigger log_key_end_append_only before update or delete on log_key_end for each row execute function refuse_change();
create trigger log_key_end_no_truncate before truncate on log_key_end execute function refuse_change();

-- An instance that was forgotten when the key was changed can commit nothing more: an entry that nobody can prove is worse than none.
create function refuse_ended_key() returns trigger language plpgsql as $$
begin
  if exists (select from public.log_key_end e where e.batch_header = split_part(new.jws, '.', 1)) then
    raise exception 'the key that signed this commit has ended' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger log_batch_by_a_living_key before insert on log_batch for each row execute function refuse_ended_key();

-- Nothing is committed to the log by anybody else until this transaction is over, and everything that was, is seen.
create function hold_log_commits() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  lock table log_batch in share row exclusive mode;
end $$;
revoke all on function hold_log_commits() from public;
grant execute on function hold_log_commits() to gateway_app;

grant select, insert on log_key, log_key_end to gateway_app;
