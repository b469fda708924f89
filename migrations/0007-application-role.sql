-- The role the gateway works as. It owns nothing; on the evidence it may insert and select, and nothing else.
do $$ begin
  if not exists (select from pg_roles where rolname = 'gateway_app') then
    create role gateway_app nologin;
  end if;
end $$;

grant usage on schema public to gateway_app;
grant select, insert, update, delete on replay, idempotency, search_quota to gateway_app;
grant select, insert, update on area, agency, client, client_key, person, appointment, signatory_key, agreement, agreement_version,
  policy_publication, policy_active, offender, identifier, case_relationship, hosted_record to gateway_app;
grant select, insert on agreement_party, agreement_signature, policy_bundle, consent_event,
  log_batch, access_log, access_log_payload, disclosure to gateway_app;
