-- Who takes part: areas, agencies, their systems, their people and what those people are appointed to.
-- Every row that bears on what an agency may ask hangs on agency.version: triggers raise it, and a decision that
-- remembers anything about the agency remembers it under that number, read again under the lock of the commit.

create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;

create table area (
  id text primary key,
  name text not null
);

create table agency (
  id text primary key constraint agency_id_shape check (id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  name text not null,
  kind text not null,
  regime text not null constraint agency_regime_known check (regime in ('law-enforcement', 'general')),
  clearance text not null default 'official-sensitive' constraint agency_clearance_known check (clearance in ('official', 'official-sensitive')),
  area_id text references area (id),
  schemes text[] not null default '{}',
  issuer text unique,
  jwks_uri text,
  active_from timestamptz not null default '-infinity',
  active_to timestamptz,
  suspended_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default statement_timestamp()
);

create table client (
  id text primary key constraint client_id_shape check (id ~ '^[A-Za-z0-9._:-]{1,128}$'),
  agency_id text not null references agency (id),
  name text not null,
  binding text not null constraint client_binding_known check (binding in ('dpop', 'mtls', 'bearer')),
  suspended_at timestamptz,
  created_at timestamptz not null default statement_timestamp()
);
create index client_by_agency on client (agency_id);

create table client_key (
  id uuid primary key,
  client_id text not null references client (id),
  kind text not null constraint client_key_kind_known check (kind in ('dpop', 'mtls')),
  -- RFC 7638 thumbprint of a DPoP key, or RFC 8705 SHA-256 thumbprint of a certificate, base64url.
  thumbprint text not null,
  from_at timestamptz not null default statement_timestamp(),
  to_at timestamptz,
  constraint client_key_once unique (client_id, thumbprint)
);

create table person (
  agency_id text not null references agency (id),
  sub text not null,
  display_name text not null,
  active_from timestamptz not null default '-infinity',
  active_to timestamptz,
  intelligence_vetted_until timestamptz,
  visor_trained_until timestamptz,
  created_at timestamptz not null default statement_timestamp(),
  primary key (agency_id, sub)
);

create table appointment (
  id uuid primary key,
  agency_id text not null,
  person_sub text not null,
  role text not null,
  area_id text references area (id),
  from_at timestamptz not null,
  to_at timestamptz,
  recorded_at timestamptz not null default statement_timestamp(),
  foreign key (agency_id, person_sub) references person (agency_id, sub),
  constraint appointment_interval check (to_at is null or to_at > from_at)
);
create index appointment_by_person on appointment (agency_id, person_sub);

create function raise_agency_version() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'agency' then
    new.version := old.version + 1;
    return new;
  end if;
  update agency set version = agency.version + 1
   where agency.id = coalesce(new.agency_id, old.agency_id);
  return null;
end $$;

create trigger agency_version before update on agency
  for each row when (old.version = new.version) execute function raise_agency_version();
create trigger client_version after insert or update or delete on client for each row execute function raise_agency_version();
create function raise_agency_version_of_client() returns trigger language plpgsql as $$
begin
  update agency set version = agency.version + 1
   where agency.id = (select client.agency_id from client where client.id = coalesce(new.client_id, old.client_id));
  return null;
end $$;
create trigger client_key_version after insert or update or delete on client_key
  for each row execute function raise_agency_version_of_client();
create trigger person_version after insert or update or delete on person for each row execute function raise_agency_version();
create trigger appointment_version after insert or update or delete on appointment for each row execute function raise_agency_version();
