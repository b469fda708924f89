import type { PolicyBundle } from '../../core/decision/bundle.ts'
import type { Db } from '../../db/db.ts'
import { findActivePolicyHash } from '../../db/registry/policies.ts'
import type { PolicyShelf } from './policy-shelf.ts'

export interface ListedRule {
  readonly ruleId: string
  /** The paragraph that it rests on. */
  readonly cites: string
}

/** Whatever has an id and cites a paragraph, however deep it stands: each part of a bundle lays its rules out in its own way. */
const rulesIn = (part: unknown): readonly ListedRule[] => {
  if (Array.isArray(part)) return part.flatMap(rulesIn)
  if (typeof part !== 'object' || part === null) return []
  const { id, cites } = part as { readonly id?: unknown; readonly cites?: unknown }
  const own = typeof id === 'string' && typeof cites === 'string' ? [{ ruleId: id, cites }] : []
  return [...own, ...Object.values(part).flatMap(rulesIn)]
}

/** Every rule of a bundle once, by its id. Exemptions from freedom of information are grounds of a decision there, and no rules of it. */
export const rulesOf = ({ stages, disclose = [], change = {} as never }: PolicyBundle): readonly ListedRule[] => {
  const { foi: _foi, ...changes } = change
  const found = rulesIn([stages, disclose, changes])
  return [...new Map(found.map((one) => [one.ruleId, one])).values()].toSorted((left, right) => left.ruleId.localeCompare(right.ruleId))
}

/** The rules of the policy in force; empty where none is published yet. */
export const ruleList = (db: Db, policies: PolicyShelf) => async (): Promise<readonly ListedRule[]> => {
  const hash = await findActivePolicyHash(db)
  return hash === null ? [] : rulesOf((await policies.find(db, hash)).bundle)
}
