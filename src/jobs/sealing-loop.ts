import { setTimeout as sleep } from 'node:timers/promises'
import { readSealingLag } from '../db/log/leaves.ts'
import { sealOnce, type SealerMemory, type SealerUses } from './sealer.ts'

/** Quality F16: the oldest unsealed entry this old is an alarm. At fifteen minutes the release commit stops ordinary data. */
export const ALARM_AFTER_SECONDS = 60

export interface SealingLoopUses extends SealerUses {
  readonly log: {
    warn(about: object, message: string): void
    error(about: object, message: string): void
  }
  /** Told after each look: leaves in the tree, and the age of the oldest entry that is not one (0 when all are). */
  readonly measured?: (sealing: { readonly size: number; readonly unsealedSeconds: number }) => void
  /** Run after each pass that signed a checkpoint, and now and then without one. */
  readonly afterPass?: () => void
  readonly pauseMillis?: number
}

export interface SealingLoop {
  /** Sentences about what is wrong with the sealing; empty when nothing is. */
  alarms(): readonly string[]
  stop(): Promise<void>
}

const MEASURE_EVERY_MILLIS = 5_000

/**
 * Looks for committed entries a few times a second, and signs what it finds: a commit is under a checkpoint within a second. Looking
 * costs less than being told: NOTIFY would make all commits of the database queue on one lock.
 */
export const startSealing = (uses: SealingLoopUses): SealingLoop => {
  const stopping = new AbortController()
  const state: LoopState = { alarms: [], size: 0, measuredAt: -Infinity, memory: { since: null } }
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const again = await pass(uses, state)
      if (!again) await sleep(uses.pauseMillis ?? 250, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = loop()
  return {
    alarms: () => state.alarms,
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

interface LoopState {
  alarms: readonly string[]
  size: number
  measuredAt: number
  readonly memory: SealerMemory
}

/** True when there is more to seal at once. Whatever fails is said and tried again: the log is safe meanwhile, only not yet proved. */
const pass = async (uses: SealingLoopUses, state: LoopState): Promise<boolean> => {
  let more = false
  let failure: string | null = null
  try {
    const done = await sealOnce(uses, state.memory)
    more = done?.more === true
    if (done !== null) state.size = done.size
    const due = performance.now() - state.measuredAt > MEASURE_EVERY_MILLIS
    if (due || (done?.sealed ?? 0) > 0) uses.afterPass?.()
    if (!due) return more
  } catch (cause) {
    failure = cause instanceof Error ? cause.message : String(cause)
    uses.log.warn({ err: cause }, 'the log could not be sealed')
  }
  if (performance.now() - state.measuredAt > MEASURE_EVERY_MILLIS) await measure(uses, state, failure)
  return more && failure === null
}

const measure = async (uses: SealingLoopUses, state: LoopState, failure: string | null): Promise<void> => {
  state.measuredAt = performance.now()
  try {
    const unsealedSeconds = (await readSealingLag(uses.database)) ?? 0
    uses.measured?.({ size: state.size, unsealedSeconds })
    const late = unsealedSeconds >= ALARM_AFTER_SECONDS
    const because = failure === null ? '' : ` ${failure}.`
    state.alarms = late ? [`The oldest log entry that is not sealed is ${Math.floor(unsealedSeconds)} seconds old.${because}`] : []
    if (late) uses.log.error({ unsealedSeconds }, 'the log is not being sealed')
  } catch (cause) {
    state.alarms = ['Whether the log is being sealed cannot be told.']
    uses.log.warn({ err: cause }, 'the age of unsealed entries could not be read')
  }
}
