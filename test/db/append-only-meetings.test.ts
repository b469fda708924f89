import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { notPermitted, verbsOn } from '../support/append-only-verbs.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'

const id = (n: number): string => `'01800000-0000-7000-8000-00000000000${n}'`
const person = id(1)
const conference = id(2)
const paragraph = id(3)
const request = id(4)
const permission = id(5)
const minute = id(6)
const consultation = id(7)
const at = 'statement_timestamp()'
const by = `'police', 'p1', ${at}`

/** What closed meetings, delegations, disclosure, freedom of information and saved tests rest on: a row of each table, in the order of their keys. */
const rows = {
  confidentiality_statement: `(version, from_on, text, hash, published_by_agency, published_by_person, published_at) values (1, '2026-01-01', 'x', 'x', ${by})`,
  conference_invitation: `values (${conference}, 'police', 'p1', ${by})`,
  attendance: `(conference_id, agency_id, person_sub, part, state, recorded_by_agency, recorded_by_person, recorded_at)
    values (${conference}, 'police', 'p1', 'chair', 'attended', ${by})`,
  acknowledgement: `(conference_id, statement_version, agency_id, person_sub, kind, happened_at)
    values (${conference}, 1, 'police', 'p1', 'acknowledged', ${at})`,
  case_discussion: `values (${id(8)}, ${conference}, ${person}, true, '{public-safety}', '\\x00', ${by})`,
  paragraph: `values (${paragraph}, ${conference}, 'minutes', 1)`,
  paragraph_version: `(paragraph_id, version, originator_agency, source, nature, subject_type, marking, foi_labels, sealed,
      recorded_by_agency, recorded_by_person, recorded_at)
    values (${paragraph}, 1, 'police', 'own', 'fact', 'other', 'official', '{}', '\\x00', ${by})`,
  minute_reference_paragraph: `values (${minute}, ${paragraph}, ${by})`,
  paragraph_reading: `values (${id(8)}, ${paragraph}, 1, ${by})`,
  delegation: `(id, area_id, chair_agency, chair_sub, deputy_agency, deputy_sub, acts, from_at, to_at, written_by_agency, written_by_person,
      written_at)
    values (${id(9)}, 'north', 'police', 'p1', 'police', 'p2', '{read-papers}', ${at}, 'infinity', ${by})`,
  delegation_event: `(delegation_id, kind, by_agency, by_person, happened_at) values (${id(9)}, 'accepted', ${by})`,
  disclosure_request: `(id, conference_id, offender_id, requester_agency, requester_sub, recipient_agency, recipient_sub, paragraph_ids,
      purpose, legal_gateway, urgency, sealed, requested_at)
    values (${request}, ${conference}, ${person}, 'police', 'p1', 'police', 'p1', '{}', 'enforcement', 'cda115', 'routine', '\\x00', ${at})`,
  disclosure_request_event: `(request_id, kind, by_agency, by_person, happened_at) values (${request}, 'submitted', ${by})`,
  form_of_words: `values (${request}, 1, 'x', '\\x00')`,
  form_of_words_acceptance: `values (${request}, 1, 'x', ${by})`,
  permission: `(id, request_id, extent, copies, handling, article8_grounds, risk_outweighs_confidentiality, discloser_agency, sealed,
      from_at, expires_at)
    values (${permission}, ${request}, 'whole', false, '{}', '{public-safety}', true, 'police', '\\x00', ${at}, 'infinity')`,
  permission_paragraph: `values (${permission}, ${paragraph}, 1)`,
  permission_retrieval: `values (${id(8)}, ${permission}, ${person}, 'police', 'p1', '[]', null, ${at})`,
  disclosure_request_record: `values (${request}, 'accommodation', 'police', '{tenure}')`,
  permission_record: `values (${permission}, 'accommodation', 'police', '{tenure}')`,
  requestable_denial: `values (${id(8)}, 'police', 'p1', ${conference}, ${person}, 'enforcement', 'cda115', ${at}, 'infinity')`,
  access_request: `values (${id(8)}, ${request})`,
  foi_request: `(id, authority_id, reference, received_on, due_on, own_data, sealed, recorded_by_agency, recorded_by_person, recorded_at)
    values (${request}, 'police', 'FOI-1', '2026-01-05', '2026-02-02', false, '\\x00', ${by})`,
  foi_adjudication: `(id, request_id, outcome, grounds, sealed, decided_by_agency, decided_by_person, decided_at)
    values (${id(8)}, ${request}, 'not-held', '[]', '\\x00', ${by})`,
  foi_consultation: `values (${consultation}, ${request}, ${paragraph}, 'police', ${at})`,
  foi_consultation_answer: `values (${consultation}, 'objects', '\\x00', ${by})`,
  foi_notice: `values (${id(8)}, ${request}, 'refusal', 'x', null, ${by})`,
  policy_test: `values (${id(8)}, 'Refused', 'identity', null, null, '{}', 'refused', null, null, ${by})`,
  policy_test_retirement: `values (${id(8)}, 'Said twice', ${by})`,
} as const
const tables = Object.keys(rows) as (keyof typeof rows)[]

let fresh: FreshDatabase
let app: pg.Client
const firstColumn = new Map<string, string>()
const verbs = verbsOn((table) => firstColumn.get(table) ?? '')

beforeAll(async () => {
  fresh = await freshDatabase()
  app = new pg.Client(fresh.appConnection)
  await app.connect()
  for (const text of [
    `insert into area (id, name) values ('north', 'North')`,
    `insert into agency (id, name, kind, regime) values ('police', 'Police', 'police', 'law-enforcement')`,
    `insert into person (agency_id, sub, display_name) values ('police', 'p1', 'One'), ('police', 'p2', 'Two')`,
    `insert into offender (id, given_name, family_name, area_id) values (${person}, 'Ann', 'Example', 'north')`,
    `insert into conference values (${conference}, 'case-conference', 'north', '2026-02-01', 'police', 'p1', 'chair', 'police', 'p1', ${by})`,
    `insert into minute_reference (id, conference_id, reference, matter, risk_outweighs_confidentiality, recorded_by_agency,
       recorded_by_person, recorded_at) values (${minute}, ${conference}, '1', 'other', false, ${by})`,
  ])
    await fresh.owner.query({ text })
  const text = `select c.relname as table, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
                 where c.relname = any($1) and a.attidentity = '' order by a.attnum desc`
  const found = await fresh.owner.query<{ table: string; column: string }>({ text, values: [tables] })
  for (const { table, column } of found.rows) firstColumn.set(table, column)
  for (const table of tables) await app.query(`insert into ${table} ${rows[table]}`)
})
afterAll(async () => {
  await app.end()
  await fresh.drop()
})

const codeOf = (text: string): Promise<string> =>
  app.query(text).then(
    () => 'was allowed',
    (error: unknown) => (error instanceof pg.DatabaseError ? (error.code ?? '') : String(error)),
  )

test('every table that their migrations make is among those tried', () => {
  const files = readdirSync('migrations').filter((name) => /^00(3[0-36]|41|46|75)-/.test(name))
  const made = files.flatMap((file) =>
    [...readFileSync(`migrations/${file}`, 'utf8').matchAll(/^create table (\w+)/gm)].map(([, name]) => name),
  )
  expect(made.toSorted()).toEqual([...tables].toSorted())
})

describe.each(tables)('on %s the application', (table) => {
  test('may select what it inserted, and is refused every verb that would change it', async () => {
    expect((await app.query(`select from ${table}`)).rowCount).toBe(1)
    for (const [verb, text] of Object.entries(verbs)) expect([verb, await codeOf(text(table))]).toEqual([verb, notPermitted])
  })

  test('even its owner is refused by the triggers', async () => {
    for (const verb of ['update', 'delete', 'truncate cascade'])
      await expect(fresh.owner.query({ text: verbs[verb]!(table) })).rejects.toMatchObject({ cause: { code: notPermitted } })
  })
})

test('a table without the triggers would be noticed: its owner may change it', async () => {
  await fresh.owner.query({ text: 'alter table paragraph_reading disable trigger all' })
  expect((await fresh.owner.query({ text: verbs.update!('paragraph_reading') })).rowCount).toBe(1)
  await fresh.owner.query({ text: 'alter table paragraph_reading enable trigger all' })
})
