-- A suspension stops an agreement and does not end it. What was asked back because of one is taken back when it is lifted.

alter table copy_recall
  add column suspension boolean not null generated always as
    (cause = 'agreement-ended' and starts_with(cause_key, coalesce(agreement_id::text, '?') || ' suspended ')) stored;
create index copy_recall_of_suspensions on copy_recall (agreement_id) where suspension;

create table copy_recall_lift (
  recall_id uuid primary key references copy_recall (id),
  lifted_at timestamptz not null
);
create trigger copy_recall_lift_append_only before update or delete on copy_recall_lift for each row execute function refuse_change();
create trigger copy_recall_lift_no_truncate before truncate on copy_recall_lift execute function refuse_change();

grant select, insert on copy_recall_lift to gateway_app;
