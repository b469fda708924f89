import type { PolicyBundle } from '../../../core/decision/bundle.ts'
import { Fault } from '../../../core/fault.ts'
import type { Db } from '../../../db/db.ts'
import { findOpenProposal, findPolicyBundle } from '../../../db/registry/policies.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { isPartnershipOfficer, notAppointed } from '../../roles.ts'
import { mayPublish } from '../publish-policy.ts'

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

/** Null for those who may publish rules: they, and nobody else, look at what is proposed. */
export const refusedToOthers = ({ standing, at }: Pick<ChangeContext, 'standing' | 'at'>): Refusal | null =>
  isPartnershipOfficer(standing, mayPublish, at) ? null : { allowed: false, reason: notAppointed }

/**
 * The rules of an open proposal. Whoever compiles them does it for one look: what nobody publishes takes no place among those by which
 * entries are explained.
 * @throws Fault `not-found` when nobody proposes these rules
 */
export const getProposedBundle = async (db: Db, hash: string): Promise<PolicyBundle> => {
  const bundle = (await findOpenProposal(db, hash)) === null ? null : await findPolicyBundle(db, hash)
  if (bundle === null) throw new Fault('not-found', 'There is no open proposal of this bundle.')
  return bundle
}
