-- Who holds what, from which release, and what is asked back. A line of the disclosure register says besides its agreement on what else it
-- rested: the chair's permission, the person's consent, and the release through which whoever passed it on had it.

alter table disclosure
  add column permission_id uuid references permission (id),
  -- Set only where the release would have been refused, or have been less, without that consent.
  add column consent_event_id uuid,
  -- Null: straight from the supplier.
  add column onward_of_entry uuid,
  add column onward_of_position integer,
  add constraint disclosure_onward_whole check ((onward_of_entry is null) = (onward_of_position is null)),
  add constraint disclosure_onward_of foreign key (onward_of_entry, onward_of_position) references disclosure (entry_id, position);
create index disclosure_by_permission on disclosure (permission_id) where permission_id is not null;
create index disclosure_by_agreement on disclosure (agreement_id) where agreement_id is not null;
create index disclosure_onward on disclosure (onward_of_entry, onward_of_position) where onward_of_entry is not null;
-- By which release an agency had the papers that it lets somebody have.
create index disclosure_of_papers on disclosure (offender_id, recipient_agency_id, supplier_agency_id, released_at)
  where category in ('conf-minutes', 'conf-papers');
create index permission_by_end on permission (expires_at);

-- One thing that ended, and with it the ground of every copy released on it (R45).
create table copy_recall (
  id uuid primary key,
  cause text not null constraint copy_recall_cause_known check (cause in
    ('revocation', 'expiry', 'consent-withdrawn', 'agreement-ended', 'correction')),
  -- What ended, in the words of its cause: it is recalled once, however many instances look.
  cause_key text not null,
  cites text not null,
  -- Null: the copies of many people.
  offender_id uuid references offender (id),
  -- Whose chair watches it; null: the partnership's officers.
  area_id text references area (id),
  permission_id uuid references permission (id),
  agreement_id uuid references agreement (id),
  raised_at timestamptz not null,
  due_at timestamptz not null,
  -- Null: a day that came.
  by_agency text references agency (id),
  by_person text,
  constraint copy_recall_once unique (cause, cause_key)
);
create index copy_recall_by_area on copy_recall (area_id, id);

-- One a holder: an agency, or somebody beyond the partnership, whom the conference's administrator asks.
create table copy_notice (
  id uuid primary key,
  recall_id uuid not null references copy_recall (id),
  holder_agency text not null,
  holder_sub text,
  outside boolean not null,
  releases integer not null,
  issued_at timestamptz not null
);
create index copy_notice_by_recall on copy_notice (recall_id, id);

-- The copies that a notice asks for. What ends afterwards finds them asked for already; two that end in the same moment may both ask, so that
-- neither has to wait for the other.
create table copy_notice_line (
  entry_id uuid not null,
  position integer not null,
  notice_id uuid not null references copy_notice (id),
  primary key (entry_id, position, notice_id),
  foreign key (entry_id, position) references disclosure (entry_id, position)
);
create index copy_notice_line_by_notice on copy_notice_line (notice_id, entry_id, position);

create table copy_return (
  notice_id uuid primary key references copy_notice (id),
  outcome text not null constraint copy_return_outcome_known check (outcome in ('returned', 'destroyed')),
  -- True: the holder said so to the administrator who wrote it down.
  on_their_word boolean not null,
  by_agency text not null references agency (id),
  by_person text not null,
  acknowledged_at timestamptz not null
);

do $$
declare name text;
begin
  foreach name in array array['copy_recall', 'copy_notice', 'copy_notice_line', 'copy_return'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on copy_recall, copy_notice, copy_notice_line, copy_return to gateway_app;
