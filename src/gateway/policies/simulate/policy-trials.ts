import { comparePolicy } from './compare-policy.ts'
import { simulatePolicy, type SimulateUses } from './simulate-policy.ts'
import { testOperations } from './tests/test-operations.ts'
import { tryPolicy } from './try-policy.ts'

/** What is looked at between a proposal and its approval: operation by operation. */
export const policyTrials = (uses: SimulateUses) => ({
  comparePolicy: comparePolicy(uses),
  simulatePolicy: simulatePolicy(uses),
  tryPolicy: tryPolicy(uses),
  ...testOperations(uses),
})
