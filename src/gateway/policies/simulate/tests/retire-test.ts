import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { Fault } from '../../../../core/fault.ts'
import { retirePolicyTest as retireRow } from '../../../../db/registry/policy-tests.ts'
import type { CommitChange } from '../../../commit/change.ts'
import { refusedToOthers } from '../proposal.ts'

/** Operation `retirePolicyTest`: from now on no rules are held to it. It stays, with who retired it and why. */
export const retirePolicyTest =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const testId = request.params.testId!.toLowerCase()
    const { justification } = request.body as { justification: string }
    return commitChange(caller, {
      operation: 'retirePolicyTest',
      event: 'alteration',
      ...{ locks: [], lockMode: 'shared', idempotencyKey: request.idempotencyKey },
      detail: { testId, justification },
      run: async (context) => {
        const refused = refusedToOthers(context)
        if (refused !== null) return refused
        const by = { agencyId: caller.agencyId, personSub: caller.personSub! }
        const done = await retireRow(context.tx, { testId, why: justification.trim() }, by, context.at)
        if (done === null) throw new Fault('not-found', 'There is no such saved test.')
        if (!done.retired) throw new Fault('conflict', 'This test has been retired already.')
        return { allowed: true, status: 200, body: { testId, name: done.name, retiredAt: context.at.toISOString() } }
      },
    })
  }
