-- People of agencies without a system of their own work in the console, a system of their agency like any other: suspending it keeps
-- the agency's people out. They sign in at their own agency (OpenID Connect), under the issuer that the agency is registered with.
alter table client drop constraint client_binding_known;
alter table client add constraint client_binding_known check (binding in ('dpop', 'mtls', 'bearer', 'session'));
-- Where the provider describes itself (OpenID Connect Discovery 1.0 section 4); the client's id is its client_id there.
alter table client add column discovery_uri text;
alter table client add constraint client_session_has_discovery check ((binding = 'session') = (discovery_uri is not null));
create unique index client_console_of_agency on client (agency_id) where binding = 'session';

-- A sign-in under way: what must come back from the provider, for ten minutes and once. The browser holds the handle, only its hash is here.
create table console_sign_in (
  handle_hash bytea primary key,
  agency_id text not null references agency (id),
  client_id text not null references client (id),
  state text not null,
  nonce text not null,
  code_verifier text not null,
  to_path text not null,
  -- The latest instant at which the person must have proved who they are; null when an earlier proof will do.
  after_at timestamptz,
  started_at timestamptz not null default statement_timestamp()
);
create index console_sign_in_by_age on console_sign_in (started_at);

-- A person at work in the console. A copy of this table opens no session: it holds hashes of the tokens.
create table console_session (
  token_hash bytea primary key,
  agency_id text not null references agency (id),
  client_id text not null references client (id),
  person_sub text not null,
  display_name text not null,
  -- What the person held when last read: it chooses which pages are offered, never what is allowed.
  appointments jsonb not null,
  form_token text not null,
  authenticated_at timestamptz not null,
  started_at timestamptz not null default statement_timestamp(),
  seen_at timestamptz not null default statement_timestamp()
);
create index console_session_by_age on console_session (seen_at);

grant select, insert, delete on console_sign_in to gateway_app;
grant select, insert, update, delete on console_session to gateway_app;
