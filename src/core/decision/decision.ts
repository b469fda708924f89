import type { Facts } from '../facts.ts'
import type { Effect, Obligation, ReasonCode } from '../decision-vocabulary.ts'

/** Why something is refused: enough for the person refused to act on it. */
export interface Reason {
  readonly code: ReasonCode
  /** The stage that failed, e.g. `R10`. */
  readonly stage: string
  readonly ruleId: string
  readonly cites: string
}

export interface Decision {
  readonly effect: Effect
  /** Fields that may leave, of those asked; empty unless the effect is a permit. */
  readonly fields: readonly string[]
  /** Fields asked (or all of the category) that may not leave, each with its reason. */
  readonly withheldFields: readonly { readonly field: string; readonly reason: Reason }[]
  readonly obligations: readonly Obligation[]
  /** Ids of the rules that permitted. */
  readonly permittedBy: readonly string[]
  /** Every failing rule in stage order; the first is the one that is told. */
  readonly reasons: readonly Reason[]
  readonly facts: Facts
  /** First instant at which a fact this decision used lapses; null when none does. */
  readonly validUntil: Date | null
}
