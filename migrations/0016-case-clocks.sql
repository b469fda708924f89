-- The days and instants that a case's clocks run from. Civil days are London's.

alter table offender
  -- The last day on which the next review is still in time (Case Conferencing Guidance 2009, 1.3 b3-b4); null: never set.
  add column review_on date,
  -- "16 weeks is the maximum, except longer-term custody": decided at a review, ends with the custody.
  add column long_term_custody boolean not null default false,
  -- When the person came into the present cohort.
  add column cohort_since timestamptz,
  add column admitted_at timestamptz,
  add column earliest_release_on date,
  -- Eligible for home detention curfew: licence conditions are discussed five months before release, not three.
  add column hdc_eligible boolean not null default false;

-- Whoever records that a person was admitted, moved or released: the clocks of custody begin and end with it.
create function keep_custody_clocks() returns trigger language plpgsql as $$
begin
  if new.custody_agency_id is null then
    new.admitted_at := null;
    new.earliest_release_on := null;
    new.hdc_eligible := false;
    new.long_term_custody := false;
  elsif new.admitted_at is not distinct from old.admitted_at then
    new.admitted_at := statement_timestamp();
  end if;
  return new;
end $$;
create trigger offender_custody_clocks before update of custody_agency_id on offender
  for each row when (old.custody_agency_id is distinct from new.custody_agency_id) execute function keep_custody_clocks();

create index offender_by_review on offender (review_on) where basis = 'cohort';
create index offender_by_release on offender (earliest_release_on) where earliest_release_on is not null;

create index event_told_overdue on event ((refs ->> 'taskId')) where kind = 'task-overdue';
create index task_by_due on task (due_at) where closed_at is null and due_at is not null;

-- RFC 9562 section 5.7, for rows that one statement makes by the thousand; every other id is made by the application.
create function uuid_v7_at(at timestamptz) returns uuid language sql volatile as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from at) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- One row for each sweep that was committed: when, as of which instant, how many tasks it opened.
create table clock_sweep (
  id uuid primary key,
  as_of timestamptz not null,
  opened jsonb not null,
  finished_at timestamptz not null default statement_timestamp()
);
create trigger clock_sweep_append_only before update or delete on clock_sweep for each row execute function refuse_change();
create trigger clock_sweep_no_truncate before truncate on clock_sweep execute function refuse_change();
grant select, insert on clock_sweep to gateway_app;
