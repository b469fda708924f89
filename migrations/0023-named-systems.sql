-- What comes in from, and goes out to, the other systems and schemes that the guidance names.

-- The area that takes a case sets the day of its next review: "a review date must be set and recorded at each discussion".
alter table area_transfer_answer add column review_on date;

-- Local intelligence to the case lawyer before sentence (Scrutiny Board 2009, 1.17-1.19): one sanitised text, to one named person.
create table prosecution_release (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  lawyer_agency text not null,
  lawyer_sub text not null,
  sentence_on date not null,
  source_grade text not null,
  intelligence_grade text not null,
  handling text not null,
  -- AES-256-GCM, bound to table, id and column.
  sealed bytea not null,
  released_by_agency text not null references agency (id),
  released_by_person text not null,
  released_at timestamptz not null,
  foreign key (lawyer_agency, lawyer_sub) references person (agency_id, sub)
);
create index prosecution_release_by_offender on prosecution_release (offender_id, released_at);

-- What the police's offender tracker says of a person; it comes in and never goes out.
create table tracker_status (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  status text not null constraint tracker_status_known check (status in ('tracked', 'suspended', 'ended')),
  as_of date not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text,
  recorded_at timestamptz not null
);
create index tracker_status_by_offender on tracker_status (offender_id, recorded_at);

-- Where a nomination came from, when a manager of MAPPA or of the youth offending service asked for help. The papers stay there.
create table referral (
  nomination_id uuid primary key references nomination (id),
  referred_from text not null constraint referral_from_known check (referred_from in ('mappa', 'yos')),
  help_needed text[] not null constraint referral_needs_help check (cardinality(help_needed) > 0)
);

create trigger prosecution_release_append_only before update or delete on prosecution_release for each row execute function refuse_change();
create trigger prosecution_release_no_truncate before truncate on prosecution_release execute function refuse_change();
create trigger tracker_status_append_only before update or delete on tracker_status for each row execute function refuse_change();
create trigger tracker_status_no_truncate before truncate on tracker_status execute function refuse_change();
create trigger referral_append_only before update or delete on referral for each row execute function refuse_change();
create trigger referral_no_truncate before truncate on referral execute function refuse_change();

grant select, insert on prosecution_release, tracker_status, referral to gateway_app;
