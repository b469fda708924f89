import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LogWriter } from '../../src/gateway/commit/log-writer.ts'
import { settleUnknown, type Undelivered } from '../../src/gateway/commit/settle.ts'

type Outcome = Awaited<ReturnType<LogWriter['settle']>>

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const settleWith = async (outcomes: readonly Outcome[]): Promise<{ noted: Undelivered[]; looks: () => number }> => {
  const noted: Undelivered[] = []
  let looks = 0
  const log = { settle: () => Promise.resolve(outcomes[Math.min(looks++, outcomes.length - 1)]!) } as unknown as LogWriter
  const entry = { work: { operation: 'enquire', caller: {} as never, offenderId: null }, entryId: 'e1' }
  await settleUnknown({ database: {} as never, log, notDelivered: (one) => noted.push(one) }, {} as never, [entry])
  return { noted, looks: () => looks }
}

test.each<[Outcome, string]>([
  ['committed', 'commit committed'],
  ['unknown', 'commit unknown'],
])('an answer whose commit reads back as %s and that nobody was given is noted at once', async (outcome, because) => {
  const { noted } = await settleWith([outcome])
  expect(noted.map((one) => [one.entryId, one.because])).toEqual([['e1', because]])
})

test('a commit that was still on its way when it was first looked for is noted once it has arrived, once', async () => {
  const { noted, looks } = await settleWith(['absent', 'unknown', 'committed'])
  expect(noted).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(noted).toEqual([])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(noted.map((one) => one.because)).toEqual(['commit committed late'])
  await vi.advanceTimersByTimeAsync(600_000)
  expect([noted.length, looks()]).toEqual([1, 3])
})

test('what never was committed is never noted', async () => {
  const { noted, looks } = await settleWith(['absent'])
  await vi.advanceTimersByTimeAsync(600_000)
  expect([noted, looks()]).toEqual([[], 4])
})
