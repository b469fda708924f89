import type { Caller } from '../../../../core/caller.ts'
import { type HeldMeeting, holdMeeting, isChangedMeanwhile, type MeetingUses } from '../known-meeting.ts'

/** Runs a reading with what it has to hold of its meeting. */
export type HoldPapers = <Answer>(conferenceId: string, caller: Caller, read: (held: HeldMeeting) => Promise<Answer>) => Promise<Answer>

const MOST_KEPT = 10_000

/**
 * Somebody reads a meeting's papers page by page. Nobody loses a part in a meeting, so what a reader with one holds is remembered; whether
 * the papers meanwhile speak of somebody else is seen behind the locks, and then it is looked up anew.
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
    if (held.lasting && kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
    if (held.lasting) kept.set(key, held)
    return read(held)
  }
}
