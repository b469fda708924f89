-- Recall to custody: 24 hours is standard; two hours "only by exception", agreed at the meeting and authorised by the district's
-- Assistant Chief Officer (Guidance 2009, aide memoire).

create table recall_authorisation (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  minute_reference_id uuid not null references minute_reference (id),
  authorised_by_agency text not null references agency (id),
  authorised_by_person text not null,
  sealed bytea not null,
  authorised_at timestamptz not null
);
create index recall_authorisation_by_offender on recall_authorisation (offender_id);

create table recall (
  id uuid primary key,
  offender_id uuid not null references offender (id),
  tier text not null constraint recall_tier_known check (tier in ('24h', '2h')),
  authorisation_id uuid references recall_authorisation (id),
  -- Null where nothing was exchanged with the police first; then the exception is recorded and reported.
  police_exchange_at timestamptz,
  application_at timestamptz not null,
  exception boolean not null,
  due_at timestamptz not null,
  sealed bytea not null,
  proposed_by_agency text not null references agency (id),
  proposed_by_person text not null,
  recorded_at timestamptz not null,
  constraint recall_authorised check ((tier = '2h') = (authorisation_id is not null)),
  constraint recall_authorisation_once unique (authorisation_id),
  constraint recall_exchange_first check (exception or police_exchange_at < application_at)
);
create index recall_by_offender on recall (offender_id, recorded_at);

create trigger recall_authorisation_append_only before update or delete on recall_authorisation for each row execute function refuse_change();
create trigger recall_authorisation_no_truncate before truncate on recall_authorisation execute function refuse_change();
create trigger recall_append_only before update or delete on recall for each row execute function refuse_change();
create trigger recall_no_truncate before truncate on recall execute function refuse_change();

grant select, insert on recall_authorisation, recall to gateway_app;
