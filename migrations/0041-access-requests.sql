-- A denial that a chair could lift, told over the interface of OpenID AuthZEN (Access Request and Approval): what was denied to whom, so
-- that a request that names it can be held to it. It stands for a few minutes and becomes one request for disclosure at most.

create table requestable_denial (
  -- The entry of the denied evaluation.
  evaluation_id uuid primary key,
  agency_id text not null,
  person_sub text not null,
  conference_id uuid not null references conference (id),
  offender_id uuid not null references offender (id),
  purpose text not null,
  legal_gateway text not null,
  evaluated_at timestamptz not null,
  expires_at timestamptz not null,
  foreign key (agency_id, person_sub) references person (agency_id, sub),
  constraint requestable_denial_interval check (expires_at > evaluated_at)
);

create table access_request (
  evaluation_id uuid primary key references requestable_denial (evaluation_id),
  request_id uuid not null unique references disclosure_request (id)
);

do $$
declare name text;
begin
  foreach name in array array['requestable_denial', 'access_request'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on requestable_denial, access_request to gateway_app;
