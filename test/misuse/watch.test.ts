import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareJobs } from '../../src/jobs/boss.ts'
import { type MisuseWatch, startMisuse } from '../../src/jobs/misuse.ts'
import { detectOnce } from '../../src/gateway/misuse/detect.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { addAgencies, addClients, addStaff, clientOf } from './support/people.ts'
import { flagsIn, type Look, openScene, type Scene, shippedMisuse } from './support/scene.ts'

let scene: Scene
const running: MisuseWatch[] = []
const decoy = clientOf('Dora', 'Nobody')
const crowd = Array.from({ length: 30 }, (_, n) => clientOf('Given', `Surname${n}`))
const look = (sub: string, offenderId: string, more: Partial<Look> = {}): Look => ({
  ...{ at: new Date(), agencyId: 'ridings-police', personSub: sub, offenderId, relationship: 'core-member' },
  ...more,
})
const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000)

beforeAll(async () => {
  scene = await openScene()
  await prepareJobs(scene.fresh.ownerConnection, { onError: () => undefined })
  await addAgencies(scene, { 'ridings-police': 'police', 'ridings-partnership': 'governance-body' }, ['calder'])
  await addStaff(scene, [{ agencyId: 'ridings-police', sub: 'p1', displayName: 'Pat One' }])
  await addClients(scene, [decoy, ...crowd])
  const text = `insert into decoy values ($1, 'ridings-partnership', 'ig-officer', '2026-01-01')`
  await scene.fresh.owner.query({ text, values: [decoy.id] })
})
afterAll(async () => {
  await Promise.all(running.map((watch) => watch.stop()))
  await scene.close()
})

const start = async (quickSeconds = 600): Promise<MisuseWatch> => {
  const watch = await startMisuse({
    ...{ ...scene.uses, connection: scene.fresh.appConnection, pollSeconds: 0.5, quickSeconds, watchSeconds: 1 },
    onError: () => undefined,
  })
  running.push(watch)
  return watch
}
const runs = async (which: string): Promise<number> => {
  const text = `select count(*) as runs from misuse_run r where r.which = $1`
  return (await scene.fresh.owner.query<{ runs: number }>({ text, values: [which] })).rows[0]!.runs
}

describe('the sample', () => {
  it('is drawn once of each day that is over, and can be drawn again from its seed', async () => {
    const yesterday = crowd.map((client, n) => look('p1', client.id, { at: daysAgo(n % 2 === 0 ? 1 : 2) }))
    await scene.log(yesterday)
    await scene.detect(new Date().toISOString(), 'nightly')
    const text = `select s.on_day as day, s.seed, s.drawn from misuse_sample s order by s.on_day`
    const { rows } = await scene.fresh.owner.query<{ day: string; seed: Buffer; drawn: readonly { drawn: number }[] }>({ text })
    expect(rows).toHaveLength(2)
    expect(rows[0]!.seed.equals(rows[1]!.seed)).toBe(false)
    for (const { day, seed, drawn } of rows) {
      const { rows: all } = await scene.fresh.owner.query<{ id: string; chosen: boolean }>({
        text: `select l.entry_id as id, exists (select from misuse_flag_entry e join misuse_flag f on f.id = e.flag_id
                                                 where e.entry_id = l.entry_id and f.rule_id = 'random-sample' and f.period = l.on_day::text) as chosen
                 from misuse_lookup l where l.on_day = $1::date`,
        values: [day],
      })
      // By another hand than the database's: SHA-256 of the seed and the entry's id, the smallest first.
      const place = (id: string): string =>
        createHash('sha256')
          .update(seed)
          .update(Buffer.from(id.replaceAll('-', ''), 'hex'))
          .digest('hex')
      const again = all.toSorted((a, b) => (place(a.id) < place(b.id) ? -1 : 1)).slice(0, drawn[0]!.drawn)
      expect(again.map(({ id }) => id).toSorted()).toEqual(
        all
          .filter(({ chosen }) => chosen)
          .map(({ id }) => id)
          .toSorted(),
      )
      expect(again).toHaveLength(shippedMisuse.sample.atLeast)
    }
    expect((await scene.detect(new Date().toISOString(), 'nightly'))?.raised).toEqual({})
    expect((await scene.fresh.owner.query({ text })).rows).toHaveLength(2)
  })

  it('stands with its seed in the log itself', async () => {
    const text = `select convert_from(p.canonical, 'UTF8')::jsonb -> 'draws' as draws from access_log_payload p
                   where convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = 'detectMisuse' order by p.entry_id limit 1`
    const { rows } = await scene.fresh.owner.query<{ draws: readonly { seed: string }[] }>({ text })
    expect(rows[0]!.draws.map(({ seed }) => seed.length)).toEqual([43, 43])
  })
})

describe('the watch', () => {
  it('is kept once, however many instances are asked at once', async () => {
    const before = (await runs('nightly')) + (await runs('hourly'))
    const [one, other] = [await start(), await start()]
    // Each start asks for a nightly look: what no instance did meanwhile is made good.
    await expect.poll(() => runs('nightly'), { timeout: 15_000 }).toBeGreaterThan(before - (await runs('hourly')))
    await Promise.all([one.ask('hourly'), other.ask('hourly'), one.ask('hourly')])
    await expect.poll(() => runs('hourly'), { timeout: 15_000 }).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(await runs('hourly')).toBe(1)
  })

  it('tells of a decoy within a minute of the look-up, though nobody asked for a look (quality T1)', async () => {
    await start(1)
    const [entryId] = await scene.log([look('p1', decoy.id)])
    const asked = performance.now()
    await expect
      .poll(async () => (await flagsIn(scene)).filter(({ ruleId }) => ruleId === 'decoy').map(({ entryIds }) => entryIds), {
        timeout: 20_000,
      })
      .toEqual([[entryId]])
    expect(performance.now() - asked).toBeLessThan(60_000)
  })

  it('raises nothing twice when two look at once, and reads each entry once', async () => {
    await scene.log([look('p1', crowd[0]!.id, { relationship: 'none' }), look('p1', crowd[0]!.id, { relationship: 'none' })])
    const now = new Date(Date.now() + 1_000).toISOString()
    await Promise.all([scene.detect(now), scene.detect(now), scene.detect(now)])
    await scene.detect(now)
    expect((await flagsIn(scene)).filter(({ ruleId }) => ruleId === 'no-case-relationship')).toHaveLength(1)
  })

  it('goes on where a look that failed had begun: nothing of it stands, nothing is missed', async () => {
    // Nobody else reads the log meanwhile.
    await Promise.all(running.splice(0).map((watch) => watch.stop()))
    await scene.log([look('p1', newId(), { relationship: 'none' }), look('p1', crowd[1]!.id, { relationship: 'none' })])
    const failing = { ...scene.uses.log, append: () => Promise.reject(new Error('killed here')) }
    const at = new Date(Date.now() + 2_000)
    const lookups = async (): Promise<unknown> => (await scene.fresh.owner.query({ text: 'select count(*) from misuse_lookup' })).rows[0]
    const before = await lookups()
    await expect(detectOnce({ ...scene.uses, log: failing, now: () => at }, 'hourly')).rejects.toThrow('killed here')
    expect(await lookups()).toEqual(before)
    expect((await scene.detect(at.toISOString()))?.taken).toBe(2)
  })

  it('says so, and judges nothing, under a policy without rules about misuse', async () => {
    const bare = { ...scene.uses, policies: { find: () => Promise.resolve({ bundle: {} } as never) } }
    await expect(detectOnce(bare, 'hourly')).rejects.toThrow('no rules about misuse')
  })

  it('lets go of look-ups older than its window, the log of nothing', async () => {
    await scene.log([look('p1', crowd[2]!.id, { at: daysAgo(shippedMisuse.windowDays + 5) })])
    await scene.detect(new Date().toISOString(), 'nightly')
    const text = `select min(l.at) as oldest from misuse_lookup l`
    const { rows } = await scene.fresh.owner.query<{ oldest: Date }>({ text })
    expect(rows[0]!.oldest.getTime()).toBeGreaterThan(daysAgo(shippedMisuse.windowDays).getTime())
    expect(
      (await scene.fresh.owner.query({ text: 'select 1 from access_log_payload p where p.person_sub is not null' })).rowCount,
    ).toBeGreaterThan(30)
  })
})
