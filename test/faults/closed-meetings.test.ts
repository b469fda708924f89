import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Field } from '../support/faults/contests.ts'
import type { Build } from '../support/faults/gateway/gateway-process.ts'
import { note } from '../support/faults/measure/report.ts'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import {
  acknowledgementWithdrawn,
  attendeeExcluded,
  delegationRevoked,
  permissionRevoked,
  recordRevoked,
  statementPublished,
} from '../support/faults/meeting-contests.ts'
import { type Contest, race, type Verdict } from '../support/faults/race.ts'
import { openRig, type Rig } from '../support/faults/rig.ts'
import { type SlowSource, startSlowSource } from '../support/faults/slow-source.ts'
import { addSubjects } from '../support/faults/subjects.ts'
import { unlocked } from '../support/faults/unlocked.ts'

const { readers, rounds, unlockedWithdrawals, limitMs } = currentSizes()
/** Two more processes are for the long form. */
const controls = unlockedWithdrawals === 0 ? 1 : 3
let rig: Rig
let provider: SlowSource
let urls: readonly [string, string]

beforeAll(async () => {
  rig = await openRig()
  provider = await startSlowSource({ agencyId: 'fresh-steps', delayMs: () => Math.random() * 20 })
  await rig.owner.query({ text: unlocked })
  urls = await startPair('shipped')
}, 180_000)
afterAll(async () => {
  await provider?.close()
  await rig?.close()
})

/** Two processes on one database: no lock of the one's memory helps the other. */
const startPair = async (build: Build): Promise<readonly [string, string]> => {
  const sources = [provider.description]
  const [one, other] = await Promise.all([rig.gateway({ build, sources }), rig.gateway({ build, sources })])
  return [one.url, other.url]
}

const run = async (
  contestsOf: (field: Field) => AsyncIterable<Contest>,
  course: { readonly urls: readonly [string, string]; readonly rounds: number; readonly kept?: 'hosted' | 'http' },
): Promise<Verdict> => {
  const offenderIds = await addSubjects(rig.owner, rig.sealer, { count: course.rounds, kept: course.kept ?? 'hosted' })
  const field = { rig, url: course.urls[0], offenderIds, readers, rounds: course.rounds }
  return race(rig.owner, contestsOf(field), { urls: course.urls, parallel: 1 })
}

const say = ({ requests, released, unavailable, lateReleases, loggedAfter, decidedAfter, askedAfter, rounds: ran }: Verdict): string =>
  `${ran} x ${readers} readers: ${requests} asked, ${released} read, ${unavailable} x 503; ` +
  `begun after ${lateReleases}, committed after ${loggedAfter}, decided after ${decidedAfter}, sources asked after ${askedAfter}`

describe('two gateways on one database', () => {
  it.each([
    ['an acknowledgement is taken back', acknowledgementWithdrawn],
    ['the chair sends an attendee out', attendeeExcluded],
    ['a delegation is revoked', delegationRevoked],
    ['the permission is revoked', permissionRevoked],
    ['another version of the statement binds the meeting', statementPublished],
  ] as const)(
    'let nobody read papers of a meeting once %s',
    async (what, contestsOf) => {
      const verdict = await run(contestsOf, { urls, rounds })
      note({ what, measured: say(verdict), bar: '0 after' })
      expect(verdict).toMatchObject({ lateReleases: 0, loggedAfter: 0, decidedAfter: 0, rounds })
      expect(verdict.released).toBeGreaterThanOrEqual(rounds * readers)
    },
    limitMs,
  )
})

describe('two gateways and a part of the record', () => {
  // Beside what is held of the paragraphs, a round of the longer way is enough for every run.
  const long = unlockedWithdrawals > 0
  const few = long ? rounds : 1
  const ways = [
    ['of its supplier’s own system', 'fresh-steps', 'http'],
    ['kept in the gateway', 'young-horizons', 'hosted'],
  ] as const
  it.each(long ? ways : ways.slice(0, 1))(
    'let nobody have one %s, and ask nobody for it, once the permission is revoked',
    async (what, supplierAgencyId, kept) => {
      const verdict = await run(recordRevoked(supplierAgencyId), { urls, rounds: few, kept })
      note({ what: `the permission of a part of the record ${what} is revoked`, measured: say(verdict), bar: '0 after' })
      expect(verdict).toMatchObject({ lateReleases: 0, loggedAfter: 0, decidedAfter: 0, askedAfter: 0, rounds: few })
      expect(verdict.released).toBeGreaterThanOrEqual(few * readers)
    },
    limitMs,
  )
})

describe('the race itself', () => {
  const races = [
    ['of an acknowledgement', acknowledgementWithdrawn],
    ['of a permission', permissionRevoked],
    ['of a permission of a part of the record', recordRevoked('young-horizons')],
  ] as const
  it.each(races.slice(0, controls))(
    'catches gateways whose locks hold nobody, by the withdrawal %s',
    async (what, contestsOf) => {
      const broken = await startPair('no-locks')
      let seen: Verdict | null = null
      // Each round is a throw of the dice: what matters is that such a gateway is caught.
      for (let turn = 0; turn < 10 && (seen === null || seen.loggedAfter === 0); turn += 1) {
        seen = await run(contestsOf, { urls: broken, rounds: 10 })
      }
      note({ what: `control: locks of meetings off, ${what}`, measured: say(seen!), bar: '> 0 committed after' })
      expect(seen!.loggedAfter).toBeGreaterThan(0)
    },
    limitMs,
  )
})
