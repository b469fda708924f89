-- What is handed to somebody without an account: opened once, with a code that was handed over apart from the link. Neither the link nor
-- the code is kept, only what each hashes to.

create table disclosure_package (
  id uuid primary key,
  permission_id uuid not null references permission (id),
  link_hash bytea not null unique,
  expires_at timestamptz not null,
  sealed_by_agency text not null references agency (id),
  sealed_by_person text not null,
  sealed_at timestamptz not null,
  constraint disclosure_package_ends check (expires_at > sealed_at)
);
create index disclosure_package_by_permission on disclosure_package (permission_id);

create table disclosure_package_code (
  package_id uuid primary key references disclosure_package (id),
  code_hash bytea not null,
  issued_by_agency text not null references agency (id),
  issued_by_person text not null,
  issued_at timestamptz not null
);

-- One row for each time that a code was sent, right or wrong, and one when it was opened.
create table disclosure_package_event (
  place bigint generated always as identity primary key,
  package_id uuid not null references disclosure_package (id),
  kind text not null constraint disclosure_package_event_known check (kind in ('wrong-code', 'refused', 'opened')),
  happened_at timestamptz not null
);
create index disclosure_package_event_by_package on disclosure_package_event (package_id, place);
create unique index disclosure_package_opened_once on disclosure_package_event (package_id) where kind = 'opened';

do $$
declare name text;
begin
  foreach name in array array['disclosure_package', 'disclosure_package_code', 'disclosure_package_event'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on disclosure_package, disclosure_package_code, disclosure_package_event to gateway_app;
