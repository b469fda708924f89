import type { EmergencyRules, EmergencyStage } from '../casework/emergency-rules.ts'
import type { PolicyBundle, PolicyStage } from './bundle.ts'
import { compilePolicies, type Policies } from './policy.ts'

const compiled = new WeakMap<Policies, Policies>()

/**
 * The same policies as they stand in an emergency: what gives way is gone, and who may open it, and under which power, stands before
 * the person. Null under a bundle that has no rules for emergencies: then there is no such access.
 */
export const emergencyPolicies = (policies: Policies): Policies | null => {
  const rules = policies.bundle.change?.emergency
  if (rules === undefined) return null
  const known = compiled.get(policies)
  if (known !== undefined) return known
  // The copy has no rules for emergencies of its own: there is none within another.
  const { change: _change, ...rest } = policies.bundle
  const made = compilePolicies({ ...rest, stages: stagesOf(policies.bundle, rules) })
  compiled.set(policies, made)
  return made
}

const stagesOf = ({ stages }: PolicyBundle, { bypasses, stages: own }: EmergencyRules): readonly PolicyStage[] => {
  const left = stages
    .filter(({ stage }) => !bypasses.stages.includes(stage))
    .map((stage) => ({ ...stage, rules: stage.rules.filter(({ id }) => !bypasses.rules.includes(id)) }))
    .filter(({ rules }) => rules.length > 0)
  const plain = ({ before: _before, ...stage }: EmergencyStage): PolicyStage => stage
  return [
    ...left.flatMap((stage) => [...own.filter(({ before }) => before === stage.stage).map(plain), stage]),
    ...own.filter(({ before }) => before === undefined || !left.some(({ stage }) => stage === before)).map(plain),
  ]
}
