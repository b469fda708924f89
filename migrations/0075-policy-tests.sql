-- Cases that rules have to decide as was expected of them: partnership data, kept with what they expect and tried before rules are
-- published. Of people they hold nothing but the id of an entry of the log; what that entry held is read there, for as long as it is kept.

create table policy_test (
  id uuid primary key,
  name text not null constraint policy_test_named check (length(name) between 3 and 200),
  category text not null,
  -- The line of an entry that was decided once ...
  read_entry_id uuid,
  supplier_agency_id text references agency (id),
  -- ... or a made-up case: what differs from a request with nothing wrong with it.
  facts jsonb,
  expected_outcome text not null constraint policy_test_outcome_known check (expected_outcome in ('released', 'refused')),
  expected_rule text,
  expected_fields text[],
  saved_by_agency text not null references agency (id),
  saved_by_person text not null,
  saved_at timestamptz not null,
  constraint policy_test_of_one_kind check ((read_entry_id is null) <> (facts is null)),
  constraint policy_test_rule_of_refusal check (expected_rule is null or expected_outcome = 'refused'),
  constraint policy_test_fields_of_release check (expected_fields is null or expected_outcome = 'released')
);

create table policy_test_retirement (
  test_id uuid primary key references policy_test (id),
  why text not null,
  retired_by_agency text not null references agency (id),
  retired_by_person text not null,
  retired_at timestamptz not null
);

do $$
declare
  name text;
begin
  foreach name in array array['policy_test', 'policy_test_retirement'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
    execute format('grant select, insert on %I to gateway_app', name);
  end loop;
end $$;
