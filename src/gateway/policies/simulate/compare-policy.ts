import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import type { ChangeOutcome, CommitChange } from '../../commit/change.ts'
import { bundleDifference } from './bundle-difference.ts'
import { getProposedBundle, refusedToOthers } from './proposal.ts'

/** Operation `comparePolicy`: what a proposed bundle says otherwise than the one in force. */
export const comparePolicy =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const hash = request.params.hash!
    return commitChange(caller, {
      operation: 'comparePolicy',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { hash },
      run: async (context): Promise<ChangeOutcome<object>> => {
        const refused = refusedToOthers(context)
        if (refused !== null) return refused
        const { policies, policyHash: against } = context
        const changes = bundleDifference(policies.bundle, await getProposedBundle(context.tx, hash))
        return { allowed: true, status: 200, body: { hash, against, changes }, detail: { against } }
      },
    })
  }
