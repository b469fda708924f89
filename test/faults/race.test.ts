import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  agreementSuspended,
  appointmentEnded,
  clientSuspended,
  analyst,
  consentWithdrawn,
  enquireAs,
  type Field,
  policyChanged,
} from '../support/faults/contests.ts'
import { withTransaction } from '../../src/db/db.ts'
import { takeLocks } from '../../src/db/release-locks.ts'
import type { Build } from '../support/faults/gateway/gateway-process.ts'
import { note } from '../support/faults/measure/report.ts'
import type { Reply } from '../support/faults/client.ts'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import { type Contest, race, type Verdict } from '../support/faults/race.ts'
import { percentile } from '../support/faults/measure/welch.ts'
import { openRig, type Rig } from '../support/faults/rig.ts'
import { unlocked } from '../support/faults/unlocked.ts'
import { type SlowSource, startSlowSource } from '../support/faults/slow-source.ts'
import { addSubjects } from '../support/faults/subjects.ts'

const sizes = currentSizes()
const { withdrawals, readers, rounds, parallel, limitMs } = sizes

let rig: Rig
let provider: SlowSource
let shipped: Pair

beforeAll(async () => {
  rig = await openRig()
  provider = await startSlowSource({ agencyId: 'fresh-steps', delayMs: () => Math.random() * 50 })
  await rig.owner.query({ text: unlocked })
  shipped = await startPair('shipped')
}, 180_000)

afterAll(async () => {
  await provider?.close()
  await rig?.close()
})

interface Pair {
  readonly urls: readonly [string, string]
  kill(): Promise<unknown>
}

const startPair = async (build: Build): Promise<Pair> => {
  const [one, other] = await Promise.all([0, 1].map(() => rig.gateway({ build, sources: [provider.description] })))
  return { urls: [one!.url, other!.url], kill: () => Promise.all([one!.kill(), other!.kill()]) }
}

interface Course {
  readonly people: number
  /** How many of them have their records in the gateway; half, when nothing is said. */
  readonly hosted?: number
  readonly parallel: number
}

const run = async (pair: Pair, contestsOf: (field: Field) => AsyncIterable<Contest>, course: Course): Promise<Verdict> => {
  const { people, hosted = Math.floor(people / 2) } = course
  const kept = await addSubjects(rig.owner, rig.sealer, { count: hosted, kept: 'hosted' })
  const asked = await addSubjects(rig.owner, rig.sealer, { count: people - hosted, kept: 'http' })
  const offenderIds = asked.flatMap((id, i) => [id, ...kept.slice(i, i + 1)])
  const field = { rig, url: pair.urls[0], offenderIds, readers, rounds }
  return race(rig.owner, contestsOf(field), { urls: pair.urls, parallel: course.parallel })
}

const runBroken = async (build: Build, course: Course): Promise<Verdict> => {
  const pair = await startPair(build)
  try {
    return await run(pair, consentWithdrawn, course)
  } finally {
    await pair.kill()
  }
}

const say = ({ requests, released, unavailable, lateReleases, loggedAfter, decidedAfter, askedAfter, rounds: ran }: Verdict): string =>
  `${ran} x ${readers} readers: ${requests} asked, ${released} released, ${unavailable} x 503; ` +
  `begun after ${lateReleases}, committed after ${loggedAfter}, decided after ${decidedAfter}, sources asked after ${askedAfter}`

const nothingLate = { lateReleases: 0, loggedAfter: 0, decidedAfter: 0, askedAfter: 0 }

const changes = [
  ['an agreement is suspended', agreementSuspended],
  ['a client is suspended', clientSuspended],
  ['an appointment is ended', appointmentEnded],
  ['the policy is changed', policyChanged],
] as const

describe('two gateways on one database', () => {
  it(
    'release nothing once a withdrawal of consent has been answered (F10)',
    async () => {
      const verdict = await run(shipped, consentWithdrawn, { people: withdrawals, parallel })
      note({ what: 'consent withdrawn', measured: say(verdict), bar: '0 after' })
      expect(verdict).toMatchObject({ ...nothingLate, rounds: withdrawals })
      expect(verdict.released).toBeGreaterThanOrEqual(withdrawals * readers)
    },
    limitMs,
  )

  it.each(changes)(
    'release nothing once %s (F11)',
    async (what, contestsOf) => {
      const verdict = await run(shipped, contestsOf, { people: 4, parallel: 1 })
      note({ what, measured: say(verdict), bar: '0 after' })
      expect(verdict).toMatchObject({ ...nothingLate, rounds })
      expect(verdict.released).toBeGreaterThanOrEqual(rounds * readers)
    },
    limitMs,
  )
})

describe('the race itself', () => {
  it(
    'catches a gateway that decides on what it read before it fetched',
    async () => {
      const verdict = await runBroken('first-look', { people: sizes.controlWithdrawals, hosted: 0, parallel })
      note({ what: 'control: second look off', measured: say(verdict), bar: '> 0 committed after' })
      expect(verdict.loggedAfter).toBeGreaterThan(0)
    },
    limitMs,
  )

  it.skipIf(sizes.unlockedWithdrawals === 0)(
    'catches a gateway whose locks hold nobody',
    async () => {
      const verdict = await runBroken('no-locks', { people: sizes.unlockedWithdrawals, parallel })
      note({ what: 'control: locks off', measured: say(verdict), bar: '> 0 committed after' })
      expect(verdict.loggedAfter).toBeGreaterThan(0)
    },
    limitMs,
  )
})

describe('a change of one person that does not end', () => {
  it(
    'delays nobody else, and whoever asks about that person is told to come back',
    async () => {
      const [stuck, other] = await addSubjects(rig.owner, rig.sealer, { count: 2 })
      const [url] = shipped.urls
      await enquireAs(rig, analyst, other!)(url)
      const holding = withTransaction(rig.owner, async (tx) => {
        await takeLocks(tx, { exclusive: [{ class: 'subject', id: stuck! }], shared: [] })
        await delay(3_000)
      })
      await delay(50)
      const until = performance.now() + 1_500
      const askOn = async (offenderId: string): Promise<readonly Reply[]> => {
        const replies: Reply[] = []
        while (performance.now() < until) replies.push(await enquireAs(rig, analyst, offenderId)(url))
        return replies
      }
      const [others, ...waiting] = await Promise.all([askOn(other!), ...Array.from({ length: 30 }, () => askOn(stuck!))])
      await holding
      const times = others.map((reply) => reply.endedAt - reply.beganAt)
      const refusals = waiting.flat()
      const longest = Math.max(...refusals.map((reply) => reply.endedAt - reply.beganAt))
      note({
        what: 'a lock held on one person',
        measured:
          `about others n ${times.length}, p50 ${percentile(times, 0.5).toFixed(0)} ms, max ${Math.max(...times).toFixed(0)} ms; ` +
          `about them ${refusals.length} x 503 in at most ${longest.toFixed(0)} ms`,
        bar: 'p50 < 500 ms',
      })
      expect(new Set(others.map((reply) => reply.status))).toEqual(new Set([200]))
      expect(new Set(refusals.map((reply) => reply.status))).toEqual(new Set([503]))
      expect(percentile(times, 0.5)).toBeLessThan(500)
    },
    limitMs,
  )
})
