-- Every move of strand or lead, with what it rests on. Only ever added: what is true now is the offender's row, and this explains it.

create table strand_change (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  trigger text not null,
  from_strand text,
  to_strand text not null constraint strand_change_to_known
    check (to_strand in ('catch-and-control', 'prevent-and-deter', 'rehabilitate-and-resettle')),
  from_lead text references agency (id),
  to_lead text not null references agency (id),
  -- The row of the lead-agency table that answered.
  row_id text not null,
  lead_override boolean not null default false,
  -- False: the outgoing lead has recorded it, and it holds once the incoming lead has accepted it.
  immediate boolean not null,
  evidence_ids uuid[] not null default '{}',
  conference_id uuid references conference (id),
  police_decision_id uuid references police_decision (id),
  custody_event_id uuid references custody_event (id),
  plan_id uuid references interventions_plan (id),
  sealed bytea not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  -- A decision of the police is recorded once.
  constraint strand_change_decision_once unique (police_decision_id),
  constraint strand_change_plan check (plan_id is not null or trigger = 'custody-entry')
);
create index strand_change_by_offender on strand_change (offender_id, recorded_at);

create table strand_change_answer (
  strand_change_id uuid primary key references strand_change (id),
  -- 'overtaken': custody came first.
  decision text not null constraint strand_change_answer_known check (decision in ('accepted', 'declined', 'overtaken')),
  by_agency text not null references agency (id),
  by_person text not null,
  at timestamptz not null
);

create trigger strand_change_append_only before update or delete on strand_change for each row execute function refuse_change();
create trigger strand_change_no_truncate before truncate on strand_change execute function refuse_change();
create trigger strand_change_answer_append_only before update or delete on strand_change_answer for each row execute function refuse_change();
create trigger strand_change_answer_no_truncate before truncate on strand_change_answer execute function refuse_change();

grant select, insert on strand_change, strand_change_answer to gateway_app;
