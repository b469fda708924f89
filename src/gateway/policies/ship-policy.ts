import type { PolicyBundle } from '../../core/decision/bundle.ts'
import { compilePolicies, engineVersion } from '../../core/decision/policy.ts'
import type { Database } from '../../db/db.ts'
import { withTransaction } from '../../db/db.ts'
import { activatePolicy, findActivePolicyHash, storePolicyBundle } from '../../db/registry/policies.ts'
import { takeLocks } from '../../db/release-locks.ts'

/**
 * At the first start the shipped bundle is published; after that the partnership's officers decide, and a newer shipped
 * bundle only becomes a proposal they may publish.
 * @returns the hash of the bundle now active
 */
export const shipPolicy = async (
  database: Database,
  shipped: { readonly bundle: PolicyBundle; readonly hash: string },
): Promise<string> => {
  compilePolicies(shipped.bundle)
  return withTransaction(database, async (tx) => {
    await takeLocks(tx, { exclusive: [{ class: 'policy', id: '' }], shared: [] })
    await storePolicyBundle(tx, { hash: shipped.hash, engine: engineVersion, content: shipped.bundle })
    const active = await findActivePolicyHash(tx)
    if (active !== null) return active
    await activatePolicy(tx, shipped.hash)
    return shipped.hash
  })
}
