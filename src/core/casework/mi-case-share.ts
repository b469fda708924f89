import { type AgreementAnswer, agreementStanding, usable } from '../agreements/agreement.ts'
import type { Reason } from '../decision/decision.ts'
import type { AgreementVersion, Subject } from '../snapshot.ts'
import { ageOn, londonDay } from '../london.ts'
import type { SystemRules } from './system-rules.ts'

export interface MiCaseQuestion {
  readonly subject: Subject | null
  /** Who led from the move on: in whose name MI-Case is told. */
  readonly supplierId: string
  readonly recipient: { readonly id: string; readonly active: boolean }
  /** The supplier's agreements. */
  readonly versions: readonly AgreementVersion[]
  /** Undefined: the policy in force has none. */
  readonly rules: SystemRules['miCase'] | undefined
  readonly at: Date
}

export type MiCaseVerdict =
  | { readonly allowed: true; readonly agreement: AgreementAnswer }
  /** `final`: nothing that comes later would allow it. */
  | { readonly allowed: false; readonly final: boolean; readonly reason: Reason }

const refused = (
  code: Reason['code'],
  ruleId: string,
  more: { readonly stage: string; readonly cites: string; readonly final?: boolean },
) => ({ allowed: false, final: more.final ?? false, reason: { code, stage: more.stage, ruleId, cites: more.cites } }) as const

/**
 * May MI-Case be told of a move? It is sharing like any other (R10): an agreement in force between the lead and the agency that keeps
 * MI-Case, for a person who is in the cohort. Asked again before each attempt, so that what is withdrawn is not sent.
 */
export const decideMiCaseShare = (question: MiCaseQuestion): MiCaseVerdict => {
  const { subject, supplierId, recipient, versions, rules, at } = question
  if (rules === undefined) return refused('default', 'mi-case-rules', { stage: 'R46', cites: 'R46' })
  if (subject?.basis !== 'cohort') {
    const cites = 'Offender Management Update 2009, 5.2: out of the cohort its purposes end; MPA report 2011, paras 28-29'
    return refused('subject-scope', 'mi-case-cohort', { stage: 'R6', cites, final: true })
  }
  if (!recipient.active) return refused('agency-inactive', 'mi-case-agency', { stage: 'R3', cites: 'DPA 2018 s.66(2)(a)' })
  const agreement = agreementStanding(versions, {
    ...{ recipient: recipient.id, supplier: supplierId, category: rules.category, purpose: rules.purpose, cohort: subject.cohort, at },
    ageBand: subject.bornOn === null ? null : ageOn(subject.bornOn, londonDay(at)) < 18 ? 'juvenile' : 'adult',
  })
  if (usable(agreement.standing)) return { allowed: true, agreement }
  return refused('isa-none', 'mi-case-agreement', { stage: 'R10', cites: `${rules.cites}; MPA report 2011, para 43` })
}

/** When to try again after so many attempts: doubling, and at most so far apart. */
export const nextAttemptAt = (at: Date, attempts: number, rules: Pick<SystemRules['miCase'], 'firstRetrySeconds' | 'mostRetrySeconds'>) =>
  new Date(at.getTime() + 1_000 * Math.min(rules.firstRetrySeconds * 2 ** Math.min(attempts - 1, 30), rules.mostRetrySeconds))
