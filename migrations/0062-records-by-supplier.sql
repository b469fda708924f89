-- One request may name the same category of several suppliers: each decides by its own agreement, and each is a part of its own.

alter table disclosure_request_record
  drop constraint disclosure_request_record_pkey,
  add constraint disclosure_request_record_pkey primary key (request_id, category, supplier_agency);
alter table permission_record
  drop constraint permission_record_pkey,
  add constraint permission_record_pkey primary key (permission_id, category, supplier_agency);
