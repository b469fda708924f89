import { compilePolicies, type Policies } from '../decision/policy.ts'

const compiled = new WeakMap<Policies, Policies>()

/**
 * The same policies as they stand for a release under a chair's permission: what the permission stands in for is gone, and what it has to
 * be is there instead (R23-R25). Null under a bundle that knows of none: then nothing is released so.
 */
export const disclosurePolicies = (policies: Policies): Policies | null => {
  const { change, disclose, stages, ...rest } = policies.bundle
  const rules = change?.disclosure
  if (rules === undefined || disclose === undefined) return null
  const known = compiled.get(policies)
  if (known !== undefined) return known
  const left = stages
    .filter(({ stage }) => !rules.bypasses.stages.includes(stage))
    .map((stage) => ({ ...stage, rules: stage.rules.filter(({ id }) => !rules.bypasses.rules.includes(id)) }))
    .filter((stage) => stage.rules.length > 0)
  // The copy has no emergencies and no permissions of its own: there is none within another.
  const made = compilePolicies({ ...rest, stages: [...left, ...disclose] })
  compiled.set(policies, made)
  return made
}
