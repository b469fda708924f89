import type { Db, Tx } from '../db.ts'
import { insertRows } from './sandbox-history.ts'

type Rows = readonly Readonly<Record<string, unknown>>[]

/** Rows by table, in the columns' own names; instants and days as text, `sealed` in base64. */
export interface SandboxRows {
  readonly area: Rows
  readonly agency: Rows
  readonly client: Rows
  readonly client_key: Rows
  readonly person: Rows
  readonly appointment: Rows
  readonly signatory_key: Rows
  readonly offender: Rows
  readonly identifier: Rows
  readonly case_relationship: Rows
  readonly consent_event: Rows
  readonly hosted_record: Rows
  readonly agreement: Rows
  readonly agreement_version: Rows
  readonly agreement_party: Rows
  readonly agreement_signature: Rows
  readonly confidentiality_statement: Rows
}

/** Whether the person with that id is there already: the seed is written whole or not at all. */
export const isSandboxSeeded = async (db: Db, offenderId: string): Promise<boolean> => {
  const { rows } = await db.query({ text: 'select offender.id from offender where offender.id = $1', values: [offenderId] })
  return rows.length > 0
}

/** Until this transaction ends nobody else seeds. */
export const lockSandboxSeed = async (tx: Tx): Promise<void> => {
  await tx.query({ text: `select pg_advisory_xact_lock(hashtextextended('sandbox seed', 0))` })
}

/** Where each agency's keys are published today; rows that say so already keep their version. */
export const updateJwksUris = async (tx: Tx, agencies: readonly { readonly id: string; readonly jwks_uri: string }[]): Promise<void> => {
  await tx.query({
    text: `
      update agency set jwks_uri = given.jwks_uri
        from jsonb_to_recordset($1::jsonb) as given (id text, jwks_uri text)
       where agency.id = given.id and agency.jwks_uri is distinct from given.jwks_uri`,
    values: [JSON.stringify(agencies)],
  })
}

/** The console as a system of each agency, and where its people sign in today. */
export const putConsoleClients = async (
  tx: Tx,
  clients: readonly { readonly id: string; readonly agency_id: string; readonly name: string; readonly discovery_uri: string }[],
): Promise<void> => {
  await tx.query({
    text: `
      insert into client (id, agency_id, name, binding, discovery_uri)
      select given.id, given.agency_id, given.name, 'session', given.discovery_uri
        from jsonb_to_recordset($1::jsonb) as given (id text, agency_id text, name text, discovery_uri text)
          on conflict (id) do update set discovery_uri = excluded.discovery_uri where client.discovery_uri <> excluded.discovery_uri`,
    values: [JSON.stringify(clients)],
  })
}

/** What each table takes, with the types that its rows are read as; in an order in which every reference is there before its use. */
const columns: { readonly [Table in keyof SandboxRows]: Readonly<Record<string, string>> } = {
  area: { id: 'text', name: 'text' },
  agency: {
    id: 'text',
    name: 'text',
    kind: 'text',
    regime: 'text',
    clearance: 'text',
    area_id: 'text',
    schemes: 'text[]',
    issuer: 'text',
    jwks_uri: 'text',
  },
  client: { id: 'text', agency_id: 'text', name: 'text', binding: 'text' },
  client_key: { id: 'uuid', client_id: 'text', kind: 'text', thumbprint: 'text' },
  person: { agency_id: 'text', sub: 'text', display_name: 'text', intelligence_vetted_until: 'timestamptz' },
  appointment: { id: 'uuid', agency_id: 'text', person_sub: 'text', role: 'text', area_id: 'text', from_at: 'timestamptz' },
  signatory_key: { thumbprint: 'text', agency_id: 'text', person_sub: 'text', jwk: 'jsonb' },
  offender: {
    id: 'uuid',
    basis: 'text',
    given_name: 'text',
    family_name: 'text',
    born_on: 'date',
    cohort: 'text',
    strand: 'text',
    statutory: 'boolean',
    supervisor_agency_id: 'text',
    lead_agency_id: 'text',
    dip: 'boolean',
    custody_agency_id: 'text',
    area_id: 'text',
    review_on: 'date',
    cohort_since: 'timestamptz',
    admitted_at: 'timestamptz',
    earliest_release_on: 'date',
  },
  identifier: { kind: 'text', value: 'text', offender_id: 'uuid', agency_id: 'text' },
  case_relationship: {
    id: 'uuid',
    offender_id: 'uuid',
    kind: 'text',
    agency_id: 'text',
    person_sub: 'text',
    from_at: 'timestamptz',
  },
  consent_event: {
    id: 'uuid',
    offender_id: 'uuid',
    kind: 'text',
    categories: 'text[]',
    recipients: 'text[]',
    purposes: 'text[]',
    capacity_basis: 'text',
    evidence: 'text',
    happened_at: 'timestamptz',
    expires_at: 'timestamptz',
    recorded_by_agency: 'text',
    recorded_by_person: 'text',
    recorded_at: 'timestamptz',
  },
  hosted_record: { id: 'uuid', offender_id: 'uuid', category: 'text', agency_id: 'text', sealed: 'text' },
  agreement: { id: 'uuid', reference: 'text' },
  agreement_version: {
    agreement_id: 'uuid',
    version: 'integer',
    hash: 'text',
    terms: 'jsonb',
    drafted_by_agency: 'text',
    drafted_by_person: 'text',
  },
  agreement_party: { agreement_id: 'uuid', version: 'integer', agency_id: 'text' },
  agreement_signature: { agreement_id: 'uuid', version: 'integer', agency_id: 'text', person_sub: 'text', jws: 'text' },
  confidentiality_statement: {
    version: 'integer',
    from_on: 'date',
    text: 'text',
    hash: 'text',
    published_by_agency: 'text',
    published_by_person: 'text',
    published_at: 'timestamptz',
  },
}

/** Writes everything in one statement a table. */
export const insertSandbox = async (tx: Tx, rows: SandboxRows): Promise<void> => {
  for (const table of Object.keys(columns) as (keyof SandboxRows)[]) {
    const types = Object.entries(columns[table]).map(([name, type]) => `${name} ${type}`)
    await insertRows(tx, table, { types: types.join(', '), rows: rows[table] })
  }
}
