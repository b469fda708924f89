import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../support/faults/client.ts'
import { analyst, enquireAs } from '../support/faults/contests.ts'
import { note } from '../support/faults/measure/report.ts'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import { percentile, welchT } from '../support/faults/measure/welch.ts'
import { openRig, type Rig } from '../support/faults/rig.ts'
import { addSubjects } from '../support/faults/subjects.ts'

const { timings, limitMs } = currentSizes()
/** As many at once as one busy agency sends; each waits for a beat, so this is what the length of the run depends on. */
const lanes = 8
const people = 200

const kinds = ['invented', 'without a route', 'excluded'] as const
type Kind = (typeof kinds)[number]

let rig: Rig
let url: string
let ids: Readonly<Record<Kind, readonly string[]>>

beforeAll(async () => {
  rig = await openRig()
  ids = {
    invented: Array.from({ length: people }, () => randomUUID()),
    'without a route': await addSubjects(rig.owner, rig.sealer, { count: people, areaId: 'holme' }),
    excluded: await addSubjects(rig.owner, rig.sealer, { count: people, basis: 'pdp' }),
  }
  url = (await rig.gateway()).url
}, 180_000)

afterAll(async () => {
  await rig?.close()
})

const ask = (kind: Kind, position: number): Promise<Reply> => enquireAs(rig, analyst, ids[kind][position % people]!)(url)

/** What of an answer differs from one to the next, whoever is asked about. */
const passing = new Set(['date', 'x-request-id', 'ratelimit'])

const shapeOf = (reply: Reply) => ({
  status: reply.status,
  headers: Object.entries(reply.headers).filter(([name]) => !passing.has(name)),
  headerNames: Object.keys(reply.headers),
  body: { ...reply.body, entryId: 'an id' },
  bytes: reply.text.length,
})

const shuffled = (): readonly Kind[] =>
  kinds
    .map((kind) => ({ kind, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ kind }) => kind)

/** Each of the three in turn, in an order that nobody could have foreseen, so that whatever slows the machine slows all alike. */
const timeAll = async (each: number): Promise<Readonly<Record<Kind, number[]>>> => {
  const times: Record<Kind, number[]> = { invented: [], 'without a route': [], excluded: [] }
  let asked = 0
  const lane = async (): Promise<void> => {
    while (asked < each) {
      const position = (asked += 1)
      for (const kind of shuffled()) {
        const reply = await ask(kind, position)
        times[kind].push(reply.endedAt - reply.beganAt)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return times
}

describe('somebody invented, somebody without a route and somebody excluded', () => {
  it('are answered with the same bytes', async () => {
    const [invented, ...others] = await Promise.all(kinds.map((kind) => ask(kind, 1)))
    expect(invented!.status).toBe(404)
    for (const other of others) expect(shapeOf(other)).toEqual(shapeOf(invented!))
  })

  it('are not the only people there are: one who may be spoken of is answered otherwise', async () => {
    const [open] = await addSubjects(rig.owner, rig.sealer, { count: 1 })
    const reply = await enquireAs(rig, analyst, open!)(url)
    expect(shapeOf(reply)).not.toEqual(shapeOf(await ask('invented', 1)))
    expect(reply.status).toBe(200)
  })

  it.skipIf(timings === 0)(
    'cannot be told apart by the time it takes',
    async () => {
      await timeAll(200)
      const times = await timeAll(timings)
      for (const kind of kinds) {
        const median = percentile(times[kind], 0.5).toFixed(2)
        const mean = (times[kind].reduce((sum, one) => sum + one, 0) / times[kind].length).toFixed(3)
        note({ what: `time, ${kind}`, measured: `n ${times[kind].length}, p50 ${median} ms, mean ${mean} ms`, bar: '' })
      }
      const pairs = [
        ['invented', 'without a route'],
        ['invented', 'excluded'],
        ['without a route', 'excluded'],
      ] as const
      // The slowest tenth is the machine's doing, and would hide a small difference in the rest.
      const most = percentile(Object.values(times).flat(), 0.9)
      const usual = (kind: Kind): number[] => times[kind].filter((time) => time <= most)
      const found = pairs.flatMap(([one, other]) => [
        { pair: `${one} / ${other}`, t: welchT(times[one], times[other]) },
        { pair: `${one} / ${other}, without the slowest tenth`, t: welchT(usual(one), usual(other)) },
      ])
      for (const { pair, t } of found) note({ what: `Welch t, ${pair}`, measured: t.toFixed(2), bar: '|t| < 4.5' })
      for (const { pair, t } of found) expect(Math.abs(t), pair).toBeLessThan(4.5)
    },
    limitMs,
  )
})

describe('the measure itself', () => {
  it.skipIf(timings === 0)(
    'tells somebody who may be spoken of from somebody invented',
    async () => {
      const [open] = await addSubjects(rig.owner, rig.sealer, { count: 1 })
      const times: Record<'open' | 'invented', number[]> = { open: [], invented: [] }
      for (let i = 0; i < 500; i += 1) {
        const known = await enquireAs(rig, analyst, open!)(url)
        const unknown = await ask('invented', i)
        times.open.push(known.endedAt - known.beganAt)
        times.invented.push(unknown.endedAt - unknown.beganAt)
      }
      const t = welchT(times.open, times.invented)
      note({ what: 'control: Welch t, one who may be spoken of / invented', measured: t.toFixed(2), bar: '|t| > 4.5' })
      expect(Math.abs(t)).toBeGreaterThan(4.5)
    },
    limitMs,
  )

  it('tells two samples apart that differ by a fiftieth of their spread, and not two that do not', () => {
    const sample = (mean: number): number[] => Array.from({ length: 100_000 }, (_, i) => mean + Math.sin(i * 12.9898) * Math.SQRT2)
    expect(Math.abs(welchT(sample(50), sample(50.04)))).toBeGreaterThan(4.5)
    expect(Math.abs(welchT(sample(50), sample(50)))).toBeLessThan(4.5)
  })
})
