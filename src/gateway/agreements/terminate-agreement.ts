import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { setTerminated } from '../../db/registry/agreements.ts'
import { agreementIdIn, findPartiesToLock, getLockedAgreement, partiesOf, textIn } from './agreement-uses.ts'
import type { AgreementUses } from './agreement-uses.ts'
import { agencyLocks, mayStop, notAuthorised } from './authority.ts'

/** Ends an agreement for good, all versions at once; what follows is a new agreement. A second termination changes nothing. */
export const terminateAgreement =
  (uses: AgreementUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agreementId = agreementIdIn(request.params)
    const locked = await findPartiesToLock(uses.db, agreementId)
    return uses.commitChange(caller, {
      operation: 'terminateAgreement',
      event: 'isa-changed',
      locks: agencyLocks(locked),
      idempotencyKey: request.idempotencyKey,
      detail: { agreementId, why: textIn(request.body, 'why') },
      async run(context) {
        const agreement = await getLockedAgreement(context.tx, agreementId, locked)
        if (!mayStop(context, partiesOf(agreement))) return notAuthorised('stopped-by-party-or-registrar')
        const terminatedAt = agreement.terminatedAt ?? context.at
        if (agreement.terminatedAt === null) await setTerminated(context.tx, agreement.agreementId, terminatedAt)
        const body = { agreementId: agreement.agreementId, state: 'terminated', changedAt: terminatedAt.toISOString() }
        return { allowed: true, status: 200, body, detail: { state: 'terminated' } }
      },
    })
  }
