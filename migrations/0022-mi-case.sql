-- What MI-Case has to be told: one message for each strand or lead that took effect, written by the transaction in which it did,
-- whichever way that was recorded. Ids and codes only.

create table mi_case_message (
  -- The id of the move, or of the registration: MI-Case takes a message of one id once.
  id uuid primary key,
  -- In the order in which they took effect; the lock of the case makes it so for each person.
  place bigint generated always as identity,
  offender_id uuid not null references offender (id),
  strand text not null,
  lead_agency_id text not null references agency (id),
  trigger text not null,
  evidence_ids uuid[] not null default '{}',
  effective_at timestamptz not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  -- The entry of the log that says it was shared.
  entry_id uuid,
  ended_at timestamptz,
  outcome text constraint mi_case_message_outcome_known check (outcome in ('delivered', 'withheld')),
  constraint mi_case_message_ended check ((ended_at is null) = (outcome is null)),
  constraint mi_case_message_shared_first check (outcome is distinct from 'delivered' or entry_id is not null)
);
create index mi_case_message_waiting on mi_case_message (offender_id, place) where ended_at is null;

-- What was said stays said; only how far it got is written, and nothing after it ended.
create function refuse_mi_case_change() returns trigger language plpgsql as $$
declare
  moving constant text[] := array['attempts', 'next_attempt_at', 'entry_id', 'ended_at', 'outcome'];
begin
  if tg_op = 'UPDATE' and old.ended_at is null and new.attempts >= old.attempts
     and (old.entry_id is null or new.entry_id = old.entry_id)
     and (to_jsonb(new) - moving) = (to_jsonb(old) - moving) then
    return new;
  end if;
  raise exception '% on mi_case_message is refused: a message is sent until it is taken, once', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger mi_case_message_ends_once before update or delete on mi_case_message for each row execute function refuse_mi_case_change();
create trigger mi_case_message_no_truncate before truncate on mi_case_message execute function refuse_change();

create function tell_mi_case_of_change() returns trigger language plpgsql as $$
begin
  insert into mi_case_message (id, offender_id, strand, lead_agency_id, trigger, evidence_ids, effective_at, next_attempt_at)
  values (new.id, new.offender_id, new.to_strand, new.to_lead, new.trigger, new.evidence_ids, new.recorded_at, new.recorded_at);
  return null;
end $$;
create trigger strand_change_to_mi_case after insert on strand_change
  for each row when (new.immediate) execute function tell_mi_case_of_change();

create function tell_mi_case_of_acceptance() returns trigger language plpgsql as $$
begin
  insert into mi_case_message (id, offender_id, strand, lead_agency_id, trigger, evidence_ids, effective_at, next_attempt_at)
  select c.id, c.offender_id, c.to_strand, c.to_lead, c.trigger, c.evidence_ids, new.at, new.at
    from strand_change c where c.id = new.strand_change_id;
  return null;
end $$;
create trigger strand_change_answer_to_mi_case after insert on strand_change_answer
  for each row when (new.decision = 'accepted') execute function tell_mi_case_of_acceptance();

create function tell_mi_case_of_registration() returns trigger language plpgsql as $$
begin
  insert into mi_case_message (id, offender_id, strand, lead_agency_id, trigger, effective_at, next_attempt_at)
  select new.id, o.id, o.strand, o.lead_agency_id, 'registration', new.recorded_at, new.recorded_at
    from offender o where o.id = new.offender_id and o.strand is not null and o.lead_agency_id is not null;
  return null;
end $$;
create trigger registration_to_mi_case after insert on registration for each row execute function tell_mi_case_of_registration();

grant select, insert on mi_case_message to gateway_app;
grant update (attempts, next_attempt_at, entry_id, ended_at, outcome) on mi_case_message to gateway_app;
