import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { setSuspended } from '../../db/registry/agreements.ts'
import type { ChangeOutcome } from '../commit/change.ts'
import { agreementIdIn, findPartiesToLock, getLockedAgreement, partiesOf, textIn } from './agreement-uses.ts'
import type { AgreementUses } from './agreement-uses.ts'
import { agencyLocks, alreadyTerminated, isPartnershipRegistrar, mayStop, notAuthorised } from './authority.ts'

interface Changed {
  readonly agreementId: string
  readonly state: 'suspended' | 'not-suspended'
  readonly changedAt: string
}

/** Suspends every version of an agreement at once. Any party may, alone; a second suspension changes nothing. */
export const suspendAgreement =
  (uses: AgreementUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agreementId = agreementIdIn(request.params)
    const locked = await findPartiesToLock(uses.db, agreementId)
    return uses.commitChange<Changed>(caller, {
      operation: 'suspendAgreement',
      event: 'isa-changed',
      locks: agencyLocks(locked),
      idempotencyKey: request.idempotencyKey,
      detail: { agreementId, why: textIn(request.body, 'why') },
      async run(context) {
        const agreement = await getLockedAgreement(context.tx, agreementId, locked)
        if (!mayStop(context, partiesOf(agreement))) return notAuthorised('stopped-by-party-or-registrar')
        if (agreement.terminatedAt !== null) return alreadyTerminated
        const suspendedAt = agreement.suspendedAt ?? context.at
        if (agreement.suspendedAt === null) await setSuspended(context.tx, agreement.agreementId, suspendedAt)
        return changed(agreement.agreementId, 'suspended', suspendedAt)
      },
    })
  }

/**
 * Lifts a suspension. Only the registrar of the partnership may: a party that could lift what another party stopped would
 * share on an agreement that the other no longer stands by.
 */
export const liftAgreementSuspension =
  (uses: AgreementUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agreementId = agreementIdIn(request.params)
    const locked = await findPartiesToLock(uses.db, agreementId)
    return uses.commitChange<Changed>(caller, {
      operation: 'liftAgreementSuspension',
      event: 'isa-changed',
      locks: agencyLocks(locked),
      idempotencyKey: request.idempotencyKey,
      detail: { agreementId },
      async run(context) {
        const agreement = await getLockedAgreement(context.tx, agreementId, locked)
        if (!isPartnershipRegistrar(context)) return notAuthorised('lifted-by-registrar')
        if (agreement.terminatedAt !== null) return alreadyTerminated
        if (agreement.suspendedAt !== null) await setSuspended(context.tx, agreement.agreementId, null)
        return changed(agreement.agreementId, 'not-suspended', context.at)
      },
    })
  }

const changed = (agreementId: string, state: Changed['state'], at: Date): ChangeOutcome<Changed> => ({
  allowed: true,
  status: 200,
  body: { agreementId, state, changedAt: at.toISOString() },
  detail: { state },
})
