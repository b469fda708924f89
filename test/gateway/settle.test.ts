import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LogWriter } from '../../src/gateway/commit/log-writer.ts'
import { settleUnknown, type Undelivered } from '../../src/gateway/commit/settle.ts'

type Outcome = Awaited<ReturnType<LogWriter['settle']>>

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** `first` is what the writer reads back; `later`, what is found in the log at each further look: null where it cannot be asked. */
const settleWith = async (
  first: Outcome,
  later: readonly (boolean | null)[] = [false],
): Promise<{ noted: Undelivered[]; looks: () => number; settled: () => number }> => {
  const noted: Undelivered[] = []
  let [looks, settled] = [0, 0]
  const settle = () => {
    settled += 1
    return Promise.resolve(first)
  }
  const log = { settle } as unknown as LogWriter
  const query = () => {
    const found = later[Math.min(looks++, later.length - 1)]!
    return found === null ? Promise.reject(new Error('no connection')) : Promise.resolve({ rows: found ? [{}] : [] })
  }
  const entry = { work: { operation: 'enquire', caller: {} as never, offenderId: null }, entryId: 'e1' }
  await settleUnknown({ database: { query } as never, log, notDelivered: (one) => noted.push(one) }, { place: {} } as never, [entry])
  return { noted, looks: () => looks, settled: () => settled }
}

test.each<[Outcome, string]>([
  ['committed', 'commit committed'],
  ['unknown', 'commit unknown'],
])('an answer whose commit reads back as %s and that nobody was given is noted at once', async (outcome, because) => {
  const { noted } = await settleWith(outcome)
  expect(noted.map((one) => [one.entryId, one.because])).toEqual([['e1', because]])
})

test('a commit that was still on its way when it was first looked for is noted once it has arrived, once', async () => {
  const { noted, looks, settled } = await settleWith('absent', [null, true])
  expect(noted).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(noted).toEqual([])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(noted.map((one) => one.because)).toEqual(['commit committed late'])
  await vi.advanceTimersByTimeAsync(600_000)
  // The writer's chain has gone on: it is asked once, and never set back by a later look.
  expect([noted.length, looks(), settled()]).toEqual([1, 2, 1])
})

test('what never was committed is never noted', async () => {
  const { noted, looks } = await settleWith('absent')
  await vi.advanceTimersByTimeAsync(600_000)
  expect([noted, looks()]).toEqual([[], 3])
})
