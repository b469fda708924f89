-- What people ask of those who hold their data, what is lawfully kept from them and until when, and the counts that boards are given.

create table rights_request (
  id uuid primary key,
  -- Null where nobody of that description is held: the answer is the same as where everything is withheld.
  offender_id uuid references offender (id),
  -- The officer's own reference to the letter; no names.
  reference text not null,
  received_on date not null,
  identity_confirmed_on date not null,
  -- One month from the later of the two (DPA 2018 s.54).
  due_on date not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  constraint rights_request_due check (due_on > received_on)
);

create table rights_answer (
  request_id uuid primary key references rights_request (id),
  told integer not null,
  withheld integer not null,
  answered_by_agency text not null references agency (id),
  answered_by_person text not null,
  answered_at timestamptz not null
);

-- A restriction of the right of access (DPA 2018 s.45(4)): of one processing activity, on a recorded ground, for a time.
create table disclosure_withholding (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  purpose text not null,
  -- Null: whatever was disclosed for the purpose, to whomever.
  category text,
  recipient_agency_id text references agency (id),
  -- Null: decided for the partnership; else only what that agency supplied or received.
  agency_id text references agency (id),
  ground text not null constraint disclosure_withholding_ground_known
    check (ground in ('inquiry', 'prevention-detection', 'public-security', 'rights-of-others')),
  -- The reasons, which the Commissioner may ask for and the person may not (s.45(6)-(7)).
  sealed bytea not null,
  -- The last day on which it holds.
  lapses_on date not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null
);
create index disclosure_withholding_by_offender on disclosure_withholding (offender_id);

-- One table of counts as it was published for a quarter, after suppression: asked again, it is the same, so that nobody can take one
-- from another. What was suppressed is not kept.
create table aggregate_publication (
  period text not null constraint aggregate_publication_is_a_quarter check (period ~ '^\d{4}-Q[1-4]$'),
  breakdown text not null,
  counts jsonb not null,
  policy_hash text not null,
  taken_at timestamptz not null,
  primary key (period, breakdown)
);

create trigger rights_request_append_only before update or delete on rights_request for each row execute function refuse_change();
create trigger rights_request_no_truncate before truncate on rights_request execute function refuse_change();
create trigger rights_answer_append_only before update or delete on rights_answer for each row execute function refuse_change();
create trigger rights_answer_no_truncate before truncate on rights_answer execute function refuse_change();
create trigger disclosure_withholding_append_only before update or delete on disclosure_withholding
  for each row execute function refuse_change();
create trigger disclosure_withholding_no_truncate before truncate on disclosure_withholding execute function refuse_change();
create trigger aggregate_publication_append_only before update or delete on aggregate_publication
  for each row execute function refuse_change();
create trigger aggregate_publication_no_truncate before truncate on aggregate_publication execute function refuse_change();

grant select, insert on rights_request, rights_answer, disclosure_withholding, aggregate_publication to gateway_app;
