import type { Swept } from '../db/clocks/clock-sweep.ts'
import { sweepOnce, type SweepUses } from '../gateway/casework/sweep.ts'
import { type BossOptions, makeBoss, type QueueName } from './boss.ts'

export interface ClocksOptions extends SweepUses, BossOptions {
  /** How often a waiting job is looked for. */
  readonly pollSeconds?: number
  readonly tell?: (message: string, about: object) => void
}

export interface Clocks {
  /** Asks for a sweep now; it is done once, by whichever instance comes first. */
  ask(which: 'nightly' | 'hourly'): Promise<void>
  /** Lets a sweep under way end. */
  stop(): Promise<void>
}

const times: { readonly queue: QueueName; readonly which: 'nightly' | 'hourly'; readonly cron: string }[] = [
  // Shortly after midnight in London: what was due yesterday is overdue today.
  { queue: 'clocks-nightly', which: 'nightly', cron: '5 0 * * *' },
  { queue: 'clocks-hourly', which: 'hourly', cron: '35 * * * *' },
]

/**
 * Starts this instance's share of the clocks. A sweep looks at what is due, not at what fell due since the last, so a night on which
 * no instance ran is made good by the next start.
 */
export const startClocks = async (options: ClocksOptions): Promise<Clocks> => {
  const boss = makeBoss(options)
  await boss.start()
  for (const { queue, which, cron } of times) {
    await boss.work(queue, { pollingIntervalSeconds: options.pollSeconds ?? 10 }, async () => {
      const started = performance.now()
      const swept: Swept = await sweepOnce(options, which)
      options.tell?.('the clocks were looked at', { which, ms: Math.round(performance.now() - started), ...swept })
    })
    await boss.schedule(queue, cron, {}, { tz: 'Europe/London' })
  }
  await boss.send('clocks-nightly', {})
  return {
    ask: async (which) => {
      await boss.send(`clocks-${which}`, {})
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}
