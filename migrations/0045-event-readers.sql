-- How far each system has read its agency's feed: one row a system, brought up to date whenever it asks.
create table event_reader (
  client_id text primary key references client (id),
  -- The place after which it last asked: it has everything up to there.
  asked_after bigint not null constraint event_reader_place check (asked_after >= 0),
  -- The furthest place that it was ever given.
  told_to bigint not null,
  asked_at timestamptz not null
);
grant select, insert, update on event_reader to gateway_app;
