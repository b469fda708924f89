import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideMove } from '../../src/core/casework/strand/decide-move.ts'
import { leadAgency } from '../../src/core/casework/lead/lead-agency.ts'
import { registrationFailing } from '../../src/core/casework/registration.ts'
import { ageOn, daysAfter, londonDay } from '../../src/core/london.ts'
import type { Cohort, Strand } from '../../src/core/vocabulary.ts'
import type { EvidenceKind, StrandTrigger } from '../../src/core/case-vocabulary.ts'
import { englandAndWales, isWorkingDay } from '../../src/core/working-days.ts'
import { historyTables } from '../../src/db/registry/sandbox-history.ts'
import { agencies, getAgency } from '../../src/sandbox/cast.ts'
import { buildHistory } from '../../src/sandbox/history/history.ts'
import { conferenceAgencies } from '../../src/sandbox/history/staff.ts'
import { buildPeople } from '../../src/sandbox/people.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { seedSandbox, type SeedUses } from '../../src/sandbox/seed.ts'
import { makeSealer } from '../../src/sources/hosted.ts'
import type { FreshDatabase } from '../support/database.ts'
import { freshDatabase } from '../support/database.ts'
import { shipped } from '../support/facts.ts'

const rules = shipped.bundle.change!
const sealer = makeSealer({ current: { id: 'test', key: randomBytes(32) }, older: [] })
const people = buildPeople()
const today = londonDay(new Date())
let fresh: FreshDatabase
let without: FreshDatabase
let dataDir: string

const usesOf = (history: boolean): SeedUses => ({
  dataDir,
  jwksUriOf: (agencyId) => `http://127.0.0.1:4001/issuers/${agencyId}/jwks`,
  discoveryUriOf: (agencyId) => `http://127.0.0.1:4001/issuers/${agencyId}`,
  seal: () => new Uint8Array([1]),
  agreements: [],
  ...(history && { history: { leadTable: () => rules.leadAgency, sealText: (text, place) => sealer.seal(Buffer.from(text), place) } }),
})
const select = async <Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
  (await fresh.db.query<Row>({ text, values })).rows
const took = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-history-'))
  ;[fresh, without] = [await freshDatabase(), await freshDatabase()]
  const bare = await took(() => seedSandbox(without.db, usesOf(false)))
  const whole = await took(() => seedSandbox(fresh.db, usesOf(true)))
  console.log(`seeding without a history: ${bare.toFixed(0)} ms; with it: ${whole.toFixed(0)} ms`)
  expect(whole).toBeLessThan(5_000)
})
afterAll(async () => {
  await fresh.drop()
  await without.drop()
  await rm(dataDir, { recursive: true })
})

interface Now {
  readonly id: string
  readonly basis: string
  readonly born_on: string
  readonly cohort: Cohort
  readonly strand: Strand
  readonly lead_agency_id: string
  readonly statutory: boolean
  readonly dip: boolean
  readonly custody_agency_id: string | null
  readonly area_id: string
}
const nowSql = `
  select o.id, o.basis, o.born_on::text, o.cohort, o.strand, o.lead_agency_id, o.statutory, o.dip, o.custody_agency_id, o.area_id
    from offender o order by o.id`

interface Change {
  readonly id: string
  readonly offender_id: string
  readonly trigger: StrandTrigger
  readonly from_strand: Strand | null
  readonly to_strand: Strand
  readonly from_lead: string | null
  readonly to_lead: string
  readonly row_id: string
  readonly immediate: boolean
  readonly decision: string | null
  readonly evidence_ids: readonly string[]
  readonly conference_id: string | null
  readonly at: Date
}
const changesSql = `
  select c.id, c.offender_id, c.trigger, c.from_strand, c.to_strand, c.from_lead, c.to_lead, c.row_id, c.immediate, w.decision,
         c.evidence_ids, c.conference_id, coalesce(w.at, c.recorded_at) as at
    from strand_change c left join strand_change_answer w on w.strand_change_id = c.id order by c.recorded_at`

const begunSql = `
  select r.offender_id, p.strand, p.lead_manager_agency as lead, r.recorded_at as at
    from registration r join interventions_plan p on p.offender_id = r.offender_id and p.recorded_at = r.recorded_at`

/** Why a case stands where it stands: what put it there, and whether every step began where the one before it ended. */
const explained = (now: Now, all: readonly Change[], begun: { strand: Strand; lead: string } | undefined): string => {
  let [strand, lead]: [string | null, string | null] = [begun?.strand ?? null, begun?.lead ?? null]
  for (const change of all) {
    if (change.from_strand !== strand || change.from_lead !== lead) return `${change.trigger} does not begin where the case stood`
    if (change.immediate || change.decision === 'accepted') [strand, lead] = [change.to_strand, change.to_lead]
  }
  return strand === now.strand && lead === now.lead_agency_id ? 'explained' : `ends at ${strand} under ${lead}`
}

const rowNow = (now: Now): string => {
  const answer = leadAgency(
    {
      ...{ cohort: now.cohort, strand: now.strand, ageBand: ageOn(now.born_on, today) < 18 ? 'juvenile' : 'adult' },
      ...{ statutory: now.statutory ? 'yes' : 'no', dip: now.dip ? 'yes' : 'no', custody: now.custody_agency_id ? 'yes' : 'no' },
    },
    rules.leadAgency,
  )
  return answer.found ? `${answer.row} ${answer.lead}` : answer.why
}

describe('the past of the sandbox’s cases', () => {
  it('explains where each of them stands, step by step, and the row of the table is the one that speaks for the case', async () => {
    const [offenders, changes] = [await select<Now>(nowSql), await select<Change>(changesSql)]
    const begun = new Map(
      (await select<{ offender_id: string; strand: Strand; lead: string }>(begunSql)).map((one) => [one.offender_id, one]),
    )
    expect(offenders).toHaveLength(219)
    const unexplained: string[] = []
    for (const now of offenders) {
      const own = changes.filter(({ offender_id }) => offender_id === now.id)
      if (now.basis !== 'cohort') {
        expect([now.strand, now.lead_agency_id, own.length]).toEqual([null, null, 0])
        continue
      }
      const why = explained(now, own, begun.get(now.id))
      if (why !== 'explained') unexplained.push(`${now.id}: ${why}`)
      const [row] = rowNow(now).split(' ')
      const last = own.findLast(({ immediate, decision }) => immediate || decision === 'accepted')
      if (last !== undefined) expect(last.row_id, now.id).toBe(row)
      // The control: the same past does not explain another present.
      const elsewhere = { ...now, strand: now.strand === 'prevent-and-deter' ? 'catch-and-control' : 'prevent-and-deter' } as const
      expect(explained(elsewhere, own, begun.get(now.id))).not.toBe('explained')
    }
    expect(unexplained).toEqual([])
    expect(changes.length).toBeGreaterThan(100)
  })

  it('moved nobody but as the partners’ rules allow: recorder, evidence, conference, justification', async () => {
    const grounds = await select<{ id: string; kind: EvidenceKind; state: string; offender_id: string }>(
      'select e.id, e.kind, e.state, e.offender_id from evidence_state e',
    )
    const meetings = await select<{ id: string; areaId: string; heldOn: string; offender_id: string }>(
      `select f.id, f.area_id as "areaId", f.held_on::text as "heldOn", i.offender_id
         from conference f join agenda_item i on i.conference_id = f.id`,
    )
    let weighed = 0
    for (const change of await select<Change & { recorded_by_agency: string; recorded_at: Date }>(
      `select c.*, w.decision from strand_change c left join strand_change_answer w on w.strand_change_id = c.id`,
    )) {
      if (change.trigger === 'custody-entry' || change.from_lead === null) continue
      const person = people.find(({ id }) => id === change.offender_id)!
      const held = meetings.find((one) => one.id === change.conference_id && one.offender_id === person.id)
      const supervisorKind = person.supervisorAgencyId === null ? null : getAgency(person.supervisorAgencyId).kind
      const provider = getAgency(change.to_lead).kind
      const verdict = decideMove({
        state: {
          ...{ cohort: person.cohort, bornOn: person.bornOn, statutory: person.statutory, supervisorAgencyId: person.supervisorAgencyId },
          ...{ supervisorKind, dip: person.dip, custodyAgencyId: null, areaId: held?.areaId ?? person.areaId, strand: change.from_strand },
          ...{ leadAgencyId: change.from_lead, leadAgencyKind: getAgency(change.from_lead).kind },
        },
        callerAgencyId: change.recorded_by_agency,
        move: {
          ...{ toStrand: change.to_strand, trigger: change.trigger, evidenceIds: change.evidence_ids, conferenceId: change.conference_id },
          ...{ justification: 'As written down.', policeDecisionId: null },
        },
        grounds: {
          evidence: grounds.filter(({ offender_id }) => offender_id === person.id),
          conference: held === undefined ? null : { ...held, kind: 'case-conference', onAgenda: true },
          policeDecision: null,
        },
        provider:
          provider === 'third-sector' || provider === 'yp-provider'
            ? { id: change.to_lead, kind: provider, signed: true, delivers: true }
            : null,
        namedLeadId: null,
        agencies: agencies.filter(({ areaId }) => areaId === null || areaId === person.areaId),
        rules,
        at: change.recorded_at,
      })
      expect(verdict, `${change.trigger} of ${person.id}`).toMatchObject({
        ...{ allowed: true, row: change.row_id, leadAgencyId: change.to_lead, immediate: change.immediate },
      })
      weighed += 1
    }
    expect(weighed).toBeGreaterThan(80)
  })

  it('holds conferences on working days since January, each area monthly, under a chair appointed there', async () => {
    const held = await select<{ area_id: string; held_on: string; chaired: number }>(
      `select f.area_id, f.held_on::text, (select count(*)::int from appointment a where a.agency_id = f.chair_agency
              and a.person_sub = f.chair_sub and a.role = f.chaired_as and a.area_id = f.area_id and a.from_at <= f.recorded_at) as chaired
         from conference f order by f.held_on`,
    )
    for (const { held_on, chaired } of held) {
      expect(isWorkingDay(held_on, englandAndWales), held_on).toBe(true)
      expect(held_on < today && chaired === 1, held_on).toBe(true)
    }
    expect(new Set(held.map(({ area_id, held_on }) => `${area_id} ${held_on.slice(0, 7)}`)).size).toBe(held.length)
    expect(held.length).toBeGreaterThanOrEqual(30)
  })

  it('reviews nobody before they were registered, nor later than sixteen weeks after the last decision, but for a handful now overdue', async () => {
    const set = await select<{ offender_id: string; on: string; review_on: string; kind: string }>(
      `select r.offender_id, r.recorded_at::date::text as "on", r.review_on::text, 'registered' as kind from registration r
        union all select v.offender_id, f.held_on::text, v.review_on::text, 'reviewed' from case_review v join conference f on f.id = v.conference_id
        union all select p.offender_id, p.recorded_at::date::text, p.review_on::text, 'planned' from interventions_plan p
        order by offender_id, "on"`,
    )
    for (const { on, review_on } of set) expect(review_on <= daysAfter(on, 112), on).toBe(true)
    const offenders = await select<{ id: string; review_on: string; since: string }>(
      `select o.id, o.review_on::text, (o.cohort_since at time zone 'Europe/London')::date::text as since from offender o where o.basis = 'cohort'`,
    )
    for (const { id, review_on } of offenders) {
      const own = set.filter(({ offender_id }) => offender_id === id)
      for (const [index, { on, kind }] of own.entries()) {
        if (kind === 'reviewed') expect(index, `${id} was reviewed first`).toBeGreaterThan(0)
        if (index > 0) expect(on <= daysAfter(own[index - 1]!.on, 112), `${id} ${on}`).toBe(true)
      }
      expect(review_on <= daysAfter(today, 112)).toBe(true)
    }
    const late = offenders.filter(({ review_on }) => review_on < today).length
    expect(late).toBeGreaterThanOrEqual(3)
    expect(late).toBeLessThanOrEqual(8)
  })

  it('keeps one owner, custody in Rehabilitate and Resettle under the prison, and knows since when somebody is held', async () => {
    const held = await select<Now & { admitted_at: Date; entered: Date }>(
      `select o.*, o.born_on::text, (select max(c.happened_at) from custody_event c where c.offender_id = o.id and c.effect = 'entry') as entered
         from offender o where o.custody_agency_id is not null`,
    )
    expect(held.length).toBeGreaterThan(10)
    for (const one of held) {
      expect(one).toMatchObject({ strand: 'rehabilitate-and-resettle', lead_agency_id: one.custody_agency_id })
      expect(one.admitted_at).toEqual(one.entered)
    }
    const free = await select<{ n: number }>(
      `select count(*)::int as n from offender o where o.basis = 'cohort' and o.custody_agency_id is null
          and (select c.effect from custody_event c where c.offender_id = o.id order by c.happened_at desc limit 1) = 'entry'`,
    )
    expect(free[0]!.n).toBe(0)
    const moved = await select<{ area_id: string; to_area_id: string; answers: number }>(
      `select o.area_id, t.to_area_id, (select count(*)::int from area_transfer_answer a where a.transfer_id = t.id and a.accepted) as answers
         from area_transfer t join offender o on o.id = t.offender_id`,
    )
    expect(moved).toEqual([{ area_id: 'wharfe', to_area_id: 'wharfe', answers: 2 }])
  })

  it('registered each as the rules for registrations have it, on the views of every agency of the conference', async () => {
    const all = await select<{
      born_on: string
      cohort: Cohort
      score: number
      views: never
      review_on: string
      on: string
      area_id: string
    }>(
      `select o.born_on::text, r.cohort, r.score, r.views, r.review_on::text, f.held_on::text as "on", f.area_id
         from registration r join offender o on o.id = r.offender_id join conference f on f.id = r.conference_id`,
    )
    for (const { born_on, cohort, score, views, review_on, on, area_id } of all) {
      const dyo = { sentence: 'community-order', assetScore: 'high', riskOfSeriousHarm: 'medium', selectedBy: 'calder-yos' } as const
      const failing = registrationFailing(
        {
          ...{ cohort, bornOn: born_on, score, scoreOnly: false, scoreOnlyReason: null, views, reviewOn: review_on },
          ...{ interventions: [{ agencyId: 'a', personSub: 'b', what: 'c' }], dyo: cohort === 'dyo' ? dyo : null },
        },
        { today: on, mostReviewDays: 112, agencyIds: conferenceAgencies(area_id as 'calder'), yosAgencyIds: ['calder-yos'] },
      )
      expect(failing).toBeNull()
    }
    const taken = await select<{ n: number }>(
      `select count(*)::int as n from offender o where o.basis = 'cohort' and not exists (select from registration r where r.offender_id = o.id)
          and not (o.cohort = 'ppo' and o.born_on > current_date - interval '18 years')`,
    )
    expect(taken[0]!.n).toBe(0)
  })

  it('tells the story: two refusals, each put to the police, who decided that nothing moves', async () => {
    const told = await select<{ offender_id: string; state: string; outcome: string; ordered: boolean }>(
      `select q.offender_id, q.state, d.outcome, c.happened_at <= q.opened_at and q.opened_at < d.decided_at and q.ended_at = d.decided_at as ordered
         from consent_question q join police_decision d on d.question_id = q.id join consent_event c on c.id = q.consent_event_id
        order by q.opened_at`,
    )
    const decided = { state: 'decided', outcome: 'no-move', ordered: true }
    expect(told).toEqual([storyId('casey'), storyId('riley')].map((offender_id) => ({ offender_id, ...decided })))
  })

  it('lies in the past, whole: nothing is dated today or later but what is due, and all that is sealed opens in its own row only', async () => {
    const timed = await select<{ table_name: string; column_name: string }>(
      `select table_name, column_name from information_schema.columns
        where table_name = any($1) and data_type = 'timestamp with time zone' and column_name not in ('due_at', 'next_attempt_at')`,
      [historyTables],
    )
    expect(timed.length).toBeGreaterThan(25)
    for (const { table_name, column_name } of timed) {
      const [row] = await select<{ latest: Date | null }>(`select max(${column_name}) as latest from ${table_name}`)
      if (row!.latest !== null) expect(londonDay(row!.latest) < today, `${table_name}.${column_name}`).toBe(true)
    }
    const sealed = await select<{ id: string; sealed: Buffer }>('select id, sealed from evidence limit 20')
    for (const [index, { id, sealed: bytes }] of sealed.entries()) {
      expect(sealer.open(bytes, { table: 'evidence', id, column: 'sealed' })).not.toBeNull()
      expect(sealer.open(bytes, { table: 'evidence', id: sealed[(index + 1) % sealed.length]!.id, column: 'sealed' })).toBeNull()
    }
    const owed = await select<{ n: number }>('select count(*)::int as n from mi_case_message m where m.ended_at is null')
    expect(owed[0]!.n).toBe(0)
  })

  it('is the same every time on a day, whatever the day, and seeded twice is seeded once', async () => {
    const seal = (text: string) => text
    const of = (day: string) => buildHistory(people, { table: rules.leadAgency, seal, today: day })
    expect(JSON.stringify(of(today).rows)).toBe(JSON.stringify(of(today).rows))
    for (const day of ['2026-11-02', '2026-12-25', '2027-02-28', '2027-06-09', '2028-02-29']) {
      const { rows, clocks } = of(day)
      expect(clocks.size).toBe(217)
      for (const change of rows.strand_change ?? []) expect(String(change['recorded_at']) < day).toBe(true)
    }
    expect(of('2026-10-01').rows).toEqual({})
    const counted = () => select<{ n: number }>('select count(*)::int as n from evidence union all select count(*)::int from task')
    const before = await counted()
    expect(await seedSandbox(fresh.db, usesOf(true))).toBe('already-seeded')
    expect(await counted()).toEqual(before)
  })
})
