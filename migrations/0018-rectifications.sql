-- What was found wrong or was restricted, and who had received it (DPA 2018 s.46-48): each recipient confirms.

create table rectification (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  kind text not null constraint rectification_kind_known check (kind in ('rectified', 'restricted', 'restriction-lifted')),
  category text not null,
  originator_agency_id text not null references agency (id),
  -- Which items, in the originator's own references, and what was wrong with them.
  sealed bytea not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null
);
create index rectification_by_offender on rectification (offender_id);
create trigger rectification_append_only before update or delete on rectification for each row execute function refuse_change();
create trigger rectification_no_truncate before truncate on rectification execute function refuse_change();

create table rectification_notice (
  rectification_id uuid not null references rectification (id),
  agency_id text not null references agency (id),
  -- How often the disclosure register names the agency as recipient; 0 for the originator, who is told as such.
  releases integer not null,
  primary key (rectification_id, agency_id)
);
create trigger rectification_notice_append_only before update or delete on rectification_notice for each row execute function refuse_change();
create trigger rectification_notice_no_truncate before truncate on rectification_notice execute function refuse_change();

create table rectification_acknowledgement (
  rectification_id uuid not null,
  agency_id text not null,
  outcome text not null constraint rectification_acknowledgement_known
    check (outcome in ('corrected', 'erased', 'restricted', 'no-copy-held')),
  person_sub text not null,
  acknowledged_at timestamptz not null,
  primary key (rectification_id, agency_id),
  foreign key (rectification_id, agency_id) references rectification_notice (rectification_id, agency_id)
);
create trigger rectification_acknowledgement_append_only before update or delete on rectification_acknowledgement
  for each row execute function refuse_change();
create trigger rectification_acknowledgement_no_truncate before truncate on rectification_acknowledgement
  execute function refuse_change();

grant select, insert on rectification, rectification_notice, rectification_acknowledgement to gateway_app;
