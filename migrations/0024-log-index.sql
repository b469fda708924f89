-- What information-governance officers find entries by. It is filled after the commit, from the leaves of the tree and in their order, so
-- that no release waits for it; an entry's row goes when its payload goes. The log stays the evidence: this only says where to look.

create table log_index (
  leaf_index bigint primary key references log_leaf (leaf_index),
  entry_id uuid not null unique,
  at timestamptz not null,
  refused boolean not null,
  agency_id text,
  person_sub text,
  offender_id uuid,
  -- `name=value`, of the entry as a whole; and `agency|name=value`, of the part that is told to an agency which supplied it.
  terms text[] not null,
  -- The justification's words.
  words tsvector
);
create index log_index_by_time on log_index (at, leaf_index);
create index log_index_by_offender on log_index (offender_id, at, leaf_index) where offender_id is not null;
create index log_index_by_person on log_index (agency_id, person_sub, at, leaf_index);
create index log_index_by_agency on log_index (agency_id, at, leaf_index);
create index log_index_of_refusals on log_index (agency_id, person_sub, at, leaf_index) where refused;
create index log_index_by_term on log_index using gin (terms);
create index log_index_by_word on log_index using gin (words) where words is not null;

-- Every leaf before this one has been read into the index. An erased entry has been read and has no row, so the rows cannot tell.
create table log_index_pass (
  next_leaf bigint primary key,
  passed_at timestamptz not null
);

create trigger log_index_append_only before update or delete on log_index for each row execute function refuse_change_but_retention();
create trigger log_index_no_truncate before truncate on log_index execute function refuse_change();
create trigger log_index_pass_append_only before update or delete on log_index_pass for each row execute function refuse_change();
create trigger log_index_pass_no_truncate before truncate on log_index_pass execute function refuse_change();

-- However a payload is erased, it cannot be found by what it said.
create function forget_index() returns trigger language plpgsql as $$
begin
  delete from log_index i where i.entry_id = old.entry_id;
  return null;
end $$;
create trigger access_log_payload_forgets after delete on access_log_payload for each row execute function forget_index();

grant select, delete on log_index to gateway_retention;
grant select, insert on log_index, log_index_pass to gateway_app;
