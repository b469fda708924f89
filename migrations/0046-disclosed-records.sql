-- What is asked of the chair may also be a part of the person's shared record: one category of one supplier, field by field. The chair
-- permits fields that were asked for and no others; which they are is never worked out later from what the category holds by then.

create table disclosure_request_record (
  request_id uuid not null references disclosure_request (id),
  category text not null,
  supplier_agency text not null references agency (id),
  fields text[] not null constraint disclosure_request_record_names_fields check (cardinality(fields) > 0),
  primary key (request_id, category)
);

create table permission_record (
  permission_id uuid not null references permission (id),
  category text not null,
  supplier_agency text not null references agency (id),
  fields text[] not null constraint permission_record_names_fields check (cardinality(fields) > 0),
  primary key (permission_id, category)
);

-- Beside its paragraphs: of which supplier's record which fields left.
alter table permission_retrieval add column records jsonb not null default '[]';

do $$
declare name text;
begin
  foreach name in array array['disclosure_request_record', 'permission_record'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on disclosure_request_record, permission_record to gateway_app;
