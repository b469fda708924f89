-- Risk to life: who looked at whom, why, until when, and what two others made of it (R38-R40). Rows are only added.

create table emergency_access (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  agency_id text not null references agency (id),
  person_sub text not null,
  -- The entry with which it was opened: what was released stands there.
  entry_id uuid not null,
  legal_gateway text not null,
  sensitive_condition text,
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  triage_due_at timestamptz not null,
  decision_due_at timestamptz not null,
  -- The threat, who is at risk, why the ordinary way was too slow.
  sealed bytea not null,
  constraint emergency_access_ends check (expires_at > opened_at)
);
create index emergency_access_by_person on emergency_access (agency_id, person_sub, decision_due_at);
create index emergency_access_by_offender on emergency_access (offender_id);

create table emergency_review (
  id uuid primary key,
  emergency_id uuid not null references emergency_access (id),
  step text not null constraint emergency_review_step_known check (step in ('triage', 'decision')),
  reviewer text not null constraint emergency_review_reviewer_known check (reviewer in ('chair', 'ig-officer')),
  outcome text not null constraint emergency_review_outcome_known
    check (outcome in ('looked-at', 'justified', 'part-justified', 'not-justified')),
  sealed bytea not null,
  reviewed_by_agency text not null references agency (id),
  reviewed_by_person text not null,
  reviewed_at timestamptz not null,
  constraint emergency_review_outcome_fits check ((step = 'triage') = (outcome = 'looked-at'))
);
-- One look is enough; a decision is a chair's and an information-governance officer's, one of each.
create unique index emergency_review_triaged_once on emergency_review (emergency_id) where step = 'triage';
create unique index emergency_review_decided_once on emergency_review (emergency_id, reviewer) where step = 'decision';

-- "The controller must, without undue delay and not later than 72 hours after becoming aware" (DPA 2018 s.67).
create table breach (
  id uuid primary key,
  emergency_id uuid not null unique references emergency_access (id),
  aware_at timestamptz not null,
  notify_by timestamptz not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  constraint breach_clock_runs check (notify_by > aware_at)
);

create trigger emergency_access_append_only before update or delete on emergency_access for each row execute function refuse_change();
create trigger emergency_access_no_truncate before truncate on emergency_access execute function refuse_change();
create trigger emergency_review_append_only before update or delete on emergency_review for each row execute function refuse_change();
create trigger emergency_review_no_truncate before truncate on emergency_review execute function refuse_change();
create trigger breach_append_only before update or delete on breach for each row execute function refuse_change();
create trigger breach_no_truncate before truncate on breach execute function refuse_change();

grant select, insert on emergency_access, emergency_review, breach to gateway_app;
