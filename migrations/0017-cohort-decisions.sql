-- How people come into the cohort, stay in it, move between areas and leave it. Each decision is one row, never changed.

create table nomination (
  id uuid primary key,
  proposes text not null constraint nomination_proposes_known check (proposes in ('add', 'remove')),
  area_id text not null references area (id),
  cohort text not null constraint nomination_cohort_known check (cohort in ('ppo', 'iom', 'dyo')),
  given_name text not null,
  family_name text not null,
  born_on date,
  -- [{kind, value}], as the nominating agency knows the person.
  identifiers jsonb not null default '[]',
  -- Why, in the nominating person's words: AES-256-GCM, bound to table, id and column, like every free text below.
  sealed bytea not null,
  nominated_by_agency text not null references agency (id),
  nominated_by_person text not null,
  nominated_at timestamptz not null
);
create index nomination_by_area on nomination (area_id, id);
create trigger nomination_append_only before update or delete on nomination for each row execute function refuse_change();
create trigger nomination_no_truncate before truncate on nomination execute function refuse_change();

create table registration (
  id uuid primary key,
  nomination_id uuid not null unique references nomination (id),
  offender_id uuid not null references offender (id),
  conference_id uuid not null references conference (id),
  cohort text not null,
  criteria_version text not null,
  score integer,
  score_only boolean not null default false,
  -- [{agencyId, view, evidence[]}]: one for each agency, none weighs more (Scrutiny Board 2009, 1.27).
  views jsonb not null,
  -- Offence, status, agreement to register, why the score alone decided, interventions with their named people.
  sealed bytea not null,
  review_on date not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null
);
create index registration_by_offender on registration (offender_id);
create trigger registration_append_only before update or delete on registration for each row execute function refuse_change();
create trigger registration_no_truncate before truncate on registration execute function refuse_change();

create table case_review (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  conference_id uuid not null references conference (id),
  strand text,
  lead_agency_id text references agency (id),
  period_from date not null,
  period_to date not null,
  criteria_version text not null,
  score integer,
  -- Past interventions, the case manager's progress, new objectives.
  sealed bytea not null,
  registration_appropriate boolean not null,
  strand_appropriate boolean not null,
  out_of_cycle boolean not null default false,
  long_term_custody boolean not null default false,
  views jsonb not null,
  review_on date not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  constraint case_review_period check (period_from <= period_to)
);
create index case_review_by_offender on case_review (offender_id, recorded_at);
create trigger case_review_append_only before update or delete on case_review for each row execute function refuse_change();
create trigger case_review_no_truncate before truncate on case_review execute function refuse_change();

create table deselection (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  conference_id uuid not null references conference (id),
  reasons text[] not null constraint deselection_has_reasons check (cardinality(reasons) > 0),
  -- What each reason has to show.
  sealed bytea not null,
  outcome text not null constraint deselection_outcome_known check (outcome in ('exit', 'to-iom', 'to-mappa', 'moved')),
  views jsonb not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null
);
create index deselection_by_offender on deselection (offender_id);
create trigger deselection_append_only before update or delete on deselection for each row execute function refuse_change();
create trigger deselection_no_truncate before truncate on deselection execute function refuse_change();

-- A case has one owner at every instant: offender.area_id, which changes in the transaction of the second acceptance and nowhere else.
create table area_transfer (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  from_area_id text not null references area (id),
  to_area_id text not null references area (id),
  address_stable_since date not null,
  proposed_by_agency text not null references agency (id),
  proposed_by_person text not null,
  proposed_at timestamptz not null,
  constraint area_transfer_moves check (from_area_id <> to_area_id)
);
create index area_transfer_by_offender on area_transfer (offender_id);
create trigger area_transfer_append_only before update or delete on area_transfer for each row execute function refuse_change();
create trigger area_transfer_no_truncate before truncate on area_transfer execute function refuse_change();

-- What each of the two areas said; with the second acceptance, or the first refusal, the transfer is over.
create table area_transfer_answer (
  transfer_id uuid not null references area_transfer (id),
  area_id text not null references area (id),
  accepted boolean not null,
  answered_by_agency text not null references agency (id),
  answered_by_person text not null,
  answered_at timestamptz not null,
  primary key (transfer_id, area_id)
);
create trigger area_transfer_answer_append_only before update or delete on area_transfer_answer for each row execute function refuse_change();
create trigger area_transfer_answer_no_truncate before truncate on area_transfer_answer execute function refuse_change();

grant select, insert on nomination, registration, case_review, deselection, area_transfer, area_transfer_answer to gateway_app;
