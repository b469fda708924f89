import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Policies } from '../../core/decision/policy.ts'
import { findEntry, type StoredEntry } from '../../db/log/log-reading.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import type { PolicyShelf } from '../policies/policy-shelf.ts'
import { forAsker, forOfficer } from './explain/explain-entry.ts'
import { type Content, contentOf, logReaderOf, shownTo, viewOf } from './search/entry-view.ts'

export interface ReadEntryUses {
  readonly commitChange: CommitChange
  /** Finds the bundle that an entry names: rules and words are those of the decision, whatever is in force today. */
  readonly policies: PolicyShelf
}

/**
 * Operation `readEntry`: why was this decided so? Whoever asked sees their own answer explained, no more than they were told;
 * an information-governance officer sees everything but their own accesses (R42). The reading is itself an entry.
 */
export const readEntry =
  ({ commitChange, policies }: ReadEntryUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const entryId = request.params.entryId!.toLowerCase()
    const body = request.body as { purpose: string; justification: string }
    return commitChange(caller, {
      operation: 'readEntry',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: { read: entryId, logPurpose: body.purpose, justification: body.justification },
      run: async (context) => {
        const stored = await findEntry(context.tx, entryId)
        const content = stored === null ? {} : contentOf(stored.canonical)
        const shown = stored === null ? null : shownOf(context, caller, { stored, content })
        // An entry that is not there and one that is not yours to read are the same answer.
        return shown === null ? notYours : explained(await bundleOf(policies, context, content), shown)
      },
    })
  }

const notYours: ChangeOutcome<never> = {
  allowed: false,
  status: 404,
  reason: { code: 'log-purpose', stage: 'R42', ruleId: 'log-own-or-officer', cites: 'DPA 2018 s.62(4); R42' },
}

interface Shown {
  readonly view: 'asker' | 'officer'
  readonly content: Content
}

const shownOf = (
  { standing, at }: ChangeContext,
  caller: Caller,
  { stored, content }: { readonly stored: StoredEntry; readonly content: Content },
): Shown | null => {
  if (stored.agencyId === caller.agencyId && stored.personSub === caller.personSub) return { view: 'asker', content }
  const reader = logReaderOf(standing, at)
  const view = reader === null ? null : viewOf(reader, content)
  return reader === null || view === null ? null : { view: 'officer', content: shownTo(reader, content, view) }
}

/** What nobody's rules decided is worded as the rules in force have it. */
const bundleOf = ({ find }: PolicyShelf, { tx, policies }: ChangeContext, content: Content): Promise<Policies> =>
  typeof content.policy === 'string' ? find(tx, content.policy) : Promise.resolve(policies)

const explained = ({ bundle }: Policies, { view, content }: Shown): ChangeOutcome<object> => ({
  allowed: true,
  status: 200,
  body: { entry: view === 'officer' ? forOfficer(bundle, content) : forAsker(bundle, content) },
  detail: { view },
})
