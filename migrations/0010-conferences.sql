-- Conferences as records: who met, where, when and under whose chair; which cases were on the agenda; where the minutes say so.
-- What was said is not here: papers are closed, and opened to persons, not to agencies.

create table conference (
  id uuid primary key,
  kind text not null constraint conference_kind_known check (kind in
    ('case-conference', 'dyo-conference', 'mappa-meeting', 'marac', 'mash', 'cross-unit-risk', 'dmm', 'operational-group')),
  area_id text not null references area (id),
  held_on date not null,
  chair_agency text not null,
  chair_sub text not null,
  -- 'chair' or 'deputy-chair': "in the absence of the chair the role is taken by the deputy" (Guidance 2009, 1.1).
  chaired_as text not null constraint conference_chaired_as check (chaired_as in ('chair', 'deputy-chair')),
  spoc_agency text not null,
  spoc_sub text not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  foreign key (chair_agency, chair_sub) references person (agency_id, sub),
  foreign key (spoc_agency, spoc_sub) references person (agency_id, sub),
  constraint conference_once unique (kind, area_id, held_on)
);
create index conference_by_area on conference (area_id, held_on);

-- A case on an agenda. Without a conference it waits for the area's next one.
create table agenda_item (
  id uuid primary key,
  conference_id uuid references conference (id),
  area_id text not null references area (id),
  offender_id uuid not null references offender (id),
  item text not null constraint agenda_item_known check (item in ('new-referral', 'review', 'strand', 'case-review', 'release', 'recall', 'other')),
  asked_by_agency text not null references agency (id),
  asked_at timestamptz not null
);
create unique index agenda_item_waits_once on agenda_item (area_id, offender_id, item) where conference_id is null;
create unique index agenda_item_once on agenda_item (conference_id, offender_id, item) where conference_id is not null;
create index agenda_item_by_offender on agenda_item (offender_id, conference_id);

-- Append-only: where the minutes of a conference record a decision. Every discussion of a case carries the finding that the
-- risk to the public outweighs confidentiality (Confidentiality Statement, para 1).
create table minute_reference (
  id uuid primary key,
  conference_id uuid not null references conference (id),
  offender_id uuid references offender (id),
  reference text not null,
  matter text not null constraint minute_matter_known
    check (matter in ('registration', 'review', 'strand', 'licence-conditions', 'recall', 'disclosure', 'other')),
  risk_outweighs_confidentiality boolean not null,
  article8_grounds text[] not null default '{}',
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  constraint minute_reference_once unique (conference_id, reference),
  constraint minute_case_found_needed check (offender_id is null or (risk_outweighs_confidentiality and cardinality(article8_grounds) > 0))
);
create index minute_reference_by_offender on minute_reference (offender_id);

create trigger conference_append_only before update or delete on conference for each row execute function refuse_change();
create trigger conference_no_truncate before truncate on conference execute function refuse_change();
create trigger minute_reference_append_only before update or delete on minute_reference for each row execute function refuse_change();
create trigger minute_reference_no_truncate before truncate on minute_reference execute function refuse_change();

grant select, insert on conference, agenda_item, minute_reference to gateway_app;
grant update (conference_id) on agenda_item to gateway_app;
