-- Requests under the Freedom of Information Act: each public authority's own, with its clock, what it decided paragraph by paragraph, whom
-- it consulted and which notices were drafted and given. Nothing is released by any of it.

create table foi_request (
  id uuid primary key,
  authority_id text not null references agency (id),
  -- The authority's own reference to the letter; no names.
  reference text not null,
  received_on date not null,
  -- When the requester said what was asked, where that had to be asked (s.1(3), s.10(6)).
  clarified_on date,
  -- The twentieth working day, with the bank holidays of every part of the United Kingdom (s.10(1) and (6)).
  due_on date not null,
  own_data boolean not null,
  -- What somebody asks about themselves is answered as a request for access to their data (s.40(1)).
  rights_request_id uuid references rights_request (id),
  -- The words of the request.
  sealed bytea not null,
  recorded_by_agency text not null references agency (id),
  recorded_by_person text not null,
  recorded_at timestamptz not null,
  constraint foi_request_once unique (authority_id, reference),
  constraint foi_request_due check (due_on > received_on),
  constraint foi_request_clarified check (clarified_on is null or clarified_on >= received_on),
  constraint foi_request_own_data check (own_data = (rights_request_id is not null))
);

create table foi_adjudication (
  place bigint generated always as identity primary key,
  id uuid not null constraint foi_adjudication_once unique,
  request_id uuid not null references foi_request (id),
  -- Null: of the answer as a whole. Otherwise the very version that the officer read.
  paragraph_id uuid,
  version integer,
  outcome text not null,
  -- Exemptions by id, with what each asks to be said; no free text.
  grounds jsonb not null,
  -- The officer's reasons, for the file and the Commissioner and for no notice (s.17(4)).
  sealed bytea not null,
  decided_by_agency text not null references agency (id),
  decided_by_person text not null,
  decided_at timestamptz not null,
  foreign key (paragraph_id, version) references paragraph_version (paragraph_id, version),
  constraint foi_adjudication_of_a_version check ((paragraph_id is null) = (version is null)),
  constraint foi_adjudication_outcome check (
    case when paragraph_id is null then outcome in ('neither-confirm-nor-deny', 'not-held', 'confirm-held')
         else outcome in ('consider', 'withhold', 'disclose') end)
);
create index foi_adjudication_by_request on foi_adjudication (request_id, paragraph_id, place desc);

-- Whom a paragraph came from is asked for a view; the authority decides (FOI Code of Practice, part 3).
create table foi_consultation (
  id uuid primary key,
  request_id uuid not null references foi_request (id),
  paragraph_id uuid not null references paragraph (id),
  originator_agency text not null references agency (id),
  asked_at timestamptz not null,
  constraint foi_consultation_once unique (request_id, paragraph_id, originator_agency)
);

create table foi_consultation_answer (
  consultation_id uuid primary key references foi_consultation (id),
  view text not null constraint foi_consultation_answer_known check (view in ('objects', 'no-objection')),
  sealed bytea not null,
  answered_by_agency text not null references agency (id),
  answered_by_person text not null,
  answered_at timestamptz not null
);

create table foi_notice (
  id uuid primary key,
  request_id uuid not null references foi_request (id),
  kind text not null constraint foi_notice_kind_known check (
    kind in ('refusal', 'part', 'disclosure', 'extension', 'neither-confirm-nor-deny', 'not-held', 'own-data')),
  -- SHA-256 of the words, so that what was given can be told from a later draft.
  hash text not null,
  -- Null: drafted only.
  given_on date,
  drafted_by_agency text not null references agency (id),
  drafted_by_person text not null,
  drafted_at timestamptz not null
);
create index foi_notice_by_request on foi_notice (request_id);

do $$
declare name text;
begin
  foreach name in array array['foi_request', 'foi_adjudication', 'foi_consultation', 'foi_consultation_answer', 'foi_notice'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I execute function refuse_change()', name || '_no_truncate', name);
  end loop;
end $$;

grant select, insert on foi_request, foi_adjudication, foi_consultation, foi_consultation_answer, foi_notice to gateway_app;
