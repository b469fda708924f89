/** What `gateway_app` may do in the timers' schema, whose tables the owner made: work on them, and make none. */
export const jobsGrants = (schema: string): string => `
  grant usage on schema ${schema} to gateway_app;
  grant select, insert, update, delete on all tables in schema ${schema} to gateway_app;
  grant usage, select on all sequences in schema ${schema} to gateway_app;
  grant execute on all functions in schema ${schema} to gateway_app`
