import type { Answer } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { type HeldMeeting, holdMeeting, isChangedMeanwhile, type MeetingUses } from '../known-meeting.ts'

/** Runs a reading with what it has to hold of its meeting. */
export type HoldPapers = (conferenceId: string, caller: Caller, read: (held: HeldMeeting) => Promise<Answer>) => Promise<Answer>

const MOST_KEPT = 1_000

/**
 * Somebody reads a meeting's papers page by page. What a reader with a part in it holds is remembered once they were given something:
 * nobody loses such a part. Whether the papers meanwhile speak of somebody else is seen behind the locks, and then it is looked up anew.
 */
export const makeHoldPapers = (uses: Pick<MeetingUses, 'database' | 'policies'>): HoldPapers => {
  const kept = new Map<string, HeldMeeting>()
  return async (conferenceId, caller, read) => {
    const key = JSON.stringify([conferenceId, caller.agencyId, caller.personSub])
    const known = kept.get(key)
    if (known !== undefined) {
      try {
        return await read(known)
      } catch (cause) {
        if (!isChangedMeanwhile(cause)) throw cause
        kept.delete(key)
      }
    }
    const held = await holdMeeting(uses, conferenceId, caller)
    const answer = await read(held)
    if (held.lasting && answer.status === 200) {
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(key, held)
    }
    return answer
  }
}
