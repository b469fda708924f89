-- Two things that bear on the strand from outside the strand rules: custody, which decides by itself, and consent, which never does.

create table custody_event (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  status text not null,
  -- 'entry', 'transfer', 'release', or 'none' where it changes nothing (temporary release is custody, police cells are not).
  effect text not null constraint custody_effect_known check (effect in ('entry', 'transfer', 'release', 'none')),
  establishment_id text references agency (id),
  happened_at timestamptz not null,
  from_strand text,
  from_lead text references agency (id),
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null
);
create index custody_event_by_offender on custody_event (offender_id, recorded_at);

-- A question that something the person said puts to people: "a decision would be taken by the Police" (Scrutiny Board 2009, 1.24).
create table consent_question (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  consent_event_id uuid not null references consent_event (id),
  kind text not null constraint consent_question_kind_known check (kind in ('police-strand-decision', 'return-review')),
  state text not null constraint consent_question_state_known
    check (state in ('open', 'waits-for-release', 'decided', 'overtaken', 'reviewed')),
  opened_at timestamptz not null,
  ended_at timestamptz,
  constraint consent_question_ended check ((ended_at is null) = (state in ('open', 'waits-for-release')))
);
create unique index consent_question_one_open on consent_question (offender_id, kind) where ended_at is null;

create table police_decision (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  question_id uuid not null references consent_question (id),
  outcome text not null constraint police_decision_outcome_known check (outcome in ('catch-and-control', 'no-move')),
  sealed bytea not null,
  decided_by_agency text not null references agency (id),
  decided_by_person text not null,
  decided_at timestamptz not null,
  constraint police_decision_once unique (question_id)
);
create index police_decision_by_offender on police_decision (offender_id, decided_at);

create trigger custody_event_append_only before update or delete on custody_event for each row execute function refuse_change();
create trigger custody_event_no_truncate before truncate on custody_event execute function refuse_change();
create trigger police_decision_append_only before update or delete on police_decision for each row execute function refuse_change();
create trigger police_decision_no_truncate before truncate on police_decision execute function refuse_change();

grant select, insert on custody_event, consent_question, police_decision to gateway_app;
grant update (state, ended_at) on consent_question to gateway_app;
