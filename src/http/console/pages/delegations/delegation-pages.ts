import type { Page } from '../../page.ts'
import { answerDelegation, endDelegation, giveDelegation } from './delegation-acts.ts'
import { delegations } from './delegations.ts'

/** Who acts in the chair's place. */
export const delegationPages: readonly Page[] = [delegations, giveDelegation, answerDelegation, endDelegation]
