-- What an agency's own system tells of its staff, so that rules about names, homes, duty and transfers can be applied. Optional: without
-- it those rules are not evaluated. Names and addresses are kept as HMAC-SHA256 under a key that is not in the database.

create table staff_part (
  agency_id text not null,
  person_sub text not null,
  kind text not null constraint staff_part_kind_known check (kind in ('name', 'family-name', 'address')),
  hash bytea not null constraint staff_part_hash_size check (length(hash) = 32),
  primary key (agency_id, person_sub, kind, hash),
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);
create index staff_part_by_hash on staff_part (kind, hash);

-- That the agency has told of this kind for this person: an empty list told is not the same as nothing told.
create table staff_told (
  agency_id text not null,
  person_sub text not null,
  kind text not null constraint staff_told_kind_known check (kind in ('names', 'addresses', 'transfers')),
  told_at timestamptz not null,
  primary key (agency_id, person_sub, kind),
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);

-- Between these instants the shifts told are all there were.
create table staff_roster (
  agency_id text not null,
  person_sub text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  primary key (agency_id, person_sub, from_at),
  foreign key (agency_id, person_sub) references person (agency_id, sub),
  constraint staff_roster_interval check (to_at > from_at)
);
create table staff_shift (
  agency_id text not null,
  person_sub text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  primary key (agency_id, person_sub, from_at),
  foreign key (agency_id, person_sub) references person (agency_id, sub),
  constraint staff_shift_interval check (to_at > from_at)
);
create table staff_transfer (
  agency_id text not null,
  person_sub text not null,
  area_id text not null references area (id),
  left_at timestamptz not null,
  primary key (agency_id, person_sub, area_id, left_at),
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);

-- The same hashes of people in the cohort: names the gateway makes itself, addresses come from whoever holds them.
create table subject_part (
  offender_id uuid not null references offender (id),
  -- Whose record says so; empty for the gateway's own.
  source text not null,
  kind text not null constraint subject_part_kind_known check (kind in ('name', 'family-name', 'address')),
  hash bytea not null constraint subject_part_hash_size check (length(hash) = 32),
  primary key (offender_id, source, kind, hash)
);
create index subject_part_by_hash on subject_part (kind, hash);

grant select, insert, delete on staff_part, staff_told, staff_roster, staff_shift, staff_transfer, subject_part to gateway_app;
grant update (told_at) on staff_told to gateway_app;
