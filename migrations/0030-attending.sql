-- Who was invited to a meeting, who came, and who acknowledged which version of its confidentiality statement: what every reading
-- of its papers rests on. Nothing is changed here; the last row of a person says how they stand.

-- "Read out at the start of every meeting." A version binds the meetings held from its day on, until the next one begins.
create table confidentiality_statement (
  version integer primary key constraint confidentiality_statement_counts check (version >= 1),
  from_on date not null unique,
  text text not null,
  -- SHA-256 of the text, base64url: what a person acknowledges.
  hash text not null,
  published_by_agency text not null references agency (id),
  published_by_person text not null,
  published_at timestamptz not null
);

create table conference_invitation (
  conference_id uuid not null references conference (id),
  agency_id text not null,
  person_sub text not null,
  invited_by_agency text not null references agency (id),
  invited_by_person text not null,
  invited_at timestamptz not null,
  primary key (conference_id, agency_id, person_sub),
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);

create table attendance (
  place bigint generated always as identity primary key,
  conference_id uuid not null references conference (id),
  agency_id text not null,
  person_sub text not null,
  part text not null constraint attendance_part_known check (part in ('chair', 'deputy-acting', 'core-member', 'invited', 'minute-taker', 'spoc')),
  -- 'excluded': was there, and by the chair's decision reads no more of it.
  state text not null constraint attendance_state_known check (state in ('attended', 'apologies', 'invited-absent', 'excluded')),
  delegation_id uuid,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);
create index attendance_by_person on attendance (conference_id, agency_id, person_sub, place);

-- By the person alone, for that meeting and that version. Reading is not acknowledging.
create table acknowledgement (
  place bigint generated always as identity primary key,
  conference_id uuid not null references conference (id),
  statement_version integer not null references confidentiality_statement (version),
  agency_id text not null,
  person_sub text not null,
  kind text not null constraint acknowledgement_kind_known check (kind in ('acknowledged', 'withdrawn')),
  happened_at timestamptz not null,
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);
create index acknowledgement_by_person on acknowledgement (conference_id, agency_id, person_sub, place);

-- "The presenting risk to the public outweighs confidentiality" (Confidentiality Statement, para 1), on a ground of Article 8(2) that
-- the statement names: found for each case before a word about it is written down.
create table case_discussion (
  id uuid primary key,
  conference_id uuid not null references conference (id),
  offender_id uuid not null references offender (id),
  risk_outweighs_confidentiality boolean not null constraint case_discussion_risk_found check (risk_outweighs_confidentiality),
  article8_grounds text[] not null constraint case_discussion_grounds check (
    cardinality(article8_grounds) > 0
    and article8_grounds <@ array['public-safety', 'crime-disorder', 'health-morals', 'rights-others']),
  sealed bytea not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null
);
create index case_discussion_by_case on case_discussion (conference_id, offender_id);

do $$
declare name text;
begin
  foreach name in array array['confidentiality_statement', 'conference_invitation', 'attendance', 'acknowledgement', 'case_discussion'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on confidentiality_statement, conference_invitation, attendance, acknowledgement, case_discussion to gateway_app;
