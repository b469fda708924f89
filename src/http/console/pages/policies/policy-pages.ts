import type { Page } from '../../page.ts'
import { policies } from './policies.ts'
import { proposal } from './proposal.ts'
import { proposePolicy } from './propose/propose.ts'
import { publishPolicy } from './publish.ts'
import { saveFromEntry } from './tests/from-entry.ts'
import { saveMadeUp } from './tests/made-up.ts'
import { testResults } from './tests/run/results.ts'
import { retireTest } from './tests/retire.ts'
import { savedTests } from './tests/tests.ts'
import { simulatePolicy } from './trials/simulate.ts'
import { tryPolicy } from './trials/trial.ts'

/** What happens to rules between being proposed and being in force. */
export const policyPages: readonly Page[] = [
  policies,
  proposePolicy,
  savedTests,
  saveMadeUp,
  saveFromEntry,
  retireTest,
  simulatePolicy,
  tryPolicy,
  testResults,
  publishPolicy,
  proposal,
]
