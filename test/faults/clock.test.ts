import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasData, type Reply } from '../support/faults/client.ts'
import { analyst, enquiryAbout } from '../support/faults/contests.ts'
import { note } from '../support/faults/measure/report.ts'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import { openRig, type Rig } from '../support/faults/rig.ts'
import { addSubjects } from '../support/faults/subjects.ts'

const { limitMs } = currentSizes()
const hourMs = 3_600_000
const skews = { ahead: hourMs, behind: -hourMs } as const
type Skew = keyof typeof skews
const bothWays = ['ahead', 'behind'] as const

/** By url: the machine's clock an hour wrong behind a door that is right, and besides that with the door an hour wrong. */
interface Machines {
  readonly wrong: Readonly<Record<Skew, string>>
  readonly wrongDoor: Readonly<Record<Skew, string>>
  /** Broken: it decides by the clock of its own machine, which is behind. */
  readonly ownClock: string
}

let rig: Rig
let machines: Machines
let offenderId: string

beforeAll(async () => {
  rig = await openRig()
  ;[offenderId] = (await addSubjects(rig.owner, rig.sealer, { count: 1 })) as [string]
  const pairOf = async (settings: (skewMs: number) => Parameters<Rig['gateway']>[0]): Promise<Readonly<Record<Skew, string>>> => {
    const [ahead, behind] = await Promise.all(bothWays.map((skew) => rig.gateway(settings(skews[skew]))))
    return { ahead: ahead!.url, behind: behind!.url }
  }
  const [wrong, wrongDoor, ownClock] = await Promise.all([
    pairOf((skewMs) => ({ skewMs })),
    pairOf((skewMs) => ({ skewMs, doorSkewMs: skewMs })),
    rig.gateway({ skewMs: skews.behind, build: 'own-clock' }),
  ])
  machines = { wrong, wrongDoor, ownClock: ownClock.url }
}, 180_000)

afterAll(async () => {
  await rig?.close()
})

const enquire = async (url: string, about: string, token?: string): Promise<Reply> =>
  rig.ask({ url, path: '/v1/enquiries', token: token ?? (await rig.tokenFor(analyst)), body: enquiryAbout(about) })

/** Answers before and after an instant of the database's clock, which is this machine's; one that was under way then is neither. */
interface Side {
  readonly asked: number
  readonly withData: number
}

/** Lets a consent expire while each is asked about it again and again. */
const watchExpiry = async (urls: readonly string[]): Promise<readonly { before: Side; after: Side }[]> => {
  const expiresAt = Date.now() + 1_500
  const [about] = await addSubjects(rig.owner, rig.sealer, { count: 1, consentExpiresAt: new Date(expiresAt) })
  const watch = async (url: string): Promise<{ before: Side; after: Side }> => {
    const seen: { readonly data: boolean; readonly beganAt: number; readonly endedAt: number }[] = []
    while (Date.now() < expiresAt + 800) {
      const beganAt = Date.now()
      const reply = await enquire(url, about!)
      if (reply.status < 500) seen.push({ data: hasData(reply), beganAt, endedAt: Date.now() })
      await delay(5)
    }
    const sideOf = (side: typeof seen): Side => ({ asked: side.length, withData: side.filter((one) => one.data).length })
    return {
      before: sideOf(seen.filter((one) => one.endedAt < expiresAt)),
      after: sideOf(seen.filter((one) => one.beganAt >= expiresAt)),
    }
  }
  return Promise.all(urls.map(watch))
}

describe('a gateway whose clock is an hour wrong', () => {
  it(
    'lets a consent expire at the instant of the database',
    async () => {
      const seen = await watchExpiry(bothWays.map((skew) => machines.wrong[skew]))
      for (const [position, skew] of bothWays.entries()) {
        const { before, after } = seen[position]!
        const refused = before.asked - before.withData
        note({
          what: `consent expires, clock 1 h ${skew}`,
          measured: `${before.asked} asked before: ${refused} refused; ${after.asked} asked after: ${after.withData} released`,
          bar: '0 and 0',
        })
        expect(Math.min(before.asked, after.asked)).toBeGreaterThan(3)
        expect({ refusedBefore: refused, releasedAfter: after.withData }).toEqual({ refusedBefore: 0, releasedAfter: 0 })
      }
    },
    limitMs,
  )

  it('releases nothing on a token that has expired by the clock of the database, which its own door takes for a good one', async () => {
    const expired = await rig.tokenFor(analyst, { issuedAt: new Date(Date.now() - hourMs), ttlSeconds: 500 })
    const refused = await enquire(machines.wrongDoor.behind, offenderId, expired)
    note({ what: 'token expired, door 1 h behind', measured: `${refused.status}, data: ${hasData(refused)}`, bar: 'no data' })
    expect(hasData(refused)).toBe(false)
    expect([refused.status, refused.entryId === null]).toEqual([403, false])
    expect((await enquire(machines.wrong.behind, offenderId, expired)).status).toBe(401)
    expect(hasData(await enquire(machines.wrong.behind, offenderId))).toBe(true)
  })

  it.each(bothWays)('and whose door is too, %s, lets nobody in on a good token', async (skew) => {
    expect((await enquire(machines.wrongDoor[skew], offenderId)).status).toBe(401)
  })

  it(
    'is told from one that goes by its own clock',
    async () => {
      const [broken] = await watchExpiry([machines.ownClock])
      note({ what: 'control: by its own clock, 1 h behind', measured: `${broken!.after.withData} released after`, bar: '> 0' })
      expect(broken!.after.withData).toBeGreaterThan(0)
    },
    limitMs,
  )
})
