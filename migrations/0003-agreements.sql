-- The registry of sharing agreements: the only source of authority to share (MPA report 2011, para 43).

create table agreement (
  id uuid primary key,
  reference text not null unique,
  suspended_at timestamptz,
  terminated_at timestamptz,
  created_at timestamptz not null default statement_timestamp()
);

-- A version is never edited: its hash is what each party signed.
create table agreement_version (
  agreement_id uuid not null references agreement (id),
  version integer not null,
  hash text not null unique,
  terms jsonb not null,
  drafted_by_agency text not null references agency (id),
  drafted_by_person text not null,
  replaced_at timestamptz,
  created_at timestamptz not null default statement_timestamp(),
  primary key (agreement_id, version)
);

create table agreement_party (
  agreement_id uuid not null,
  version integer not null,
  agency_id text not null references agency (id),
  primary key (agency_id, agreement_id, version),
  foreign key (agreement_id, version) references agreement_version (agreement_id, version)
);

create table agreement_signature (
  agreement_id uuid not null,
  version integer not null,
  agency_id text not null references agency (id),
  person_sub text not null,
  -- Compact JWS over the hash of the version, by that party's own signatory.
  jws text not null,
  signed_at timestamptz not null default statement_timestamp(),
  primary key (agreement_id, version, agency_id),
  foreign key (agreement_id, version) references agreement_version (agreement_id, version)
);

-- Signatories' public keys, registered by their own agency.
create table signatory_key (
  thumbprint text primary key,
  agency_id text not null,
  person_sub text not null,
  jwk jsonb not null,
  from_at timestamptz not null default statement_timestamp(),
  to_at timestamptz,
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);

create function raise_party_versions() returns trigger language plpgsql as $$
begin
  update agency set version = agency.version + 1
   where agency.id in (
     select p.agency_id from agreement_party p
      where p.agreement_id = coalesce(to_jsonb(new) ->> 'agreement_id', to_jsonb(new) ->> 'id')::uuid);
  return null;
end $$;
create trigger agreement_version_number after update on agreement for each row execute function raise_party_versions();
create trigger agreement_version_version after insert or update on agreement_version for each row execute function raise_party_versions();
create trigger agreement_party_version after insert on agreement_party for each row execute function raise_party_versions();
create trigger agreement_signature_version after insert on agreement_signature for each row execute function raise_party_versions();
