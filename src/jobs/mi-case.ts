import { compareStrands } from '../gateway/casework/mi-case/compare-strands.ts'
import type { MiCaseUses } from '../gateway/casework/mi-case/mi-case-uses.ts'
import { sendMoves } from '../gateway/casework/mi-case/send-moves.ts'
import { type BossOptions, makeBoss, type QueueName } from './boss.ts'

export interface MiCaseOptions extends MiCaseUses, BossOptions {
  /** How often a waiting job is looked for. */
  readonly pollSeconds?: number
  readonly tell?: (message: string, about: object) => void
}

export interface MiCaseJobs {
  /** Asks for a run now; it is done once, by whichever instance comes first. */
  ask(which: 'send' | 'compare'): Promise<void>
  /** Lets a run under way end. */
  stop(): Promise<void>
}

const runs: readonly { readonly queue: QueueName; readonly cron: string; readonly run: (uses: MiCaseUses) => Promise<object> }[] = [
  { queue: 'mi-case-send', cron: '* * * * *', run: sendMoves },
  // After the clocks of the night have opened theirs.
  { queue: 'mi-case-compare', cron: '20 0 * * *', run: compareStrands },
]

/**
 * Starts this instance's share of what MI-Case is told and asked. A run looks at what is due, not at what fell due since the last, so
 * what a killed instance left behind is done by the next.
 */
export const startMiCase = async (options: MiCaseOptions): Promise<MiCaseJobs> => {
  const boss = makeBoss(options)
  await boss.start()
  for (const { queue, cron, run } of runs) {
    await boss.work(queue, { pollingIntervalSeconds: options.pollSeconds ?? 10 }, async () => {
      const done = await run(options)
      if (Object.values(done).some((count) => count > 0)) options.tell?.('mi-case was told or asked', { queue, ...done })
    })
    await boss.schedule(queue, cron, {}, { tz: 'Europe/London' })
    await boss.send(queue, {})
  }
  return {
    ask: async (which) => {
      await boss.send(`mi-case-${which}`, {})
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}
