import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../support/faults/client.ts'
import { analyst, enquireAs } from '../support/faults/contests.ts'
import { note } from '../support/faults/measure/report.ts'
import { currentSizes } from '../support/faults/measure/sizes.ts'
import { percentile } from '../support/faults/measure/welch.ts'
import { openRig, type Rig } from '../support/faults/rig.ts'
import { type SlowSource, startSlowSource } from '../support/faults/slow-source.ts'
import { addSubjects } from '../support/faults/subjects.ts'

const { federated, limitMs } = currentSizes()
const sourceLimitMs = 400
/** What a machine that does other things besides may add to the usual answer. */
const allowanceMs = 400
const together = 4

let rig: Rig
const sources: SlowSource[] = []
/** Known to both providers, and to the one that answers only. */
let people: { readonly both: readonly string[]; readonly one: readonly string[] }

beforeAll(async () => {
  rig = await openRig()
  people = {
    both: await addSubjects(rig.owner, rig.sealer, { count: 20, kept: 'both-http' }),
    one: await addSubjects(rig.owner, rig.sealer, { count: 20, kept: 'http' }),
  }
}, 180_000)

afterAll(async () => {
  for (const source of sources) await source.close()
  await rig?.close()
})

/** One provider answers at once; the other never does, and is given so long. */
const openWith = async (timeoutMs: number): Promise<string> => {
  const prompt = await startSlowSource({ agencyId: 'fresh-steps', delayMs: () => 5 })
  // A breaker that rests for a moment only: each enquiry then meets the source that hangs.
  const hanging = await startSlowSource({ agencyId: 'young-horizons', delayMs: null, timeoutMs, restMs: 10 })
  sources.push(prompt, hanging)
  return (await rig.gateway({ sources: [prompt.description, hanging.description] })).url
}

const askMany = async (url: string, offenderIds: readonly string[], count: number): Promise<readonly Reply[]> => {
  const replies: Reply[] = []
  const lane = async (): Promise<void> => {
    while (replies.length < count) {
      replies.push(await enquireAs(rig, analyst, offenderIds[replies.length % offenderIds.length]!)(url))
    }
  }
  await Promise.all(Array.from({ length: together }, lane))
  return replies
}

const tookMs = (replies: readonly Reply[]): number[] => replies.map((reply) => reply.endedAt - reply.beganAt)

interface Supplied {
  readonly supplierAgencyId?: string
  readonly supplier?: { readonly agencyId: string }
}
const suppliersIn = (reply: Reply, list: 'records' | 'unavailable'): readonly (string | undefined)[] =>
  (reply.body[list] as readonly Supplied[]).map((one) => one.supplier?.agencyId ?? one.supplierAgencyId)

const usualMs = (replies: readonly Reply[]): number => percentile(tookMs(replies), 0.5)

describe('an enquiry that two agencies answer, one of which hangs', () => {
  it(
    'is answered within the limit of the one that hangs, with what the other gave',
    async () => {
      const url = await openWith(sourceLimitMs)
      const without = usualMs(await askMany(url, people.one, federated))
      const replies = await askMany(url, people.both, federated)
      const added = usualMs(replies) - without
      note({
        what: `one of two sources hangs, its limit ${sourceLimitMs} ms`,
        measured:
          `n ${replies.length}, p50 ${usualMs(replies).toFixed(0)} ms, max ${Math.max(...tookMs(replies)).toFixed(0)} ms; ` +
          `${added.toFixed(0)} ms more than without it`,
        bar: `<= ${sourceLimitMs + allowanceMs} ms more`,
      })
      for (const reply of replies) {
        expect(reply.status).toBe(200)
        expect(suppliersIn(reply, 'records')).toEqual(['fresh-steps'])
        expect(suppliersIn(reply, 'unavailable')).toEqual(['young-horizons'])
      }
      expect(added).toBeLessThan(sourceLimitMs + allowanceMs)
    },
    limitMs,
  )

  it(
    'is later than that where the source was given longer: the measure sees a delay',
    async () => {
      const replies = await askMany(await openWith(2_000), people.both, together)
      expect(usualMs(replies)).toBeGreaterThan(sourceLimitMs + allowanceMs)
    },
    limitMs,
  )
})
