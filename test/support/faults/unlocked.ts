/** Advisory locks that hold nobody, for the control that runs the shipped gateway on them. */
export const unlocked = `
  create schema unlocked;
  grant usage on schema unlocked to gateway_app;
  create function unlocked.pg_try_advisory_xact_lock_shared(integer, integer) returns boolean language sql as 'select true';
  create function unlocked.pg_advisory_xact_lock_shared(integer, integer) returns void language sql as '';
  create function unlocked.pg_advisory_xact_lock(integer, integer) returns void language sql as ''`
