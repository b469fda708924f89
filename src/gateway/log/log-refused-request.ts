import type { Answer } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Fault, FaultCode } from '../../core/fault.ts'
import type { ReleaseCommit } from '../commit/release-commit.ts'

/** A request that never reached its use case, from somebody known: not valid against the contract, too large, too many. */
export interface RefusedRequest {
  readonly operationId: string
  readonly code: FaultCode | 'failure'
  readonly details: Fault['details']
}

/** A known caller's bad request is an entry like any other refusal; only the places of the faults are kept, never what stood there. */
export const logRefusedRequest =
  ({ releaseCommit }: { readonly releaseCommit: ReleaseCommit }) =>
  (caller: Caller, refused: RefusedRequest): Promise<Answer> =>
    releaseCommit({
      caller,
      operation: refused.operationId,
      offenderId: null,
      categories: [],
      decide: () => ({
        entry: {
          event: 'access-denied',
          effect: 'deny',
          reason: refused.code,
          offenderId: null,
          purpose: null,
          content: { fault: refused.code, paths: refused.details.map((one) => one.path).slice(0, 20) },
        },
        receipt: { reason: refused.code },
        disclosures: [],
        validUntil: null,
        answer: (committed) => ({ status: 400, body: {}, entryId: committed.entryId }),
      }),
    })
