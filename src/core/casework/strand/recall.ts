import type { AgencyKind } from '../../vocabulary.ts'
import type { RecallTier } from '../../case-vocabulary.ts'
import type { ChangeRules } from '../lead/change-rules.ts'
import { refuse, type Refused, saysSomething, unfit, type Unfit } from '../lead/verdict.ts'

export interface RecallQuestion {
  readonly caller: { readonly agencyId: string; readonly kind: AgencyKind; readonly personSub: string }
  readonly statutory: boolean | null
  readonly inCustody: boolean
  readonly tier: RecallTier
  readonly grounds: string | null
  /** Of this person, unused; null where there is none of the id given. */
  readonly authorisation: { readonly agencyId: string; readonly personSub: string; readonly used: boolean } | null
  readonly policeExchangeAt: Date | null
  readonly applicationAt: Date
  /** Why nothing was exchanged with the police first; null: it was, or should have been. */
  readonly exception: string | null
  readonly rules: ChangeRules['recall']
  readonly at: Date
}

export interface RecallAllowed {
  readonly allowed: true
  /** True: to be reported to information governance. */
  readonly exception: boolean
  readonly dueAt: Date
}

const HOUR_MS = 3_600_000

/** R34: 24 hours is standard; two hours only as authorised; the exchange with the police precedes the application. */
export const decideRecall = (question: RecallQuestion): RecallAllowed | Refused | Unfit => {
  const { caller, rules, tier, applicationAt, at } = question
  const refused = (
    code: 'not-lead' | 'recall-authority' | 'separation-of-duties' | 'evidence',
    ruleId: string,
    status: 403 | 422,
  ): Refused => refuse(code, { ruleId, stage: 'R34', cites: rules.cites, status })
  if (!rules.proposedBy.includes(caller.kind)) return refused('not-lead', 'recall-proposer', 403)
  if (question.statutory !== true) return unfit('/tier', 'recall is for a person under statutory supervision')
  if (question.inCustody) return unfit('/tier', 'the person is in custody already')
  if (!saysSomething(question.grounds)) return refused('evidence', 'recall-grounds', 422)
  if (applicationAt > at) return unfit('/applicationAt', 'is still to come')
  if (rules.tiers[tier].authorised === 'yes') {
    const { authorisation } = question
    if (authorisation === null || authorisation.used) return refused('recall-authority', 'recall-two-hours', 422)
    if (authorisation.agencyId === caller.agencyId && authorisation.personSub === caller.personSub) {
      return refused('separation-of-duties', 'recall-proposer-not-authoriser', 422)
    }
  }
  const exchanged = question.policeExchangeAt !== null && question.policeExchangeAt < applicationAt
  if (!exchanged && !saysSomething(question.exception)) {
    return refuse('police-exchange', { ruleId: 'recall-police-exchange-first', stage: 'R34', cites: rules.cites })
  }
  return { allowed: true, exception: !exchanged, dueAt: new Date(applicationAt.getTime() + rules.tiers[tier].hours * HOUR_MS) }
}
