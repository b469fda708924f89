-- The people in the cohort, the numbers agencies know them by, and who works with them.

create table offender (
  id uuid primary key,
  -- 'cohort', or why the person may not be spoken of: a potentially dangerous person, no lawful basis, or no longer in the cohort.
  basis text not null default 'cohort' constraint offender_basis_known check (basis in ('cohort', 'pdp', 'no-basis', 'closed')),
  given_name text not null,
  family_name text not null,
  born_on date,
  cohort text constraint offender_cohort_known check (cohort in ('ppo', 'iom', 'dyo')),
  strand text constraint offender_strand_known check (strand in ('catch-and-control', 'prevent-and-deter', 'rehabilitate-and-resettle')),
  statutory boolean,
  supervisor_agency_id text references agency (id),
  lead_agency_id text references agency (id),
  dip boolean not null default false,
  custody_agency_id text references agency (id),
  area_id text not null references area (id),
  processing_restricted boolean not null default false,
  recorded_at timestamptz not null default statement_timestamp(),
  -- Lower case, letters and digits only: what names are compared by.
  search_name text generated always as (regexp_replace(lower(given_name || ' ' || family_name), '[^a-z0-9 ]', '', 'g')) stored
);
create index offender_by_name on offender using gin (search_name gin_trgm_ops);
create index offender_by_sound on offender (dmetaphone(family_name), born_on);
create index offender_by_birth on offender (born_on);
create index offender_by_area on offender (area_id);

create table identifier (
  kind text not null,
  -- Upper case, no spaces or separators.
  value text not null,
  offender_id uuid not null references offender (id),
  agency_id text not null references agency (id),
  primary key (kind, value, agency_id)
);
create index identifier_by_offender on identifier (offender_id);

create table case_relationship (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  kind text not null constraint case_relationship_kind_known
    check (kind in ('lead-case-manager', 'case-manager', 'intervention-owner', 'nominating-agency')),
  agency_id text not null references agency (id),
  person_sub text,
  from_at timestamptz not null,
  to_at timestamptz,
  recorded_at timestamptz not null default statement_timestamp()
);
create index case_relationship_by_offender on case_relationship (offender_id);

-- Append-only: what a person said about sharing, never what state that leaves; the state is derived.
create table consent_event (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  kind text not null constraint consent_event_kind_known check (kind in ('sought', 'given', 'refused', 'withdrawn', 'no-capacity')),
  categories text[] not null default '{}',
  recipients text[] not null default '{}',
  purposes text[] not null default '{}',
  capacity_basis text,
  evidence text,
  happened_at timestamptz not null,
  expires_at timestamptz,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text,
  recorded_at timestamptz not null default statement_timestamp()
);
create index consent_event_by_offender on consent_event (offender_id, happened_at);

-- Records of agencies that have no system of their own: sealed (AES-256-GCM, bound to table, id and column).
create table hosted_record (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  category text not null,
  agency_id text not null references agency (id),
  sealed bytea not null,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint hosted_record_one unique (offender_id, category, agency_id)
);
