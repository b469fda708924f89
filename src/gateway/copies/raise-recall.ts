import { type RecallCause, recallTerms } from '../../core/disclosure/copy-recall.ts'
import { countRecalls, type EndedQuery, raiseRecalls } from '../../db/copies/raise-recalls.ts'
import { personOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext } from '../commit/change.ts'

/** What an answer and an entry say of the copies that were asked back; null: nobody holds any. */
export interface Recalled {
  readonly recallId: string
  readonly notices: number
  readonly releases: number
}

/**
 * Asks back every copy that rests on what the change ends, in the transaction of the change, behind its locks: whatever was released
 * before is there to be found, and nothing is released after (R45). It waits for nobody: who holds the copies is told, not asked.
 */
export const raiseRecall = async (context: ChangeContext, about: WhatEnds): Promise<Recalled | null> => {
  const [raised] = await raiseRecalls(context.tx, about.ended, recallFor(context, about))
  return raised === undefined ? null : { recallId: raised.recallId, notices: raised.notices, releases: raised.releases }
}

/** Who would be asked, and until when they would have time, were this to end now; null: nobody holds a copy that rests on it. */
export const foreseeRecall = async (
  context: ChangeContext,
  about: WhatEnds,
): Promise<{ readonly holders: number; readonly releases: number; readonly dueAt: Date } | null> => {
  const recall = recallFor(context, about)
  const counted = await countRecalls(context.tx, about.ended, recall)
  return counted.releases === 0 ? null : { ...counted, dueAt: recall.dueAt }
}

interface WhatEnds {
  readonly cause: RecallCause
  readonly ended: EndedQuery
  readonly exceptAgencyIds?: readonly string[]
}

const recallFor = ({ at, caller, policies }: ChangeContext, { cause, exceptAgencyIds = [] }: WhatEnds) => {
  const terms = recallTerms(policies.bundle.change?.disclosure?.recall, { cause, at })
  return { ...terms, cause, at, by: personOf(caller), exceptAgencyIds }
}
