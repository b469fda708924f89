import type { Db } from '../../db/db.ts'
import { findActivePolicyHash } from '../../db/registry/policies.ts'
import type { PolicyShelf } from './policy-shelf.ts'

/** The words of every reason for a refusal, as the policy in force has them, by code; empty where none is published yet. */
export const reasonWords =
  (db: Db, policies: PolicyShelf) => async (): Promise<readonly { code: string; says: string; nextStep: string }[]> => {
    const hash = await findActivePolicyHash(db)
    if (hash === null) return []
    const { bundle } = await policies.find(db, hash)
    return Object.entries(bundle.reasons)
      .map(([code, { says, nextStep }]) => ({ code, says, nextStep }))
      .toSorted((left, right) => left.code.localeCompare(right.code))
  }
