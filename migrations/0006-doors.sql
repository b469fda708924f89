-- What the doors remember for a short while, shared by every instance.

-- Proofs of possession already used (RFC 9449 section 11.1): kept for the proof's window.
create table replay (
  key text primary key,
  expires_at timestamptz not null
);
create index replay_by_expiry on replay (expires_at);

-- A repeated key gets the first answer's status and ids, never stored offender data.
create table idempotency (
  agency_id text not null,
  client_id text not null,
  key text not null,
  -- SHA-256 of method, path and body: the same key with another request is a conflict.
  request_hash bytea not null,
  status integer,
  entry_id uuid,
  body jsonb,
  created_at timestamptz not null default statement_timestamp(),
  primary key (agency_id, client_id, key)
);
create index idempotency_by_age on idempotency (created_at);

-- Searches of one person within a window, counted across instances: a slow scrape must not find a second door.
create table search_quota (
  key text not null,
  window_start timestamptz not null,
  used integer not null,
  primary key (key, window_start)
);
