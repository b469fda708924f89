import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { connect, type Database } from '../../src/db/db.ts'
import { sweepOnce } from '../../src/gateway/casework/sweep.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { makePolicyShelf } from '../../src/gateway/policies/policy-shelf.ts'
import { shipPolicy } from '../../src/gateway/policies/ship-policy.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { shipped } from '../support/facts.ts'
import { note } from '../support/faults/measure/report.ts'

const long = inject('faults')?.size === 'long'
const cases = long ? 100_000 : 5_000
let database: FreshDatabase
let patient: Database
beforeAll(async () => {
  database = await freshDatabase()
  patient = connect({ connection: database.appConnection, max: 1, statementTimeoutMillis: 300_000, idleInTransactionMillis: 300_000 })
  await shipPolicy(database.db, shipped)
  const slow = connect({ connection: database.ownerConnection, max: 1, statementTimeoutMillis: 300_000 })
  await slow.query({
    text: `
      insert into area (id, name) select 'area-' || n, 'Area ' || n from generate_series(0, 19) n;
      insert into agency (id, name, kind, regime) select 'agency-' || n, 'Agency ' || n, 'police', 'law-enforcement' from generate_series(0, 9) n;
      insert into agency (id, name, kind, regime) values ('partnership', 'P', 'governance-body', 'general');
      insert into person (agency_id, sub, display_name) select 'agency-' || n, 'officer', 'O' from generate_series(0, 9) n;
      insert into appointment (id, agency_id, person_sub, role, area_id, from_at)
      select gen_random_uuid(), 'agency-' || (n % 10), 'officer', role, 'area-' || n, '2020-01-01'
        from generate_series(0, 19) n, unnest(array['spoc', 'chair']) role;
      insert into offender (id, given_name, family_name, born_on, cohort, area_id, lead_agency_id, review_on, cohort_since, custody_agency_id,
                            admitted_at, earliest_release_on)
      select gen_random_uuid(), 'A', 'B', date '1970-01-01' + (n % 14000), case n % 3 when 0 then 'ppo' else 'iom' end, 'area-' || (n % 20),
             'agency-' || (n % 10), date '2026-11-01' + (n % 140), timestamptz '2024-06-01' + make_interval(days => n % 700),
             case when n % 7 = 0 then 'agency-1' end, case when n % 7 = 0 then timestamptz '2026-11-01' end,
             case when n % 7 = 0 then date '2027-01-01' + (n % 500) end
        from generate_series(1, ${cases}) n;
      insert into consent_event (id, offender_id, kind, happened_at, expires_at, recorded_by_agency)
      select gen_random_uuid(), o.id, 'given', '2026-01-01', timestamptz '2026-11-01' + make_interval(days => (random() * 700)::integer), 'agency-1'
        from offender o;
      insert into evidence (id, offender_id, kind, originator_agency, originator_person, occurred_on, sealed, direct, recorded_at)
      select gen_random_uuid(), o.id, 'arrest-disposal', 'agency-1', 'officer', date '2026-01-01' + (random() * 300)::integer, '', true, '2026-11-01'
        from offender o;
      analyze`,
  })
  await slow.end()
}, 240_000)
afterAll(async () => {
  await patient.end()
  await database.drop()
})

it(`the sweep over ${cases.toLocaleString('en-GB')} cases opens what is due and nothing twice`, { timeout: 240_000 }, async () => {
  const log = await openLogWriter(database.db, { kid: 'test', privateKey: generateKeyPairSync('ed25519').privateKey })
  for (const [night, now] of [
    ['first', '2026-11-21T00:05:00Z'],
    ['second', '2026-11-22T00:05:00Z'],
  ] as const) {
    const started = performance.now()
    const uses = { database: patient, log, policies: makePolicyShelf(), partnershipId: 'partnership', now: () => new Date(now) }
    const swept = await sweepOnce(uses, 'nightly')
    const seconds = (performance.now() - started) / 1000
    const opened = Object.values(swept.opened).reduce((sum, count) => sum + count, 0)
    const measured = `${seconds.toFixed(1)} s, ${opened} tasks opened, ${swept.overdue} told to be overdue`
    note({ what: `sweep of ${cases} cases, ${night} night`, measured, bar: 'under a minute' })
    expect(opened).toBeGreaterThan(night === 'first' ? cases / 5 : cases / 200)
  }
})
