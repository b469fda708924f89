import type { Caller } from '../../core/caller.ts'
import type { Reason } from '../../core/decision/decision.ts'
import type { Category } from '../../core/vocabulary.ts'
import type { Database } from '../../db/db.ts'
import type { SourceReply } from '../../sources/source.ts'
import type { CaseUses } from '../casework/strand/case-change.ts'
import { askSources, type EnquireUses } from '../enquiry/enquire.ts'
import { askUnder, type EmergencyAsk, rulesIn } from './emergency-view.ts'

export interface EmergencyUses extends Pick<CaseUses, 'newId' | 'seal' | 'partnershipId'> {
  readonly enquiry: EnquireUses
  readonly database: Database
}

export interface FirstLook {
  readonly replies: ReadonlyMap<string, SourceReply>
  /** The categories that the rules in force name: their hosted records are read along. */
  readonly categories: readonly Category[]
}

/**
 * What has to be known before the commit: the other agencies' systems are asked, with an intent logged first. Nobody is asked on behalf
 * of somebody who may not look; whether they may is decided again in the commit.
 */
export const firstLook = async (
  uses: EmergencyUses,
  caller: Caller,
  asked: EmergencyAsk,
  refusedAt: (at: Date) => Promise<Reason | null>,
): Promise<FirstLook> => {
  const looked = await uses.enquiry.look({ caller, offenderId: asked.offenderId, categories: [] })
  const rules = rulesIn(looked)
  if (rules === null) return { replies: new Map(), categories: [] }
  const refused = await refusedAt(looked.at)
  const replies =
    refused === null ? await askSources(uses.enquiry, caller, askUnder(rules, asked, looked.at)) : new Map<string, SourceReply>()
  return { replies, categories: rules.categories.map(({ id }) => id) }
}
