import type { Answer } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { listPolicyTests as listRows, listRetiredTests, type PolicyTest, type RetiredTest } from '../../../../db/registry/policy-tests.ts'
import type { CommitChange } from '../../../commit/change.ts'
import { logReaderOf } from '../../../log/search/entry-view.ts'
import { refusedToOthers } from '../proposal.ts'

const MOST_RETIRED = 50

/** A saved test as it is told; whoever does not read the log is not told of which entry it is. */
export const toldTest = ({ id, savedAt, readEntryId, ...test }: PolicyTest, readsLog: boolean) => ({
  ...{ testId: id, ...test, savedAt: savedAt.toISOString() },
  ...{ madeUp: readEntryId === null, readEntryId: readsLog ? readEntryId : null },
})

export const toldRetired = ({ retiredAt, ...test }: RetiredTest) => ({ ...test, retiredAt: retiredAt.toISOString() })

/** Operation `listPolicyTests`: every saved test in use, and those retired of late with the reason. */
export const listPolicyTests =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller): Promise<Answer> =>
    commitChange(caller, {
      operation: 'listPolicyTests',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      run: async (context) => {
        const refused = refusedToOthers(context)
        if (refused !== null) return refused
        const readsLog = logReaderOf(context.standing, context.at) !== null
        const tests = (await listRows(context.tx)).map((test) => toldTest(test, readsLog))
        const retired = (await listRetiredTests(context.tx, new Date(0), MOST_RETIRED)).map(toldRetired)
        return { allowed: true, status: 200, body: { tests, retired } }
      },
    })
