import type { Answer } from '../../core/answer.ts'
import { Fault } from '../../core/fault.ts'
import type { Category } from '../../core/vocabulary.ts'
import { type Database, type Tx, withTransaction } from '../../db/db.ts'
import { readFacts } from '../../db/facts.ts'
import { type LockName, shareLocks, tryShareLocks } from '../../db/release-locks.ts'
import type { SealedBatch } from '../../ledger/batch.ts'
import { receiptOf } from '../../ledger/receipt.ts'
import type { LogWriter } from './log-writer.ts'
import { type Decided, decideOne, disclosuresOf, type Waiting } from './decided.ts'
import type { Reading, Work } from './logged-work.ts'
import type { PolicyShelf } from '../policies/policy-shelf.ts'
import type { Standings } from '../standings.ts'
import { isUnknownCommit, type NotDelivered, settleUnknown } from './settle.ts'
import { changedMeanwhile, unsealed } from './unsealed.ts'

/** Enough to share a commit among, small enough that a bad row is found soon. */
const MOST_IN_A_BATCH = 64
/** More commits at once only queue on the same disk. */
const MOST_BATCHES_AT_ONCE = 2
const MOST_WAITING = 2_000
/** Whoever waits for somebody's change to end holds a connection: more of them would take the connections from everybody else. */
const MOST_APART_AT_ONCE = 12
/** How long one may wait for its turn; then it waits for the lock itself, as long as the session allows. */
const APART_PATIENCE_MS = 800
/** An answer whose facts are older than this, by the time its commit is durable, is not given. */
const STALE_AFTER_MS = 2_000

export interface ReleaseUses {
  readonly database: Database
  readonly standings: Standings
  readonly policies: PolicyShelf
  readonly log: LogWriter
  /** Milliseconds of a clock that never goes back; not a date. */
  readonly monotonic: () => number
  readonly notDelivered: NotDelivered
}

/** Decides in the committing transaction, logs, commits, and only then answers (invariants I1, I2, I4). */
export type ReleaseCommit = (work: Work) => Promise<Answer>

export const makeReleaseCommit = (uses: ReleaseUses): ReleaseCommit => {
  const queue: Waiting[] = []
  let running = 0
  const commitApart = makeCommitApart(uses)

  const pump = (): void => {
    while (queue.length > 0 && running < MOST_BATCHES_AT_ONCE) {
      running += 1
      const batch = queue.splice(0, MOST_IN_A_BATCH)
      void runBatch(uses, batch)
        .then(commitApart)
        .finally(() => {
          running -= 1
          pump()
        })
    }
  }

  return (work) =>
    new Promise((resolve, reject) => {
      if (queue.length >= MOST_WAITING) {
        reject(new Fault('unavailable', 'The gateway has more requests waiting than it can answer in time.', { retryAfterSeconds: 1 }))
        return
      }
      queue.push({ work, resolve, reject })
      // Requests that arrive in the same turn of the event loop share a commit.
      if (queue.length === 1) setImmediate(pump)
    })
}

/** A lane beside the batches for what could not go with one: nobody waits in it for somebody else's lock. */
const makeCommitApart = (uses: ReleaseUses): ((apart: readonly Waiting[]) => void) => {
  const queue: { readonly one: Waiting; readonly since: number }[] = []
  let running = 0

  const pump = (): void => {
    while (queue.length > 0 && running < MOST_APART_AT_ONCE) {
      const { one, since } = queue.shift()!
      if (uses.monotonic() - since > APART_PATIENCE_MS) {
        one.reject(new Fault('unavailable', 'A change that this rests on has not ended yet.', { retryAfterSeconds: 1 }))
        continue
      }
      running += 1
      void commitAlone(uses, one).finally(() => {
        running -= 1
        pump()
      })
    }
  }
  return (apart) => {
    const since = uses.monotonic()
    queue.push(...apart.map((one) => ({ one, since })))
    pump()
  }
}

const locksOf = (work: Work): LockName[] => [
  { class: 'policy', id: '' },
  { class: 'agency', id: work.caller.agencyId },
  ...(work.offenderId === null ? [] : [{ class: 'subject', id: work.offenderId } as const]),
  ...(work.alongLocks ?? []).map(({ class: name, id = '' }) => ({ class: name, id })),
]

/** What a refusal that rests on nothing but the asker rests on. */
const isGeneral = (lock: LockName): boolean => lock.class === 'policy' || lock.class === 'agency'

/** Gives back what has to be tried by itself: its lock was not free, or something in its batch failed. */
const runBatch = async (uses: ReleaseUses, batch: readonly Waiting[]): Promise<readonly Waiting[]> => {
  const alone: Waiting[] = []
  try {
    await commitTogether(uses, async (tx) => {
      const held = await tryShareLocks(
        tx,
        batch.flatMap((one) => locksOf(one.work)),
      )
      const ready = batch.filter((one) => locksOf(one.work).every(held))
      alone.push(...batch.filter((one) => !ready.includes(one)))
      return ready
    })
  } catch (cause) {
    // One bad row must not fail its neighbours; what may have been committed must not be decided twice.
    if (batch.length === 1 || (cause instanceof Fault && !isOneRowsDoing(cause))) {
      for (const one of batch) if (!alone.includes(one)) one.reject(cause)
    } else {
      alone.push(...batch.filter((one) => !alone.includes(one)))
    }
  }
  return alone
}

/** Whether what stands now, without the person's lock, is a refusal that an invented person would get as well. */
const refusesWhoever = async (uses: ReleaseUses, tx: Tx, one: Waiting): Promise<boolean> => {
  const { decided } = await decideAll(uses, tx, [one])
  return decided[0]?.draft.refusesWhoever === true
}

/** A statement or a lock that took too long, or a deadlock: one enquiry's doing, so its neighbours are tried without it. */
const isOneRowsDoing = (fault: Fault): boolean =>
  ['57014', '55P03', '40P01'].includes(String((fault.cause as { code?: unknown } | undefined)?.code))

const commitAlone = async (uses: ReleaseUses, one: Waiting): Promise<void> => {
  let unlocked = false
  try {
    await commitTogether(
      uses,
      async (tx) => {
        const locks = locksOf(one.work)
        const others = locks.filter((lock) => !isGeneral(lock))
        await shareLocks(tx, locks.filter(isGeneral))
        if (others.length === 0) return [one]
        // A refusal that rests on nothing about the person waits for nobody's lock: to wait would say that there is somebody.
        unlocked = await refusesWhoever(uses, tx, one)
        if (!unlocked) await shareLocks(tx, others)
        return [one]
      },
      () => unlocked,
    )
  } catch (cause) {
    one.reject(cause)
  }
}

/** @param refusalsOnly true when the person's lock is not held: then nothing but a refusal may come of it */
const commitTogether = async (
  uses: ReleaseUses,
  lock: (tx: Tx) => Promise<readonly Waiting[]>,
  refusalsOnly: () => boolean = () => false,
): Promise<void> => {
  let decided: readonly Decided[] = []
  let undecided: readonly Undecided[] = []
  let sealed: SealedBatch | null = null
  let readAt = 0
  try {
    const inOne = async (tx: Tx): Promise<void> => {
      const ready = await lock(tx)
      if (ready.length === 0) return
      readAt = uses.monotonic()
      const result = await decideAll(uses, tx, ready)
      ;({ decided, undecided } = result)
      if (decided.length === 0) return
      if (refusalsOnly() && !decided.every((one) => one.draft.refusesWhoever === true)) throw changedMeanwhile()
      const written = decided.flatMap((one) => one.written)
      const log = uses.log.append(tx, written, disclosuresOf(decided), result.at)
      // Sent behind the entries without waiting for them: none of it is there without all of it.
      const beside = decided.map(async ({ draft, entryId }) => draft.alongside?.(tx, entryId))
      ;[sealed] = await allOf([log, allOf(beside)])
    }
    await withTransaction(uses.database, inOne)
  } catch (cause) {
    if (isUnknownCommit(cause) && sealed !== null) {
      const entries = decided.map((one) => ({ work: one.waiting.work, entryId: one.entryId }))
      await settleUnknown(uses, sealed, entries)
    }
    throw cause
  }
  // Only now: where the transaction failed, all of it is tried again.
  for (const { waiting, cause } of undecided) waiting.reject(cause)
  if (sealed === null) return
  uses.log.committed(sealed)
  answerAll(uses, { decided, sealed, tookMs: uses.monotonic() - readAt })
}

/** A decision that cannot be made is not an answer, and not its neighbours' trouble. */
interface Undecided {
  readonly waiting: Waiting
  readonly cause: unknown
}

interface AllDecided {
  readonly decided: readonly Decided[]
  readonly undecided: readonly Undecided[]
  readonly at: Date
}

const decideAll = async (uses: ReleaseUses, tx: Tx, ready: readonly Waiting[]): Promise<AllDecided> => {
  const shared = readShared(uses, tx, ready)
  const decide = async (waiting: Waiting): Promise<Decided | Undecided> => {
    const { work } = waiting
    const reading = shared.then(({ readingOf }) => readingOf(work))
    try {
      const [known, decideWith] = await allOf([reading, work.prepare?.(tx, reading) ?? work.decide])
      const one = decideOne(waiting, known, decideWith)
      const releases = [one.draft, ...(one.draft.lines ?? [])].some(({ disclosures }) => disclosures.length > 0)
      if ((await shared).read.sealingStalled && work.emergency !== true && releases) throw unsealed()
      return one
    } catch (cause) {
      if (!isItsOwn(cause, work)) throw cause
      return { waiting, cause }
    }
  }
  // All at once, so that what they read alike is read in one statement; without the facts there is nobody's decision.
  const [{ read }, all] = await allOf([shared, allOf(ready.map(decide))])
  return { decided: all.filter((one) => 'draft' in one), undecided: all.filter((one) => 'cause' in one), at: read.at }
}

/** The facts of a whole batch, and of them each one's own. */
const readShared = async (uses: ReleaseUses, tx: Tx, ready: readonly Waiting[]) => {
  const categories = new Set<Category>()
  for (const one of ready) for (const category of one.work.categories) categories.add(category)
  const callers = ready.map((one) => one.work.caller)
  const read = await readFacts(tx, {
    offenderIds: [...new Set(ready.flatMap(({ work }) => [work.offenderId, ...(work.alongOffenders ?? [])]).filter((id) => id !== null))],
    agencyIds: [...new Set(callers.map((caller) => caller.agencyId))],
    categories: [...categories],
  })
  const { policyHash } = read
  if (policyHash === null) throw new Fault('unavailable', 'No policy is published.', { retryAfterSeconds: 5 })
  const standingOf = await uses.standings.refresh(tx, callers, read.agencyVersions)
  const policies = await uses.policies.find(tx, policyHash)
  const readingOf = ({ caller, offenderId, alongOffenders = [] }: Work): Reading => ({
    at: read.at,
    standing: standingOf(caller, read.at),
    subject: offenderId === null ? null : (read.subjects.get(offenderId) ?? null),
    policies,
    policyHash,
    subjects: new Map([...read.subjects].filter(([id]) => alongOffenders.includes(id))),
  })
  return { read, readingOf }
}

/** Waits for every one before it tells of a failure: nothing may still be asked of a transaction that ends. */
const allOf = async <const Values extends readonly unknown[]>(
  all: Values,
): Promise<{ -readonly [Place in keyof Values]: Awaited<Values[Place]> }> => {
  await Promise.allSettled(all)
  return Promise.all(all)
}

/** What PostgreSQL refused ends the transaction, and only work that reads in it can be told so; a fault of our own has no cause. */
const isItsOwn = (cause: unknown, { prepare }: Work): boolean =>
  prepare === undefined || (cause instanceof Fault && cause.cause === undefined)

/**
 * The last look at the clock. `tookMs` counts from before the facts were read, so it can only overstate their age; the
 * database's own clock is `at` plus that, whatever this machine's clock says.
 */
const answerAll = (
  uses: ReleaseUses,
  outcome: { readonly decided: readonly Decided[]; readonly sealed: SealedBatch; readonly tookMs: number },
): void => {
  const { sealed, tookMs } = outcome
  const now = sealed.place.at.getTime() + tookMs
  let first = 0
  outcome.decided.forEach((one) => {
    const index = first
    first += one.written.length
    const expired = one.draft.validUntil !== null && one.draft.validUntil.getTime() <= now
    if (tookMs > STALE_AFTER_MS || expired) {
      uses.notDelivered({ work: one.waiting.work, entryId: one.entryId, because: expired ? 'a fact lapsed' : 'the commit took too long' })
      one.waiting.reject(
        new Fault('unavailable', 'The decision was recorded, but too late to be given. Ask again.', { retryAfterSeconds: 1 }),
      )
      return
    }
    const receipt = receiptOf(sealed, index, one.written[0]!.sealable.receiptBody)
    one.waiting.resolve(one.draft.answer({ entryId: one.entryId, at: sealed.place.at, receipt }))
  })
}
