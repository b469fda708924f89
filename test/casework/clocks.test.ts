import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { monthsAfter } from '../../src/core/casework/due-dates.ts'
import { sweepOnce } from '../../src/gateway/casework/sweep.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { makePolicyShelf } from '../../src/gateway/policies/policy-shelf.ts'
import { shipPolicy } from '../../src/gateway/policies/ship-policy.ts'
import { prepareJobs } from '../../src/jobs/boss.ts'
import { type Clocks, startClocks } from '../../src/jobs/clocks.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { shipped } from '../support/facts.ts'
import type { SweeperTask } from './sweeper.ts'

let database: FreshDatabase
const running: Clocks[] = []
beforeEach(async () => {
  database = await freshDatabase()
  await seed()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((clocks) => clocks.stop()))
  await database.drop()
})

const seed = async (): Promise<void> => {
  await shipPolicy(database.db, shipped)
  await database.owner.query({
    text: `
      insert into area (id, name) values ('calder', 'Calder'), ('wharfe', 'Wharfe');
      insert into agency (id, name, kind, regime) values
        ('ridings-partnership', 'P', 'governance-body', 'general'), ('ridings-police', 'P', 'police', 'law-enforcement'),
        ('ridings-probation', 'P', 'probation', 'law-enforcement'), ('hmp-stonebeck', 'S', 'prison', 'law-enforcement');
      insert into person (agency_id, sub, display_name) values ('ridings-police', 'chair', 'C'), ('ridings-partnership', 'spoc', 'S');
      insert into appointment (id, agency_id, person_sub, role, area_id, from_at) values
        (gen_random_uuid(), 'ridings-police', 'chair', 'chair', 'calder', '2020-01-01'),
        (gen_random_uuid(), 'ridings-partnership', 'spoc', 'spoc', 'calder', '2020-01-01')`,
  })
}

const person = async (more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const row: Record<string, unknown> = {
    ...{ id: newId(), given_name: 'A', family_name: 'B', cohort: 'iom', area_id: 'calder', lead_agency_id: 'ridings-probation' },
    ...{ born_on: '1990-02-01' },
    ...more,
  }
  const names = Object.keys(row)
  const places = names.map((_name, index) => `$${index + 1}`)
  await database.owner.query({ text: `insert into offender (${names.join()}) values (${places.join()})`, values: Object.values(row) })
  return row.id as string
}

const usesAt = async (now: string) => ({
  ...{ database: database.db, policies: makePolicyShelf(), partnershipId: 'ridings-partnership', now: () => new Date(now) },
  log: await openLogWriter(database.db, { kid: 'test', privateKey: generateKeyPairSync('ed25519').privateKey }),
})
const sweepAt = async (now: string, which: 'nightly' | 'hourly' = 'nightly') => sweepOnce(await usesAt(now), which)

interface TaskSeen {
  readonly kind: string
  readonly owner: string
  readonly role: string | null
  readonly dueAt: Date | null
  readonly outcome: string | null
}
const tasksOf = async (offenderId: string | null, kinds?: readonly string[]): Promise<readonly TaskSeen[]> => {
  const { rows } = await database.owner.query<TaskSeen>({
    text: `select t.kind, t.owner_agency_id as owner, t.owner_role as role, t.due_at as "dueAt", t.outcome
             from task t where t.offender_id is not distinct from $1 and ($2::text[] is null or t.kind = any($2))
            order by t.kind, t.owner_agency_id, t.owner_role`,
    values: [offenderId, kinds ?? null],
  })
  return rows
}
const kindsOf = async (offenderId: string): Promise<readonly string[]> => (await tasksOf(offenderId)).map(({ kind }) => kind)
const openKindsOf = async (offenderId: string): Promise<readonly string[]> =>
  (await tasksOf(offenderId)).filter(({ outcome }) => outcome === null).map(({ kind }) => kind)

describe('the review clock', () => {
  it('49: asks before, is due on day 112, and from day 113 alerts the lead, the chair and the administrator; nothing is closed by it', async () => {
    const offenderId = await person({ review_on: '2027-03-20' })
    await sweepAt('2027-03-05T12:00:00Z')
    expect(await kindsOf(offenderId)).toEqual([])
    await sweepAt('2027-03-06T00:30:00Z')
    // Due at the end of day 112.
    expect(await tasksOf(offenderId)).toMatchObject([
      { kind: 'review-due', owner: 'ridings-probation', dueAt: new Date('2027-03-21T00:00:00Z') },
    ])
    await sweepAt('2027-03-20T23:59:59Z')
    expect(await kindsOf(offenderId)).toEqual(['review-due'])
    await sweepAt('2027-03-21T00:00:00Z')
    expect(await tasksOf(offenderId, ['review-overdue'])).toMatchObject([
      { owner: 'ridings-partnership', role: 'spoc' },
      { owner: 'ridings-police', role: 'chair' },
      { owner: 'ridings-probation', role: null },
    ])
    await sweepAt('2027-09-01T00:00:00Z')
    expect((await tasksOf(offenderId, ['review-due', 'review-overdue'])).every(({ outcome }) => outcome === null)).toBe(true)
  })

  it('keeps London time: in summer the day ends an hour earlier in UTC', async () => {
    const offenderId = await person({ review_on: '2027-06-20' })
    await sweepAt('2027-06-20T22:59:59Z')
    expect(await tasksOf(offenderId, ['review-overdue'])).toEqual([])
    await sweepAt('2027-06-20T23:00:00Z')
    expect(await tasksOf(offenderId, ['review-overdue'])).toHaveLength(3)
  })

  it('exempts longer-term custody, and takes up again where it ends', async () => {
    const offenderId = await person({ review_on: '2027-03-20', long_term_custody: true, custody_agency_id: 'hmp-stonebeck' })
    await sweepAt('2027-05-01T00:00:00Z')
    expect(await tasksOf(offenderId, ['review-due', 'review-overdue'])).toEqual([])
    await database.owner.query({ text: 'update offender set custody_agency_id = null where offender.id = $1', values: [offenderId] })
    await sweepAt('2027-05-02T00:00:00Z')
    expect(await tasksOf(offenderId, ['review-overdue'])).toHaveLength(3)
  })

  it('lets go of what a recorded review has overtaken, and of nothing else', async () => {
    const offenderId = await person({ review_on: '2027-03-20' })
    await sweepAt('2027-04-01T00:00:00Z')
    await database.owner.query({ text: `update offender set review_on = '2027-07-01' where offender.id = $1`, values: [offenderId] })
    await sweepAt('2027-04-02T00:00:00Z')
    expect(await openKindsOf(offenderId)).toEqual([])
    expect(new Set((await tasksOf(offenderId)).map(({ outcome }) => outcome))).toEqual(new Set(['superseded']))
  })

  it('tells the partnership where an area has nobody to tell', async () => {
    const offenderId = await person({ review_on: '2027-03-20', area_id: 'wharfe', lead_agency_id: null })
    await sweepAt('2027-03-25T00:00:00Z')
    expect(new Set((await tasksOf(offenderId)).map(({ owner, role }) => `${owner} ${role}`))).toEqual(
      new Set(['ridings-partnership ig-officer']),
    )
  })
})

describe('the other clocks', () => {
  it('48: pre-release is three calendar months, five with home detention curfew, clamped to the end of the month', async () => {
    const cases = [
      ['2027-05-31', false, '2027-02-28'],
      ['2028-05-31', false, '2028-02-29'],
      ['2027-07-31', true, '2027-02-28'],
      ['2027-01-15', true, '2026-08-15'],
    ] as const
    for (const [release, hdc, dueOn] of cases) {
      const offenderId = await person({
        custody_agency_id: 'hmp-stonebeck',
        supervisor_agency_id: 'ridings-probation',
        earliest_release_on: release,
        hdc_eligible: hdc,
      })
      await sweepAt('2026-08-01T00:00:00Z')
      const [task] = await tasksOf(offenderId, ['pre-release-planning'])
      expect(task).toMatchObject({ owner: 'ridings-probation' })
      expect(new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date(task!.dueAt!.getTime() - 1))).toBe(dueOn)
      expect(monthsAfter(release, hdc ? -5 : -3)).toBe(dueOn)
    }
  })

  it('counts the twenty-four hours of the prison’s assessment from the arrival, hour by hour, at each prison anew', async () => {
    const offenderId = await person({ custody_agency_id: 'hmp-stonebeck', admitted_at: '2027-01-10T15:30:00Z' })
    await sweepAt('2027-01-10T15:00:00Z', 'hourly')
    expect(await kindsOf(offenderId)).toEqual([])
    await sweepAt('2027-01-10T16:00:00Z', 'hourly')
    expect(await tasksOf(offenderId)).toMatchObject([
      { kind: 'prison-assessment', owner: 'hmp-stonebeck', dueAt: new Date('2027-01-11T15:30:00Z') },
    ])
    await sweepAt('2027-01-12T16:00:00Z', 'hourly')
    expect(await kindsOf(offenderId)).toEqual(['prison-assessment'])
  })

  it('18th birthday: at the start of it in London; who was born on 29 February comes of age on 1 March', async () => {
    const young = await person({ born_on: '2009-07-10' })
    const leap = await person({ born_on: '2008-02-29' })
    const adult = await person({ born_on: '1980-01-01' })
    await sweepAt('2026-02-10T12:00:00Z')
    expect(await tasksOf(leap, ['comes-of-age'])).toMatchObject([{ dueAt: new Date('2026-03-01T00:00:00Z') }])
    await sweepAt('2027-06-20T12:00:00Z')
    expect(await tasksOf(young, ['comes-of-age'])).toMatchObject([{ dueAt: new Date('2027-07-09T23:00:00Z') }])
    expect(await kindsOf(adult)).not.toContain('comes-of-age')
  })

  it('two years as a priority offender, the list each quarter, six quiet months', async () => {
    const ppo = await person({ cohort: 'ppo', cohort_since: '2025-03-10T00:00:00Z' })
    const active = await person({ cohort: 'ppo', cohort_since: '2025-03-10T00:00:00Z' })
    await database.owner.query({
      text: `insert into evidence (id, offender_id, kind, originator_agency, originator_person, occurred_on, sealed, direct, recorded_at)
             values ($1, $2, 'arrest-disposal', 'ridings-police', 'chair', '2027-01-20', '', true, '2027-01-20')`,
      values: [newId(), active],
    })
    await sweepAt('2027-02-20T00:00:00Z')
    expect(await openKindsOf(ppo)).toEqual(['no-activity-candidate', 'ppo-two-year-review'])
    expect(await openKindsOf(active)).toEqual(['ppo-two-year-review'])
    expect(await tasksOf(ppo, ['ppo-two-year-review'])).toMatchObject([{ dueAt: new Date('2027-03-11T00:00:00Z') }])
    expect(await tasksOf(null)).toMatchObject([{ kind: 'quarterly-list-review', role: 'spoc', dueAt: new Date('2027-03-31T23:00:00Z') }])
    await sweepAt('2027-04-02T00:00:00Z')
    expect(await tasksOf(null)).toHaveLength(2)
    // A candidate list, never an act: nobody has left the cohort.
    const { rows } = await database.owner.query({ text: `select o.id from offender o where o.basis <> 'cohort'` })
    expect(rows).toEqual([])
  })

  it('consent that will run out, unless something was said since', async () => {
    const offenderId = await person()
    const say = (id: string, happened: string, expires: string | null, categories: readonly string[] = []) =>
      database.owner.query({
        text: `insert into consent_event (id, offender_id, kind, categories, happened_at, expires_at, recorded_by_agency)
               values ($1, $2, 'given', $3, $4, $5, 'ridings-probation')`,
        values: [id, offenderId, categories, happened, expires],
      })
    await say(newId(), '2026-01-01T00:00:00Z', '2027-03-20T00:00:00Z', ['ete'])
    await sweepAt('2027-02-01T00:00:00Z')
    expect(await kindsOf(offenderId)).toEqual([])
    await sweepAt('2027-03-01T00:00:00Z')
    expect(await tasksOf(offenderId)).toMatchObject([{ kind: 'consent-expiry', dueAt: new Date('2027-03-20T00:00:00Z') }])
    await say(newId(), '2026-02-01T00:00:00Z', '2027-04-20T00:00:00Z', ['ete'])
    await say(newId(), '2027-03-02T00:00:00Z', null, [])
    await sweepAt('2027-04-10T00:00:00Z')
    expect(await kindsOf(offenderId)).toEqual(['consent-expiry'])
  })

  it('an agreement that will end or is due for review, to the signatory of the agency that owns it', async () => {
    const agreementId = newId()
    const terms = { reference: 'A-1', owner: 'ridings-police', inForceTo: '2027-05-31', reviewOn: '2027-04-30' }
    await database.owner.query({ text: `insert into agreement (id, reference) values ($1, 'A-1')`, values: [agreementId] })
    await database.owner.query({
      text: `insert into agreement_version (agreement_id, version, hash, terms, drafted_by_agency, drafted_by_person)
             values ($1, 1, 'h', $2, 'ridings-police', 'chair')`,
      values: [agreementId, JSON.stringify(terms)],
    })
    await sweepAt('2027-01-29T12:00:00Z')
    expect(await tasksOf(null)).toEqual([])
    await sweepAt('2027-01-30T12:00:00Z')
    // Nobody signs for the owner: the partnership's registrar hears of it, so that no reminder is lost.
    expect(await tasksOf(null)).toMatchObject([{ kind: 'agreement-review', owner: 'ridings-partnership', role: 'isa-registrar' }])
    await database.owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, from_at) values (gen_random_uuid(), 'ridings-police', 'chair', 'isa-signatory', '2020-01-01')`,
    })
    await sweepAt('2027-04-05T12:00:00Z')
    // The last day is included: the agreement lapses at the beginning of the next, in London.
    expect(await tasksOf(null, ['agreement-expiry'])).toMatchObject([
      { owner: 'ridings-police', role: 'isa-signatory', dueAt: new Date('2027-05-31T23:00:00Z') },
    ])
  })

  it('reminds of an agreement at 90, 30 and 7 days, each reminder once and in place of the one before, until it is renewed', async () => {
    const agreementId = newId()
    const terms = { reference: 'A-2', owner: 'ridings-police', inForceTo: null, reviewOn: '2027-04-30' }
    await database.owner.query({ text: `insert into agreement (id, reference) values ($1, 'A-2')`, values: [agreementId] })
    await database.owner.query({
      text: `insert into agreement_version (agreement_id, version, hash, terms, drafted_by_agency, drafted_by_person)
             values ($1, 1, 'h2', $2, 'ridings-police', 'chair')`,
      values: [agreementId, JSON.stringify(terms)],
    })
    const seen = async (): Promise<readonly string[]> => {
      const { rows } = await database.owner.query<{ said: string }>({
        text: `select (t.detail ->> 'daysBefore') || ' ' || coalesce(t.outcome, 'open') as said from task t
                where t.kind = 'agreement-review' order by t.opened_at, t.id`,
      })
      return rows.map(({ said }) => said)
    }
    await sweepAt('2027-01-29T12:00:00Z')
    expect(await seen()).toEqual([])
    for (const day of ['2027-01-30', '2027-01-31', '2027-03-30']) await sweepAt(`${day}T12:00:00Z`)
    expect(await seen()).toEqual(['90 open'])
    for (const day of ['2027-03-31', '2027-04-22']) await sweepAt(`${day}T12:00:00Z`)
    expect(await seen()).toEqual(['90 superseded', '30 open'])
    await database.owner.query({ text: `update task set closed_at = '2027-04-22', outcome = 'done' where closed_at is null` })
    for (const day of ['2027-04-22', '2027-04-23', '2027-04-24']) await sweepAt(`${day}T12:00:00Z`)
    expect(await seen()).toEqual(['90 superseded', '30 done', '7 open'])
    await database.owner.query({
      text: `update agreement_version set replaced_at = '2027-05-01' where agreement_id = $1`,
      values: [agreementId],
    })
    await sweepAt('2027-04-25T12:00:00Z')
    expect(await seen()).toEqual(['90 superseded', '30 done', '7 superseded'])
  })

  it('tells each overdue task once, and changes no fact that anything is decided on', async () => {
    await person({ review_on: '2027-03-20' })
    const facts = async () => (await database.owner.query({ text: 'select to_jsonb(o) as row from offender o order by o.id' })).rows
    const before = await facts()
    expect((await sweepAt('2027-04-01T00:00:00Z')).overdue).toBe(4)
    expect((await sweepAt('2027-04-02T00:00:00Z')).overdue).toBe(0)
    expect(await facts()).toEqual(before)
  })
})

describe('two instances', () => {
  const instance = async (now: string): Promise<Clocks> => {
    const clocks = await startClocks({
      ...(await usesAt(now)),
      ...{ connection: database.appConnection, onError: () => undefined, pollSeconds: 0.5, watchSeconds: 1 },
    })
    running.push(clocks)
    return clocks
  }
  const swept = async (): Promise<number> => {
    const { rows } = await database.owner.query<{ count: number }>({ text: 'select count(*) as count from clock_sweep' })
    return rows[0]!.count
  }
  const until = async (reached: () => Promise<boolean>, seconds = 40): Promise<void> => {
    const deadline = Date.now() + seconds * 1000
    while (!(await reached())) {
      if (Date.now() > deadline) throw new Error('it did not come to that')
      await sleep(100)
    }
  }
  const overdueTasks = async () => {
    const { rows } = await database.owner.query<{ tasks: number; keys: number; events: number; told: number }>({
      text: `select count(*) as tasks, count(distinct t.subject_key) as keys,
                    (select count(*) from event e where e.kind = 'task-opened') as events,
                    (select count(distinct e.refs ->> 'taskId') from event e where e.kind = 'task-opened') as told
               from task t`,
    })
    return rows[0]!
  }
  const prepare = () =>
    prepareJobs(database.ownerConnection, { onError: () => undefined, times: { expireInSeconds: 2, retryDelaySeconds: 1 } })
  const people = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await person({ review_on: '2027-03-20' })
  }

  it('with a moved clock open each task exactly once, however often they are asked', async () => {
    await prepare()
    await people(50)
    const both = await Promise.all([instance('2027-04-01T00:00:00Z'), instance('2027-04-01T00:00:01Z')])
    await Promise.all(both.flatMap((clocks) => [clocks.ask('nightly'), clocks.ask('hourly'), clocks.ask('nightly')]))
    await until(async () => (await swept()) >= 2)
    expect(await overdueTasks()).toEqual({ tasks: 200, keys: 200, events: 200, told: 200 })
  })

  it.each(['before', 'after'] as const)('lose nothing and repeat nothing when one is killed %s its commit', async (hang) => {
    await prepare()
    await people(50)
    const task: SweeperTask = { connection: database.appConnection, now: '2027-04-01T00:00:00Z', hang }
    const child = spawn(process.execPath, [join(import.meta.dirname, 'sweeper.ts'), JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(child.stdout, 'data')
      expect((await overdueTasks()).tasks).toBe(hang === 'before' ? 0 : 200)
    } finally {
      child.kill('SIGKILL')
    }
    await once(child, 'exit')
    const before = await swept()
    await instance('2027-04-01T00:00:05Z')
    await until(async () => (await swept()) > before)
    expect(await overdueTasks()).toEqual({ tasks: 200, keys: 200, events: 200, told: 200 })
  })

  it('make up for nights on which nobody ran', async () => {
    await prepare()
    await people(3)
    await instance('2027-08-01T00:00:00Z')
    await until(async () => (await swept()) === 1)
    expect((await overdueTasks()).tasks).toBe(12)
  })

  it('may work on the queues and may not make or change the schema', async () => {
    await prepare()
    await prepare()
    const { rows } = await database.db.query({
      text: `select has_schema_privilege('jobs', 'create') as creates, has_table_privilege('jobs.job', 'insert') as works,
                    pg_has_role((select n.nspowner from pg_namespace n where n.nspname = 'jobs'), 'usage') as owns`,
    })
    expect(rows).toEqual([{ creates: false, works: true, owns: false }])
  })
})
