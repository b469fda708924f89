import { Fault } from '../../core/fault.ts'
import { compilePolicies, type Policies } from '../../core/decision/policy.ts'
import type { Db } from '../../db/db.ts'
import { findPolicyBundle } from '../../db/registry/policies.ts'

/** The compiled policy bundles this instance has loaded, by hash. A bundle never changes under its hash, so none is ever stale. */
export interface PolicyShelf {
  find(db: Db, hash: string): Promise<Policies>
}

/** Deciding old entries again loads old bundles; this many stay compiled. */
const MOST_COMPILED = 16

export const makePolicyShelf = (): PolicyShelf => {
  const compiled = new Map<string, Policies>()
  return {
    async find(db, hash) {
      const known = compiled.get(hash)
      if (known !== undefined) return known
      const bundle = await findPolicyBundle(db, hash)
      if (bundle === null) throw new Fault('unavailable', 'The active policy cannot be loaded.', { retryAfterSeconds: 5 })
      const policies = compilePolicies(bundle)
      if (compiled.size >= MOST_COMPILED) compiled.delete(compiled.keys().next().value!)
      compiled.set(hash, policies)
      return policies
    },
  }
}
