-- Evidence has two rights that never meet: its originator adds it, the lead moves the strand on it (Strand Clarification 2009, paras 2-4).

-- What is edited is edited under If-Match: the number rises with every change to what the gateway decides on.
alter table offender add column case_version bigint not null default 1;
-- A lead other than the table's, where the row allows one and both agencies agreed (row L4).
alter table offender add column lead_override boolean not null default false;
create function raise_case_version() returns trigger language plpgsql as $$
begin
  new.case_version := old.case_version + 1;
  return new;
end $$;
create trigger offender_case_version before update on offender
  for each row when (old.case_version = new.case_version) execute function raise_case_version();

create table evidence (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  kind text not null constraint evidence_kind_known check (kind in
    ('arrest-disposal', 'police-intel', 'partner-intel', 'non-compliance-ra', 'non-compliance-rob', 'non-compliance-drr',
     'attitude-attendance', 'engagement')),
  -- Whoever submitted it stays its originator, whoever accepts it.
  originator_agency text not null references agency (id),
  originator_person text not null,
  occurred_on date not null,
  -- The originator's own number for the record behind it.
  reference text,
  -- AES-256-GCM, bound to table, id and column.
  sealed bytea not null,
  -- False: it counts once the lead has accepted it.
  direct boolean not null,
  supersedes uuid references evidence (id),
  recorded_at timestamptz not null
);
create index evidence_by_offender on evidence (offender_id, recorded_at);
create index evidence_by_superseded on evidence (supersedes) where supersedes is not null;

create table evidence_answer (
  evidence_id uuid primary key references evidence (id),
  decision text not null constraint evidence_answer_known check (decision in ('accepted', 'declined')),
  by_agency text not null references agency (id),
  by_person text not null,
  at timestamptz not null
);

create view evidence_state as
select e.id, e.offender_id, e.kind, e.originator_agency, e.occurred_on, e.supersedes, e.recorded_at,
       case when a.decision = 'declined' then 'declined'
            when not e.direct and a.decision is null then 'submitted'
            when exists (select from evidence later
                           left join evidence_answer answer on answer.evidence_id = later.id
                          where later.supersedes = e.id and (later.direct or answer.decision = 'accepted')) then 'superseded'
            else 'accepted' end as state
  from evidence e
  left join evidence_answer a on a.evidence_id = e.id;

-- The interventions plan: one version each time it is amended; each intervention has a named person (Guidance 2009, 1.3 b10).
create table interventions_plan (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  strand text not null constraint interventions_plan_strand_known
    check (strand in ('catch-and-control', 'prevent-and-deter', 'rehabilitate-and-resettle')),
  lead_manager_agency text not null,
  lead_manager_sub text not null,
  review_on date not null,
  sealed bytea not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  foreign key (lead_manager_agency, lead_manager_sub) references person (agency_id, sub)
);
create index interventions_plan_by_offender on interventions_plan (offender_id, recorded_at);

create table intervention (
  plan_id uuid not null references interventions_plan (id),
  position integer not null,
  agency_id text not null,
  person_sub text not null,
  primary key (plan_id, position),
  foreign key (agency_id, person_sub) references person (agency_id, sub)
);

create trigger evidence_append_only before update or delete on evidence for each row execute function refuse_change();
create trigger evidence_no_truncate before truncate on evidence execute function refuse_change();
create trigger evidence_answer_append_only before update or delete on evidence_answer for each row execute function refuse_change();
create trigger evidence_answer_no_truncate before truncate on evidence_answer execute function refuse_change();
create trigger interventions_plan_append_only before update or delete on interventions_plan for each row execute function refuse_change();
create trigger interventions_plan_no_truncate before truncate on interventions_plan execute function refuse_change();
create trigger intervention_append_only before update or delete on intervention for each row execute function refuse_change();
create trigger intervention_no_truncate before truncate on intervention execute function refuse_change();

grant select, insert on evidence, evidence_answer, interventions_plan, intervention to gateway_app;
grant select on evidence_state to gateway_app;
