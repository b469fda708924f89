-- Somebody of a body that has systems here may have no account of their own: what they are to get is handed over as a sealed package.
alter table disclosure_request add column recipient_without_account boolean not null default false;
