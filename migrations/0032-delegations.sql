-- Who may act for the chair (Case Conferencing Guidance 2009, 1.1-1.2: "a clear audit trail"). Written by the chair for a named person,
-- or carried by the appointment of a deputy; in force once accepted, until its end, its revocation or the end of the chair's appointment.

create table delegation (
  id uuid primary key,
  area_id text not null references area (id),
  -- Null: every conference of the area.
  conference_id uuid references conference (id),
  -- Null: whoever chairs the area when it is used, as a deputy's standing delegation has it.
  chair_agency text,
  chair_sub text,
  deputy_agency text not null,
  deputy_sub text not null,
  acts text[] not null constraint delegation_acts check (
    cardinality(acts) > 0
    and acts <@ array['chair-meeting', 'decide-disclosure', 'revoke-permission', 'exclude-attendee', 'read-papers']),
  from_at timestamptz not null,
  to_at timestamptz,
  -- The deputy's appointment that carries it.
  appointment_id uuid references appointment (id),
  written_by_agency text not null references agency (id),
  written_by_person text not null,
  written_at timestamptz not null,
  foreign key (chair_agency, chair_sub) references person (agency_id, sub),
  foreign key (deputy_agency, deputy_sub) references person (agency_id, sub),
  constraint delegation_standing_or_written check ((appointment_id is null) = (chair_agency is not null and chair_sub is not null)),
  constraint delegation_written_ends check (appointment_id is not null or to_at is not null),
  constraint delegation_interval check (to_at is null or to_at > from_at),
  constraint delegation_to_another check (chair_agency is distinct from deputy_agency or chair_sub is distinct from deputy_sub)
);
create index delegation_by_deputy on delegation (deputy_agency, deputy_sub, area_id);
create index delegation_by_chair on delegation (chair_agency, chair_sub);
create unique index delegation_standing_once on delegation (appointment_id) where appointment_id is not null;

create table delegation_event (
  place bigint generated always as identity primary key,
  delegation_id uuid not null references delegation (id),
  kind text not null constraint delegation_event_known check (kind in ('accepted', 'declined', 'revoked')),
  by_agency text not null references agency (id),
  by_person text not null,
  happened_at timestamptz not null
);
create unique index delegation_event_once on delegation_event (delegation_id, kind);

do $$
declare name text;
begin
  foreach name in array array['delegation', 'delegation_event'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on delegation, delegation_event to gateway_app;
