import type { CommitChange } from '../../../commit/change.ts'
import { listPolicyTests } from './list-tests.ts'
import { retirePolicyTest } from './retire-test.ts'
import { runPolicyTests } from './run-tests.ts'
import { savePolicyTest } from './save-test.ts'

/** The cases that rules are held to before they are published: operation by operation. */
export const testOperations = (uses: { readonly commitChange: CommitChange }) => ({
  listPolicyTests: listPolicyTests(uses),
  savePolicyTest: savePolicyTest(uses),
  retirePolicyTest: retirePolicyTest(uses),
  runPolicyTests: runPolicyTests(uses),
})
