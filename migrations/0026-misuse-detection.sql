-- What the rules of policies/misuse.yaml found in the access log, what reviewers made of it, and the samples drawn whatever was found.
-- A log may be used for self-monitoring, internal disciplinary proceedings among it (DPA 2018 s.62(4)).

-- The look-ups of the last weeks in the few columns that the rules read. A working copy, not evidence: it goes after the rules' window,
-- long before the log's own payload may.
create table misuse_lookup (
  entry_id uuid primary key,
  at timestamptz not null,
  on_day date generated always as ((at at time zone 'Europe/London')::date) stored,
  -- 'enquiry': somebody was asked about by id; 'found': a search by name or number found them; 'search': such a search itself.
  kind text not null constraint misuse_lookup_kind_known check (kind in ('enquiry', 'found', 'search')),
  agency_id text not null,
  person_sub text not null,
  offender_id uuid,
  effect text not null,
  reason text,
  -- What tied the asking person to the case, as the decision was made; null where the entry does not say.
  relationship text,
  -- Of a search: how many it found.
  found integer,
  constraint misuse_lookup_of_somebody check ((kind = 'search') = (offender_id is null))
);
create index misuse_lookup_by_time on misuse_lookup (at);
create index misuse_lookup_by_subject on misuse_lookup (offender_id, at) where offender_id is not null;

-- How far the sealed log has been read. Leaves have no gaps and never change their order, so nothing is read twice and nothing missed.
create table misuse_progress (
  one boolean primary key default true constraint misuse_progress_is_one check (one),
  next_leaf bigint not null
);
insert into misuse_progress (next_leaf) values (0);

create table misuse_run (
  id uuid primary key,
  which text not null constraint misuse_run_known check (which in ('quick', 'hourly', 'nightly')),
  -- Up to when the log was judged.
  as_of timestamptz not null,
  policy_hash text not null,
  raised integer not null,
  finished_at timestamptz not null default statement_timestamp()
);

-- Whether a rule could be applied to an agency's look-ups when it was last tried. What was not evaluated is never called clear.
create table misuse_evaluation (
  rule_id text not null,
  agency_id text not null references agency (id),
  state text not null constraint misuse_evaluation_state_known check (state in ('evaluated', 'in-part', 'not-evaluated', 'off')),
  lookups integer not null,
  covered integer not null,
  as_of timestamptz not null,
  primary key (rule_id, agency_id)
);

create table misuse_flag (
  id uuid primary key,
  rule_id text not null,
  agency_id text not null references agency (id),
  person_sub text not null,
  -- Null: about several people.
  offender_id uuid,
  -- The London day of what happens within a day; empty where it does not.
  period text not null default '',
  rank text not null constraint misuse_flag_rank_known check (rank in ('high', 'medium', 'low')),
  rank_place smallint generated always as (case rank when 'high' then 1 when 'medium' then 2 else 3 end) stored,
  words text not null,
  cites text not null,
  numbers jsonb not null,
  -- Seen by the partnership's officers alone.
  partnership_only boolean not null,
  policy_hash text not null,
  raised_at timestamptz not null
);
create index misuse_flag_by_person on misuse_flag (agency_id, person_sub, rule_id);
create index misuse_flag_by_rank on misuse_flag (rank_place, id desc);

-- The entries a flag rests on. More may come while nobody has decided.
create table misuse_flag_entry (
  flag_id uuid not null references misuse_flag (id),
  entry_id uuid not null,
  added_at timestamptz not null,
  primary key (flag_id, entry_id)
);
create index misuse_flag_entry_by_entry on misuse_flag_entry (entry_id);

create table misuse_decision (
  id uuid primary key,
  flag_id uuid not null references misuse_flag (id),
  outcome text not null constraint misuse_decision_outcome_known check (outcome in ('justified', 'query', 'breach')),
  -- Why, in the reviewer's words: AES-256-GCM, bound to table, id and column.
  sealed bytea not null,
  decided_by_agency text not null,
  decided_by_person text not null,
  decided_at timestamptz not null,
  -- "without undue delay and, where feasible, not later than 72 hours after becoming aware of it" (DPA 2018 s.67(1)).
  report_by timestamptz,
  constraint misuse_decision_reports_breach check ((outcome = 'breach') = (report_by is not null))
);
create index misuse_decision_by_flag on misuse_decision (flag_id, decided_at);
create unique index misuse_decision_final_once on misuse_decision (flag_id) where outcome <> 'query';

-- One draw a London day. Ordered by sha256(seed, entry id), the first of each agency's are the sample: nobody can tell beforehand whom it
-- will be, anybody can draw it again afterwards.
create table misuse_sample (
  on_day date primary key,
  seed bytea not null constraint misuse_sample_seed_size check (length(seed) = 32),
  -- [{agencyId, lookups, drawn}]
  drawn jsonb not null,
  drawn_at timestamptz not null
);

-- People who do not exist. Nothing but this table says so, and only the partnership's officers are told what it says.
create table decoy (
  offender_id uuid primary key references offender (id),
  registered_by_agency text not null,
  registered_by_person text not null,
  registered_at timestamptz not null
);
create table decoy_retirement (
  offender_id uuid primary key references decoy (offender_id),
  retired_by_agency text not null,
  retired_by_person text not null,
  retired_at timestamptz not null
);

do $$
declare
  name text;
begin
  foreach name in array array['misuse_run', 'misuse_flag', 'misuse_flag_entry', 'misuse_decision', 'misuse_sample', 'decoy',
                              'decoy_retirement'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
    execute format('grant select, insert on %I to gateway_app', name);
  end loop;
end $$;
grant select, insert, delete on misuse_lookup to gateway_app;
grant select on misuse_progress to gateway_app;
grant update (next_leaf) on misuse_progress to gateway_app;
grant select, insert on misuse_evaluation to gateway_app;
grant update (state, lookups, covered, as_of) on misuse_evaluation to gateway_app;
