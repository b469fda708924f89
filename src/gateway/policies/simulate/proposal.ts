import { compilePolicies, type Policies } from '../../../core/decision/policy.ts'
import { Fault } from '../../../core/fault.ts'
import type { Db } from '../../../db/db.ts'
import { findActivePolicyHash, findOpenProposal, findPolicyBundle } from '../../../db/registry/policies.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { isPartnershipOfficer, notAppointed } from '../../roles.ts'
import { mayPublish } from '../publish-policy.ts'

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

/** Null for those who may publish rules: they, and nobody else, look at what is proposed. */
export const refusedToOthers = ({ standing, at }: Pick<ChangeContext, 'standing' | 'at'>): Refusal | null =>
  isPartnershipOfficer(standing, mayPublish, at) ? null : { allowed: false, reason: notAppointed }

export interface BothRules {
  readonly inForce: Policies
  readonly inForceHash: string
  readonly proposed: Policies
}

/**
 * The rules in force and those of an open proposal; compiled for this once, so that a proposal nobody publishes takes no place among
 * those that entries are explained by.
 * @throws Fault `not-found` when nobody proposes these rules
 */
export const findBothRules = async (db: Db, hash: string): Promise<BothRules> => {
  const inForceHash = await findActivePolicyHash(db)
  const inForce = inForceHash === null ? null : await findPolicyBundle(db, inForceHash)
  const bundle = (await findOpenProposal(db, hash)) === null ? null : await findPolicyBundle(db, hash)
  if (inForce === null || inForceHash === null || bundle === null) throw new Fault('not-found', 'There is no open proposal of this bundle.')
  return { inForce: compilePolicies(inForce), inForceHash, proposed: compilePolicies(bundle) }
}
