-- A consent that runs out by its date ends what rests on it as one that is withdrawn does (R45); it is asked back under a reason of its own.

alter table copy_recall
  drop constraint copy_recall_cause_known,
  add constraint copy_recall_cause_known check (cause in
    ('revocation', 'expiry', 'consent-withdrawn', 'consent-expired', 'agreement-ended', 'correction'));

-- Of most people nothing was released on consent, and they are looked at as often as the others.
create index disclosure_on_consent on disclosure (offender_id) where consent_event_id is not null;
create index consent_event_by_end on consent_event (expires_at) where kind = 'given' and expires_at is not null;
create index consent_event_of_parents on consent_event (offender_id) where kind = 'given' and capacity_basis = 'parental';
