import { sweepRecalls, type SweepRecallsUses } from '../gateway/copies/sweep-recalls.ts'
import { type BossOptions, makeBoss } from './boss.ts'

export interface CopiesOptions extends SweepRecallsUses, BossOptions {
  /** How often a waiting job is looked for. */
  readonly pollSeconds?: number
  readonly tell?: (message: string, about: object) => void
}

export interface CopiesJob {
  /** Asks for a look now; it is done once, by whichever instance comes first. */
  ask(): Promise<void>
  /** Lets a look under way end. */
  stop(): Promise<void>
}

const queue = 'copy-recalls'

/**
 * Starts this instance's share of asking copies back when a permission, a consent or an agreement ends by itself. It looks at what has ended, not at
 * what ended since the last look, so that what a killed instance left behind is found by the next.
 */
export const startCopies = async (options: CopiesOptions): Promise<CopiesJob> => {
  const boss = makeBoss(options)
  await boss.start()
  await boss.work(queue, { pollingIntervalSeconds: options.pollSeconds ?? 10 }, async () => {
    const { raised, lifted } = await sweepRecalls(options)
    const sum = (of: 'notices' | 'releases'): number => raised.reduce((total, one) => total + one[of], 0)
    if (raised.length > 0) {
      options.tell?.('copies were asked back', { recalls: raised.length, notices: sum('notices'), releases: sum('releases') })
    }
    if (lifted.length > 0) options.tell?.('notices were taken back', { recalls: lifted.length })
  })
  await boss.schedule(queue, '*/5 * * * *', {}, { tz: 'Europe/London' })
  await boss.send(queue, {})
  return {
    ask: async () => {
      await boss.send(queue, {})
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}
