-- What waits for somebody, and what each agency is told. Both are written in the transaction of the change that gives rise to them.

create table task (
  id uuid primary key,
  kind text not null,
  -- What the task is about, in the words of its kind: opening it twice is one task.
  subject_key text not null,
  offender_id uuid references offender (id),
  owner_agency_id text not null references agency (id),
  -- Null: whoever of the agency takes it. Otherwise only those appointed to the role, or the one person, see it.
  owner_role text,
  owner_person_sub text,
  -- Null: no clock runs.
  due_at timestamptz,
  -- Ids and codes only.
  detail jsonb not null default '{}',
  opened_at timestamptz not null,
  closed_at timestamptz,
  outcome text,
  constraint task_closed_with_outcome check ((closed_at is null) = (outcome is null))
);
create unique index task_open_once on task (kind, subject_key) where closed_at is null;
create index task_by_subject_key on task (kind, subject_key);
create index task_by_owner on task (owner_agency_id, (coalesce(due_at, 'infinity'::timestamptz)), id) where closed_at is null;
create index task_by_offender on task (offender_id, kind) where offender_id is not null;

-- A task ends once, and only its end is ever written: "overdue never silently closes anything".
create function refuse_task_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.closed_at is null and new.closed_at is not null
     and (to_jsonb(new) - 'closed_at' - 'outcome') = (to_jsonb(old) - 'closed_at' - 'outcome') then
    return new;
  end if;
  raise exception '% on task is refused: a task is only ever closed, once', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger task_closes_once before update or delete on task for each row execute function refuse_task_change();
create trigger task_no_truncate before truncate on task execute function refuse_change();

create table event (
  id uuid primary key,
  kind text not null,
  offender_id uuid references offender (id),
  -- Ids and codes only: the feed is thin, and whoever wants more asks through the front door.
  refs jsonb not null default '{}',
  happened_at timestamptz not null
);
create trigger event_append_only before update or delete on event for each row execute function refuse_change();
create trigger event_no_truncate before truncate on event execute function refuse_change();

-- One row for each agency that is told. Neither ids nor instants follow the order of commits, so the place in an agency's feed is
-- given later, to committed rows only, by whoever holds that feed's lock: 1, 2, 3 ... without a gap and never given again.
create table event_delivery (
  event_id uuid not null references event (id),
  agency_id text not null references agency (id),
  place bigint,
  primary key (event_id, agency_id),
  constraint event_delivery_place unique (agency_id, place)
);
create index event_delivery_unplaced on event_delivery (agency_id, event_id) where place is null;

create function refuse_second_place() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.place is null and new.place is not null and new.event_id = old.event_id and new.agency_id = old.agency_id then
    return new;
  end if;
  raise exception '% on event_delivery is refused: an event is placed once', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger event_delivery_placed_once before update or delete on event_delivery for each row execute function refuse_second_place();
create trigger event_delivery_no_truncate before truncate on event_delivery execute function refuse_change();

grant select, insert on task, event, event_delivery to gateway_app;
grant update (closed_at, outcome) on task to gateway_app;
grant update (place) on event_delivery to gateway_app;
