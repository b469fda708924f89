import type { Page } from '../../page.ts'
import { policies } from './policies.ts'
import { proposal } from './proposal.ts'
import { publishPolicy } from './publish.ts'
import { simulatePolicy } from './trials/simulate.ts'
import { tryPolicy } from './trials/trial.ts'

/** What happens to rules between being proposed and being in force. */
export const policyPages: readonly Page[] = [policies, simulatePolicy, tryPolicy, publishPolicy, proposal]
