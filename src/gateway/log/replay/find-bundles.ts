import { compilePolicies, type Policies } from '../../../core/decision/policy.ts'
import type { Db } from '../../../db/db.ts'
import { findPolicyBundle } from '../../../db/registry/policies.ts'
import { policyHash } from '../../policies/policy-files.ts'

/** A bundle that an entry names: compiled; or not there; or there and not what its hash says. */
export type FoundBundle = Policies | 'missing' | 'altered'

/** Finds bundles by hash, each once, and takes none at its word. */
export const bundlesIn = (db: Db): ((hash: string) => Promise<FoundBundle>) => {
  const found = new Map<string, FoundBundle>()
  return async (hash) => {
    const known = found.get(hash)
    if (known !== undefined) return known
    const bundle = await findPolicyBundle(db, hash)
    const one = bundle === null ? 'missing' : policyHash(bundle) === hash ? compilePolicies(bundle) : 'altered'
    found.set(hash, one)
    return one
  }
}
