-- Policy bundles by the hash of their content; the active one is a pointer that every release commit reads.

create table policy_bundle (
  hash text primary key,
  engine text not null,
  content jsonb not null,
  stored_at timestamptz not null default statement_timestamp()
);

create table policy_publication (
  id uuid primary key,
  hash text not null references policy_bundle (hash),
  proposed_by_agency text not null,
  proposed_by_person text not null,
  proposed_at timestamptz not null default statement_timestamp(),
  approved_by_agency text,
  approved_by_person text,
  approved_at timestamptz,
  constraint policy_publication_two_officers
    check (approved_by_person is null or (approved_by_agency, approved_by_person) is distinct from (proposed_by_agency, proposed_by_person))
);

create table policy_active (
  single boolean primary key default true constraint policy_active_one check (single),
  hash text not null references policy_bundle (hash),
  since timestamptz not null default statement_timestamp()
);
