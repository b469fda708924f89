-- What was said, paragraph by paragraph: each with whom it came from, whom it is about, its marking and its labels under the Freedom of
-- Information Act. A correction is a further version; a permission may name exactly one version of one paragraph.

create table paragraph (
  id uuid primary key,
  conference_id uuid not null references conference (id),
  -- "One standard form set": the minutes with their actions, the interventions plan, the review (Guidance 2009, 1.3 b2 and b11).
  form text not null constraint paragraph_form_known check (form in ('minutes', 'interventions-plan', 'review')),
  number integer not null constraint paragraph_counts check (number >= 1),
  constraint paragraph_once unique (conference_id, form, number)
);

create table paragraph_version (
  paragraph_id uuid not null references paragraph (id),
  version integer not null constraint paragraph_version_counts check (version >= 1),
  -- Null: a matter of the meeting itself, about nobody.
  offender_id uuid references offender (id),
  originator_agency text not null references agency (id),
  -- Who carried it into the room for the originator, whose it stays (aide memoire: prison).
  conduit_agency text references agency (id),
  -- Freedom of Information Act s.41 is for what was obtained from another person.
  source text not null constraint paragraph_source_known check (source in ('own', 'another-person')),
  nature text not null constraint paragraph_nature_known check (nature in ('fact', 'assessment')),
  subject_type text not null constraint paragraph_subject_type_known
    check (subject_type in ('suspect', 'convicted', 'victim', 'witness', 'other')),
  marking text not null constraint paragraph_marking_known
    check (marking in ('official', 'official-sensitive', 'npm', 'protect', 'restricted', 'confidential')),
  foi_labels text[] not null,
  grade jsonb,
  -- Whose action it is, where it is one.
  action_agency text,
  action_sub text,
  -- The text, and of a correction why it was made.
  sealed bytea not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  primary key (paragraph_id, version),
  foreign key (action_agency, action_sub) references person (agency_id, sub),
  constraint paragraph_41_from_another check (source = 'another-person' or not 'foia-41' = any(foi_labels))
);
create index paragraph_version_by_offender on paragraph_version (offender_id) where offender_id is not null;

-- Where the decisions of a meeting stand in its minutes: a two-hour recall, licence conditions and the rest.
create table minute_reference_paragraph (
  minute_reference_id uuid not null references minute_reference (id),
  paragraph_id uuid not null references paragraph (id),
  linked_by_agency text not null references agency (id),
  linked_by_person text not null,
  linked_at timestamptz not null,
  primary key (minute_reference_id, paragraph_id)
);
create index minute_reference_paragraph_by_paragraph on minute_reference_paragraph (paragraph_id);

-- Which version of which paragraph was read by whom, with the entry that says so.
create table paragraph_reading (
  entry_id uuid not null,
  paragraph_id uuid not null,
  version integer not null,
  agency_id text not null,
  person_sub text not null,
  read_at timestamptz not null,
  primary key (entry_id, paragraph_id),
  foreign key (paragraph_id, version) references paragraph_version (paragraph_id, version)
);
create index paragraph_reading_by_paragraph on paragraph_reading (paragraph_id, version);

do $$
declare name text;
begin
  foreach name in array array['paragraph', 'paragraph_version', 'minute_reference_paragraph', 'paragraph_reading'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on paragraph, paragraph_version, minute_reference_paragraph, paragraph_reading to gateway_app;
