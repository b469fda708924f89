import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Tx } from '../../db/db.ts'
import { refusedAtTheDoor } from '../enquiry/no-standing.ts'
import type { Change, CommitChange } from './change.ts'
import { outcomeAnswer } from './change-answer.ts'
import { entryOf, linesOf, type Outcome, withMembers } from './commit-change.ts'
import type { Draft, Reading } from './logged-work.ts'
import type { ReleaseCommit } from './release-commit.ts'

/**
 * What only reads, committed together with other releases: the same locks, all shared, the same entry and lines, one commit for many.
 * For changes that are `readsOnly` and take no key.
 */
export const makeReleaseRead =
  (releaseCommit: ReleaseCommit): CommitChange =>
  (caller, change) =>
    releaseCommit({
      ...{ caller, operation: change.operation, offenderId: null, categories: [] },
      alongLocks: [...change.locks, ...(change.sharedLocks ?? [])],
      alongOffenders: change.readAlong ?? [],
      decide: () => {
        throw new Error('decided after reading')
      },
      prepare: async (tx, read) => {
        const ahead = Promise.resolve(change.ahead?.(tx))
        const [reading] = await Promise.all([read, ahead.catch(() => undefined)])
        const outcome = await outcomeOf({ tx, reading, caller }, change, ahead)
        return () => draftOf(reading, change, outcome)
      },
    })

interface Asked {
  readonly tx: Tx
  readonly reading: Reading
  readonly caller: Caller
}

const outcomeOf = async ({ tx, reading, caller }: Asked, change: Change<unknown, unknown>, ahead: Promise<unknown>): Promise<Outcome> => {
  const { standing, subjects = new Map() } = reading
  const refused = refusedAtTheDoor(standing, caller, change.systemMay)
  if (standing === null || refused !== null) return { allowed: false, reason: refused! }
  try {
    return await change.run({ ...reading, tx, caller, standing, subjects }, await ahead)
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code === 'unavailable') throw cause
    return { faulted: cause }
  }
}

const draftOf = (reading: Reading, change: Change<unknown, unknown>, outcome: Outcome): Draft => {
  const allowed = 'allowed' in outcome && outcome.allowed ? outcome : null
  const { release, lines } = linesOf(outcome)
  const disclosures = release?.disclosures ?? []
  const releases = [{ disclosures }, ...lines].some((line) => line.disclosures.length > 0)
  const afterEntry = allowed?.afterEntry
  return {
    ...{ entry: entryOf(change, outcome), receipt: allowed?.receipt ?? {}, disclosures, lines },
    validUntil: releases ? (allowed?.validUntil ?? null) : null,
    answer: ({ entryId, receipt }) => {
      const answer = outcomeAnswer(reading.policies, outcome, entryId)
      return allowed?.receipt === undefined ? answer : withMembers(answer, { receipt })
    },
    ...(afterEntry === undefined ? {} : { alongside: (_tx, entryId) => afterEntry(entryId) }),
  }
}
