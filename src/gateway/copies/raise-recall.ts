import { type RecallCause, recallTerms } from '../../core/disclosure/copy-recall.ts'
import { type EndedQuery, raiseRecalls } from '../../db/copies/raise-recalls.ts'
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
export const raiseRecall = async (
  { tx, at, caller, policies }: ChangeContext,
  about: { readonly cause: RecallCause; readonly ended: EndedQuery; readonly exceptAgencyIds?: readonly string[] },
): Promise<Recalled | null> => {
  const { cause, ended, exceptAgencyIds = [] } = about
  const terms = recallTerms(policies.bundle.change?.disclosure?.recall, { cause, at })
  const [raised] = await raiseRecalls(tx, ended, { ...terms, cause, at, by: personOf(caller), exceptAgencyIds })
  return raised === undefined ? null : { recallId: raised.recallId, notices: raised.notices, releases: raised.releases }
}
