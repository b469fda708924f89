import { setTimeout as sleep } from 'node:timers/promises'
import { detectOnce, type DetectUses } from '../gateway/misuse/detect.ts'
import { type BossOptions, makeBoss, type QueueName } from './boss.ts'

export interface MisuseOptions extends DetectUses, BossOptions {
  /** How often a waiting job is looked for. */
  readonly pollSeconds?: number
  /** How often the log is looked at for decoys. */
  readonly quickSeconds?: number
  /** Figures for operators: how much was read and flagged, never of whom or under which rule. */
  readonly tell?: (message: string, about: object) => void
}

export interface MisuseWatch {
  /** Asks for a full look now; it is done once, by whichever instance comes first. */
  ask(which: 'nightly' | 'hourly'): Promise<void>
  /** Lets a look under way end. */
  stop(): Promise<void>
}

const times: { readonly queue: QueueName; readonly which: 'nightly' | 'hourly'; readonly cron: string }[] = [
  // After midnight in London, when the day that the sample is drawn from is over and sealed.
  { queue: 'misuse-nightly', which: 'nightly', cron: '25 0 * * *' },
  { queue: 'misuse-hourly', which: 'hourly', cron: '50 * * * *' },
]

/**
 * Starts this instance's share of the watch over the log. Each look goes on where the last one ended, whoever made it, so that an hour
 * without any instance is made good by the next start. A timer of the queue is no finer than a minute, and a decoy is to be told of
 * within one: the quick look has a loop of its own, of which one instance's at a time does anything.
 */
export const startMisuse = async (options: MisuseOptions): Promise<MisuseWatch> => {
  const boss = makeBoss(options)
  await boss.start()
  for (const { queue, which, cron } of times) {
    await boss.work(queue, { pollingIntervalSeconds: options.pollSeconds ?? 10 }, async () => {
      const started = performance.now()
      const done = await detectOnce(options, which)
      // The queue tries again later.
      if (done === null) throw new Error('Another instance is looking at the log.')
      const flagged = Object.values(done.raised).reduce((sum, count) => sum + count, 0)
      options.tell?.('the log was looked at for misuse', { which, ms: Math.round(performance.now() - started), taken: done.taken, flagged })
    })
    await boss.schedule(queue, cron, {}, { tz: 'Europe/London' })
  }
  await boss.send('misuse-nightly', {})
  const stopQuick = startQuick(options)
  return {
    ask: async (which) => {
      await boss.send(`misuse-${which}`, {})
    },
    stop: async () => {
      await stopQuick()
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

const startQuick = (options: MisuseOptions): (() => Promise<void>) => {
  const stopping = new AbortController()
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep((options.quickSeconds ?? 15) * 1_000, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      await detectOnce(options, 'quick').catch((cause: unknown) => options.onError('the log could not be looked at for misuse', cause))
    }
  }
  const running = loop()
  return async () => {
    stopping.abort()
    await running
  }
}
