import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { notPermitted, verbsOn } from '../support/append-only-verbs.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'

/** The tables that the application may add to and read and never change (DPA 2018 s.62; quality S19). */
const evidence = [
  'log_batch',
  'access_log',
  'access_log_payload',
  'disclosure',
  'consent_event',
  'log_leaf',
  'log_tile',
  'log_checkpoint',
  'log_cosignature',
  'log_key',
  'log_key_end',
  'legal_hold',
  'legal_hold_end',
  'log_erasure_request',
  'log_index',
  'log_index_pass',
  'misuse_run',
  'misuse_flag',
  'misuse_flag_entry',
  'misuse_decision',
  'misuse_sample',
  'decoy',
  'decoy_retirement',
  'emergency_access',
  'emergency_review',
  'breach',
  'rights_request',
  'rights_answer',
  'disclosure_withholding',
  'aggregate_publication',
  'foi_request',
  'foi_notice',
] as const
/** An entry of a month that has its own partition, and one that falls into the default partition. */
const oldId = '01800000-0000-7000-8000-000000000001'
let nowId: string
let partitions: string[]
let fresh: FreshDatabase
let app: pg.Client

beforeAll(async () => {
  fresh = await freshDatabase()
  app = new pg.Client(fresh.appConnection)
  await app.connect()
  const stamp = Date.now().toString(16).padStart(12, '0')
  nowId = `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-000000000001`
  await fresh.owner.query({
    text: `insert into area (id, name) values ('north', 'North')`,
  })
  await fresh.owner.query({
    text: `insert into agency (id, name, kind, regime) values ('police', 'Police', 'police', 'law-enforcement')`,
  })
  await fresh.owner.query({
    text: `insert into offender (id, given_name, family_name, area_id) values ($1, 'Ann', 'Example', 'north')`,
    values: [oldId],
  })
  partitions = (
    await fresh.owner.query<{ name: string }>({
      text: `select inhrelid::regclass::text as name from pg_inherits where inhparent in ('access_log'::regclass, 'access_log_payload'::regclass)`,
    })
  ).rows.map(({ name }) => name)
})
afterAll(async () => {
  await app.end()
  await fresh.drop()
})

const inserts: Readonly<Record<(typeof evidence)[number], (id: string) => pg.QueryConfig>> = {
  log_batch: (id) => ({
    text: `insert into log_batch (epoch, counter, root, size, hash, jws, committed_at) values ($1, 1, '\\x00', 1, '\\x00', 'x', statement_timestamp())`,
    values: [id],
  }),
  access_log: (id) => ({
    text: `insert into access_log (entry_id, at, leaf_hash, batch_epoch, batch_counter, batch_position) values ($1, statement_timestamp(), '\\x00', $1, 1, 0)`,
    values: [id],
  }),
  access_log_payload: (id) => ({
    text: `insert into access_log_payload (entry_id, salt, canonical, event, effect) values ($1, '\\x00', '\\x00', 'enquiry', 'deny')`,
    values: [id],
  }),
  disclosure: (id) => ({
    text: `insert into disclosure (entry_id, position, offender_id, category, fields, items, supplier_agency_id, recipient_agency_id,
             recipient_person_sub, purpose, outbound, released_at)
           values ($1, 0, $1, 'address', '{}', 1, 'police', 'police', 'p1', 'enforcement', 'share', statement_timestamp())`,
    values: [id],
  }),
  consent_event: (id) => ({
    text: `insert into consent_event (id, offender_id, kind, happened_at, recorded_by_agency) values ($1, $2, 'given', statement_timestamp(), 'police')`,
    values: [id, oldId],
  }),
  log_leaf: (id) => ({
    text: `insert into log_leaf (leaf_index, entry_id, leaf_hash) values ($2, $1, sha256('x'))`,
    values: [id, numberOf(id)],
  }),
  log_tile: (id) => ({ text: `insert into log_tile (level, tile_index, root) values (0, $1, '\\x00')`, values: [numberOf(id)] }),
  log_checkpoint: (id) => ({
    text: `insert into log_checkpoint (tree_size, root, frontier, note, horizon, covers_until, sealed_at)
           values ($1, '\\x00', '\\x00', 'x', '1', statement_timestamp(), statement_timestamp())`,
    values: [numberOf(id)],
  }),
  log_cosignature: (id) => ({
    text: `insert into log_cosignature (tree_size, witness, line, cosigned_at) values (1, $1, 'x', statement_timestamp())`,
    values: [id],
  }),
  log_key: (id) => ({
    text: `insert into log_key (kid, verifier_key, follows, from_size, began_at, statement, entry_id)
           values ($1, $1, $2, 0, statement_timestamp(), $3, $4)`,
    values: id === oldId ? [id, null, null, null] : [id, oldId, 'x', id],
  }),
  log_key_end: (id) => ({
    text: `insert into log_key_end (kid, batch_header, until_size, ended_at, statement, entry_id)
           values ($1, $1, 1, statement_timestamp(), 'x', $2)`,
    values: [id, id],
  }),
  legal_hold: (id) => ({
    text: `insert into legal_hold (id, offender_id, kind, reference, placed_by_agency, placed_by_person, placed_at)
           values ($1, $2, 'serious-case-review', 'SCR-1', 'police', 'p1', statement_timestamp())`,
    values: [id, oldId],
  }),
  legal_hold_end: (id) => ({
    text: `insert into legal_hold_end (hold_id, ended_by_agency, ended_by_person, ended_at) values ($1, 'police', 'p2', statement_timestamp())`,
    values: [id],
  }),
  log_erasure_request: (id) => ({
    text: `insert into log_erasure_request (id, before, requested_by_agency, requested_by_person, requested_at)
           values ($1, statement_timestamp(), 'police', 'p1', statement_timestamp())`,
    values: [id],
  }),
  log_index: (id) => ({
    text: `insert into log_index (leaf_index, entry_id, at, refused, terms) values ($2, $1, statement_timestamp(), false, '{}')`,
    values: [id, numberOf(id)],
  }),
  log_index_pass: (id) => ({
    text: `insert into log_index_pass (next_leaf, passed_at) values ($1, statement_timestamp())`,
    values: [numberOf(id)],
  }),
  misuse_run: (id) => ({
    text: `insert into misuse_run (id, which, as_of, policy_hash, raised) values ($1, 'hourly', statement_timestamp(), 'x', 0)`,
    values: [id],
  }),
  misuse_flag: (id) => ({
    text: `insert into misuse_flag (id, rule_id, agency_id, person_sub, rank, words, cites, numbers, partnership_only, policy_hash, raised_at)
           values ($1, 'own-name', 'police', 'p1', 'high', 'x', 'x', '{}', false, 'x', statement_timestamp())`,
    values: [id],
  }),
  misuse_flag_entry: (id) => ({
    text: `insert into misuse_flag_entry (flag_id, entry_id, added_at) values ($1, $1, statement_timestamp())`,
    values: [id],
  }),
  misuse_decision: (id) => ({
    text: `insert into misuse_decision (id, flag_id, outcome, sealed, decided_by_agency, decided_by_person, decided_at)
           values ($1, $1, 'justified', '\\x00', 'police', 'p2', statement_timestamp())`,
    values: [id],
  }),
  misuse_sample: (id) => ({
    text: `insert into misuse_sample (on_day, seed, drawn, drawn_at)
           values (date '2026-01-01' + $1::integer, sha256('x'), '[]', statement_timestamp())`,
    values: [numberOf(id)],
  }),
  decoy: (id) => ({
    text: `with person as (insert into offender (id, given_name, family_name, area_id) values ($1, 'Dora', 'Nobody', 'north') on conflict do nothing)
           insert into decoy (offender_id, registered_by_agency, registered_by_person, registered_at)
           values ($1, 'police', 'p1', statement_timestamp())`,
    values: [id],
  }),
  decoy_retirement: (id) => ({
    text: `insert into decoy_retirement (offender_id, retired_by_agency, retired_by_person, retired_at)
           values ($1, 'police', 'p2', statement_timestamp())`,
    values: [id],
  }),
  emergency_access: (id) => ({
    text: `insert into emergency_access (id, offender_id, agency_id, person_sub, entry_id, legal_gateway, opened_at, expires_at,
             triage_due_at, decision_due_at, sealed)
           select $1, $2, 'police', 'p1', $1, 'vital-interests', t, t + interval '4 hours', t, t, '\\x00' from statement_timestamp() as t`,
    values: [id, oldId],
  }),
  emergency_review: (id) => ({
    text: `insert into emergency_review (id, emergency_id, step, reviewer, outcome, sealed, reviewed_by_agency, reviewed_by_person, reviewed_at)
           values ($1, $1, 'triage', 'chair', 'looked-at', '\\x00', 'police', 'p1', statement_timestamp())`,
    values: [id],
  }),
  breach: (id) => ({
    text: `insert into breach (id, emergency_id, aware_at, notify_by, recorded_by_agency, recorded_by_person)
           select $1, $1, t, t + interval '72 hours', 'police', 'p1' from statement_timestamp() as t`,
    values: [id],
  }),
  rights_request: (id) => ({
    text: `insert into rights_request (id, reference, received_on, identity_confirmed_on, due_on, recorded_by_agency, recorded_by_person, recorded_at)
           values ($1, 'SAR-1', '2026-01-01', '2026-01-01', '2026-02-02', 'police', 'p1', statement_timestamp())`,
    values: [id],
  }),
  rights_answer: (id) => ({
    text: `insert into rights_answer (request_id, told, withheld, answered_by_agency, answered_by_person, answered_at)
           values ($1, 0, 0, 'police', 'p1', statement_timestamp())`,
    values: [id],
  }),
  disclosure_withholding: (id) => ({
    text: `insert into disclosure_withholding (id, offender_id, purpose, ground, sealed, lapses_on, recorded_by_agency, recorded_by_person, recorded_at)
           values ($1, $2, 'prevent-detect', 'inquiry', '\\x00', '2027-01-01', 'police', 'p1', statement_timestamp())`,
    values: [id, oldId],
  }),
  aggregate_publication: (id) => ({
    text: `insert into aggregate_publication (period, breakdown, counts, policy_hash, taken_at)
           values ($1, 'cohort-position', '{}', 'x', statement_timestamp())`,
    values: [`2026-Q${numberOf(id)}`],
  }),
  foi_request: (id) => ({
    text: `insert into foi_request (id, authority_id, reference, received_on, due_on, own_data, sealed, recorded_by_agency, recorded_by_person, recorded_at)
           values ($1, 'police', $2, '2026-01-05', '2026-02-02', false, '\\x00', 'police', 'p1', statement_timestamp())`,
    values: [id, `FOI-${numberOf(id)}`],
  }),
  foi_notice: (id) => ({
    text: `insert into foi_notice (id, request_id, kind, hash, drafted_by_agency, drafted_by_person, drafted_at)
           values ($1, $1, 'refusal', 'x', 'police', 'p1', statement_timestamp())`,
    values: [id],
  }),
}

/** A number for each id, so that tables which count can be filled twice. */
const numberOf = (id: string): number => (id === oldId ? 1 : 2)

const codeOf = async (text: string): Promise<string> =>
  app.query(text).then(
    () => 'was allowed',
    (error: unknown) => (error instanceof pg.DatabaseError ? (error.code ?? '') : String(error)),
  )
const columnOf = (table: string) =>
  ({
    log_batch: 'jws',
    disclosure: 'category',
    consent_event: 'evidence',
    log_leaf: 'leaf_hash',
    log_tile: 'root',
    log_checkpoint: 'note',
    log_cosignature: 'line',
    log_key: 'from_size',
    log_key_end: 'until_size',
    legal_hold: 'reference',
    legal_hold_end: 'ended_by_person',
    log_erasure_request: 'before',
    log_index: 'refused',
    log_index_pass: 'passed_at',
    misuse_run: 'which',
    misuse_flag: 'words',
    misuse_flag_entry: 'added_at',
    misuse_decision: 'outcome',
    misuse_sample: 'drawn',
    decoy: 'registered_by_person',
    decoy_retirement: 'retired_by_person',
    emergency_access: 'legal_gateway',
    emergency_review: 'outcome',
    breach: 'notify_by',
    rights_request: 'due_on',
    rights_answer: 'withheld',
    disclosure_withholding: 'lapses_on',
    aggregate_publication: 'counts',
    foi_request: 'due_on',
    foi_notice: 'kind',
  })[table] ?? (table.includes('payload') ? 'event' : 'batch_counter')

const keyOf = (table: string) =>
  ({
    log_batch: 'epoch, counter',
    disclosure: 'entry_id, position',
    consent_event: 'id',
    log_leaf: 'leaf_index',
    log_tile: 'level, tile_index',
    log_checkpoint: 'tree_size',
    log_cosignature: 'tree_size, witness',
    log_key: 'kid',
    log_key_end: 'kid',
    legal_hold: 'id',
    legal_hold_end: 'hold_id',
    log_erasure_request: 'id',
    log_index: 'leaf_index',
    log_index_pass: 'next_leaf',
    misuse_run: 'id',
    misuse_flag: 'id',
    misuse_flag_entry: 'flag_id, entry_id',
    misuse_decision: 'id',
    misuse_sample: 'on_day',
    decoy: 'offender_id',
    decoy_retirement: 'offender_id',
    emergency_access: 'id',
    emergency_review: 'id',
    breach: 'id',
    rights_request: 'id',
    rights_answer: 'request_id',
    disclosure_withholding: 'id',
    aggregate_publication: 'period, breakdown',
    foi_request: 'id',
    foi_notice: 'id',
  })[table] ?? 'entry_id'

const verbs = verbsOn(columnOf)

describe.each(evidence)('on %s the application', (table) => {
  test('may insert and select (the control: the refusals below are not for want of a table)', async () => {
    for (const id of [oldId, nowId]) await app.query(inserts[table](id))
    const { rows } = await app.query<{ count: string }>(`select count(*) as count from ${table}`)
    expect(Number(rows[0]?.count)).toBeGreaterThanOrEqual(2)
  })

  test.each(Object.keys(verbs))('is refused %s', async (verb) => {
    expect(await codeOf(verbs[verb]?.(table) ?? '')).toBe(notPermitted)
  })

  test('cannot overwrite through an upsert', async () => {
    const { text, values } = inserts[table](oldId)
    const upsert = `${text} on conflict (${keyOf(table)}) do update set ${columnOf(table)} = excluded.${columnOf(table)}`
    await expect(app.query(upsert, values)).rejects.toMatchObject({ code: notPermitted })
  })

  test('even its owner is refused by the triggers', async () => {
    for (const verb of ['update', 'delete', 'truncate cascade'])
      await expect(fresh.owner.query({ text: verbs[verb]?.(table) ?? '' })).rejects.toMatchObject({ cause: { code: notPermitted } })
  })
})

describe('on a partition of the log itself the application', () => {
  test('finds one for this month, the next three and the rest, for both tables', () => {
    expect(partitions).toHaveLength(10)
  })

  test.each(['insert', 'select', ...Object.keys(verbs)])('is refused %s', async (verb) => {
    for (const partition of partitions) {
      const direct: Record<string, string> = {
        insert: `insert into ${partition} (entry_id) values ('${nowId}')`,
        select: `select 1 from ${partition}`,
      }
      expect(await codeOf(direct[verb] ?? verbs[verb]?.(partition) ?? ''), partition).toBe(notPermitted)
    }
  })

  test('writes and reads a month made later through the table alone', async () => {
    await fresh.owner.query({ text: 'select ensure_log_partitions(8)' })
    const later = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 7, 15)).getTime()
    const stamp = later.toString(16).padStart(12, '0')
    const laterId = `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-000000000001`
    await app.query(inserts.access_log(laterId))
    const { rows } = await app.query<{ partition: string }>({
      text: 'select tableoid::regclass::text as partition from access_log where entry_id = $1',
      values: [laterId],
    })
    expect(rows[0]?.partition).toMatch(/^access_log_\d{6}$/)
    expect(partitions).not.toContain(rows[0]?.partition)
    expect(await codeOf(`select 1 from ${rows[0]?.partition ?? ''}`)).toBe(notPermitted)
    expect(await codeOf(`delete from ${rows[0]?.partition ?? ''}`)).toBe(notPermitted)
    await expect(fresh.owner.query({ text: `delete from ${rows[0]?.partition ?? ''}` })).rejects.toMatchObject({
      cause: { code: notPermitted },
    })
  })
})

describe('the application cannot raise itself above the rules', () => {
  test.each([
    ['switch triggers off', `set session_replication_role = 'replica'`],
    ['make itself a superuser', 'alter role current_user superuser'],
    ['change the server', `alter system set fsync = off`],
    ['make the log forget', 'set log_statement = none'],
    ['make partitions', 'select ensure_log_partitions(24)'],
    [
      'replace the refusing function',
      `create or replace function refuse_change() returns trigger language plpgsql as 'begin return old; end'`,
    ],
    ['make tables of its own beside the evidence', 'create table beside (x integer)'],
    ['drop the schema', 'drop schema public cascade'],
    ['read files of the server', `select pg_read_file('/etc/passwd')`],
    ['write its own migration history', `insert into schema_migration (name, run_on) values ('9999-mine', now())`],
    ['edit the pins of migrations', `update schema_migration_pin set sha256 = ''`],
  ])('it may not %s', async (_, text) => {
    expect(await codeOf(text)).toBe(notPermitted)
  })

  test('it works as gateway_app, also after RESET ROLE, and owns nothing', async () => {
    await app.query('reset role')
    const { rows } = await app.query<{ user: string; super: string; owned: string }>(`
      select current_user::text as user, current_setting('is_superuser') as super,
             (select count(*) from pg_class where relowner = current_user::regrole)::text as owned`)
    expect(rows[0]).toEqual({ user: 'gateway_app', super: 'off', owned: '0' })
  })
})
