import type { AgencyKind } from '../../vocabulary.ts'
import type { CustodyStatus } from '../../case-vocabulary.ts'
import type { CaseState } from '../lead/case-state.ts'
import type { ChangeRules } from '../lead/change-rules.ts'
import { refuse, type Refused, unfit, type Unfit } from '../lead/verdict.ts'

export interface CustodyQuestion {
  readonly state: CaseState
  readonly caller: { readonly id: string; readonly kind: AgencyKind }
  readonly status: CustodyStatus
  /** Null where none is named, or no agency of that id is a prison. */
  readonly establishmentId: string | null
  readonly rules: ChangeRules
}

/** `none`: recorded, and nothing moves; temporary release is custody, police cells are not. */
export interface CustodyAllowed {
  readonly allowed: true
  readonly effect: 'entry' | 'transfer' | 'release' | 'none'
}

/** What a word about where the person is means for the case (R30): "ALWAYS rehabilitate and resettle", led by the prison. */
export const decideCustody = (question: CustodyQuestion): CustodyAllowed | Refused | Unfit => {
  const { state, caller, status, establishmentId, rules } = question
  const { custody } = rules
  if (!custody.recordedBy.includes(caller.kind)) {
    return refuse('originator', { ruleId: 'custody-recorder', stage: 'R31', cites: custody.cites, status: 403 })
  }
  const means = custody.statuses[status]
  if (means === 'neither') return { allowed: true, effect: 'none' }
  if (means === 'release') {
    if (state.custodyAgencyId === null) return unfit('/status', 'is a release, and the person is not held')
    return { allowed: true, effect: 'release' }
  }
  if (establishmentId === null) return unfit('/establishmentId', 'is not the id of a prison')
  // One establishment does not speak of another's prisoners.
  if (caller.kind === 'prison' && caller.id !== establishmentId) {
    return refuse('originator', { ruleId: 'custody-own-establishment', stage: 'R31', cites: custody.cites, status: 403 })
  }
  if (state.custodyAgencyId === establishmentId) return { allowed: true, effect: 'none' }
  return { allowed: true, effect: state.custodyAgencyId === null ? 'entry' : 'transfer' }
}
