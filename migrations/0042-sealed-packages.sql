-- What was permitted for somebody outside any agency is handed over as a sealed package: a link and a code, by two ways, opened once.
-- Neither stands here: of the link there is a hash, of each code a slow and salted one. Rows are only added; how a package stands follows.

create table disclosure_package (
  id uuid primary key,
  permission_id uuid not null references permission (id),
  link_hash bytea not null constraint disclosure_package_link_once unique,
  made_by_agency text not null,
  made_by_sub text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  constraint disclosure_package_link_hashed check (octet_length(link_hash) = 32),
  constraint disclosure_package_interval check (expires_at > made_at),
  foreign key (made_by_agency, made_by_sub) references person (agency_id, sub)
);
create index disclosure_package_by_permission on disclosure_package (permission_id, made_at);

-- Only the newest code of a package opens it.
create table disclosure_package_code (
  package_id uuid not null references disclosure_package (id),
  number integer not null constraint disclosure_package_code_counts check (number >= 1),
  salt bytea not null constraint disclosure_package_code_salted check (octet_length(salt) = 16),
  hash bytea not null constraint disclosure_package_code_hashed check (octet_length(hash) = 32),
  issued_by_agency text not null,
  issued_by_sub text not null,
  issued_at timestamptz not null,
  primary key (package_id, number),
  foreign key (issued_by_agency, issued_by_sub) references person (agency_id, sub)
);

-- Each wrong code. There is no sixth, whichever instance counts.
create table disclosure_package_try (
  package_id uuid not null references disclosure_package (id),
  number integer not null constraint disclosure_package_tries check (number between 1 and 5),
  entry_id uuid not null,
  tried_at timestamptz not null,
  primary key (package_id, number)
);

-- A package is used up by this row, in the commit that releases what is in it.
create table disclosure_package_opening (
  package_id uuid primary key references disclosure_package (id),
  entry_id uuid not null,
  opened_at timestamptz not null
);

-- Whether the answer was seen to leave. Where nobody saw it, the gateway ended in between: then it was not delivered.
create table disclosure_package_delivery (
  package_id uuid primary key references disclosure_package_opening (package_id),
  outcome text not null constraint disclosure_package_delivery_known check (outcome in ('delivered', 'not-delivered')),
  noted_at timestamptz not null
);

do $$
declare name text;
begin
  foreach name in array array['disclosure_package', 'disclosure_package_code', 'disclosure_package_try', 'disclosure_package_opening',
                              'disclosure_package_delivery'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on disclosure_package, disclosure_package_code, disclosure_package_try, disclosure_package_opening,
  disclosure_package_delivery to gateway_app;
