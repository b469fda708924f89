-- What somebody asks the chair to let out of the room, and what the chair decided: whom it may reach, which paragraphs in which version,
-- in which words, on what conditions and until when. Rows are only added; how a request stands follows from its events.

create table disclosure_request (
  id uuid primary key,
  conference_id uuid not null references conference (id),
  offender_id uuid not null references offender (id),
  requester_agency text not null,
  requester_sub text not null,
  recipient_agency text not null references agency (id),
  recipient_sub text not null,
  -- Who gains by it, besides those two: they never decide either (R41).
  beneficiaries jsonb not null default '[]',
  paragraph_ids uuid[] not null,
  purpose text not null,
  legal_gateway text not null,
  urgency text not null constraint disclosure_urgency_known check (urgency in ('routine', 'soon', 'urgent')),
  risk_assessment text,
  asked_until timestamptz,
  -- What is asked, necessity, proportionality, the less intrusive alternative and the note of best interests.
  sealed bytea not null,
  requested_at timestamptz not null,
  foreign key (requester_agency, requester_sub) references person (agency_id, sub),
  foreign key (recipient_agency, recipient_sub) references person (agency_id, sub)
);
create index disclosure_request_by_conference on disclosure_request (conference_id, id);
create index disclosure_request_by_requester on disclosure_request (requester_agency, requester_sub, id);
create index disclosure_request_by_recipient on disclosure_request (recipient_agency, recipient_sub, id);
create index disclosure_request_by_offender on disclosure_request (offender_id, id);

create table disclosure_request_event (
  place bigint generated always as identity primary key,
  request_id uuid not null references disclosure_request (id),
  kind text not null constraint disclosure_request_event_known check (kind in
    ('submitted', 'info-requested', 'info-given', 'words-proposed', 'words-accepted', 'granted-whole', 'granted-part', 'refused',
     'withdrawn', 'revoked')),
  -- "X acting for Y, delegation id" (R44).
  acted_as text constraint disclosure_request_acted_as check (acted_as in ('chair', 'delegate', 'other-chair')),
  acting_for_agency text,
  acting_for_sub text,
  delegation_id uuid,
  sealed bytea,
  by_agency text not null references agency (id),
  by_person text not null,
  happened_at timestamptz not null
);
create index disclosure_request_event_by_request on disclosure_request_event (request_id, place);

-- The words as they were proposed, version by version; each is accepted by its hash, so that any edit voids every acceptance (R25).
create table form_of_words (
  request_id uuid not null references disclosure_request (id),
  version integer not null constraint form_of_words_counts check (version >= 1),
  hash text not null,
  sealed bytea not null,
  primary key (request_id, version)
);

create table form_of_words_acceptance (
  request_id uuid not null,
  version integer not null,
  hash text not null,
  agency_id text not null references agency (id),
  person_sub text not null,
  accepted_at timestamptz not null,
  primary key (request_id, version, agency_id),
  foreign key (request_id, version) references form_of_words (request_id, version)
);

create table permission (
  id uuid primary key,
  request_id uuid not null unique references disclosure_request (id),
  extent text not null constraint permission_extent_known check (extent in ('whole', 'part')),
  -- Null: every field that may leave.
  fields text[],
  -- Null: the paragraphs themselves; otherwise these words and nothing else.
  words_version integer,
  words_hash text,
  words_marking text constraint permission_words_marking check (words_marking in ('official', 'official-sensitive')),
  copies boolean not null,
  handling text[] not null,
  article8_grounds text[] not null constraint permission_grounds check (cardinality(article8_grounds) > 0),
  risk_outweighs_confidentiality boolean not null constraint permission_risk_found check (risk_outweighs_confidentiality),
  -- In whose name it is disclosed: the agency of whoever decided.
  discloser_agency text not null references agency (id),
  -- Findings of necessity and proportionality.
  sealed bytea not null,
  from_at timestamptz not null,
  expires_at timestamptz not null,
  constraint permission_interval check (expires_at > from_at),
  foreign key (request_id, words_version) references form_of_words (request_id, version),
  constraint permission_words_whole check ((words_version is null) = (words_hash is null) and (words_version is null) = (words_marking is null))
);

create table permission_paragraph (
  permission_id uuid not null references permission (id),
  paragraph_id uuid not null,
  version integer not null,
  primary key (permission_id, paragraph_id),
  foreign key (paragraph_id, version) references paragraph_version (paragraph_id, version)
);
create index permission_paragraph_by_paragraph on permission_paragraph (paragraph_id, version);

-- Each release under a permission, with whoever holds it since: what a recall has to reach.
create table permission_retrieval (
  entry_id uuid primary key,
  permission_id uuid not null references permission (id),
  offender_id uuid not null references offender (id),
  holder_agency text not null references agency (id),
  holder_sub text not null,
  paragraphs jsonb not null,
  words_hash text,
  retrieved_at timestamptz not null
);
create index permission_retrieval_by_permission on permission_retrieval (permission_id, entry_id);
create index permission_retrieval_by_offender on permission_retrieval (offender_id, entry_id);

do $$
declare name text;
begin
  foreach name in array array['disclosure_request', 'disclosure_request_event', 'form_of_words', 'form_of_words_acceptance', 'permission',
                              'permission_paragraph', 'permission_retrieval'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on disclosure_request, disclosure_request_event, form_of_words, form_of_words_acceptance, permission,
  permission_paragraph, permission_retrieval to gateway_app;
