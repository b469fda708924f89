import { holdsAt } from '../../case/relationship.ts'
import type { Subject } from '../../snapshot.ts'
import { refuse, type Refused, saysSomething } from '../lead/verdict.ts'

export type ConsentFollowUp = 'police-strand-decision' | 'return-review' | null

/** What an answer about consent puts to people. Nothing moves by itself (DPA 2018 s.50A-D). */
export interface ConsentConsequence {
  readonly asks: Exclude<ConsentFollowUp, null>
  /** Custody wins: "always rehabilitate and resettle"; the question waits until release. */
  readonly when: 'now' | 'at-release'
  /** Consent given again leaves the police nothing to decide: an open question of theirs is overtaken. */
  readonly overtakesPoliceDecision: boolean
}

export const consentConsequence = (followUp: ConsentFollowUp, inCustody: boolean): ConsentConsequence | null => {
  if (followUp === null) return null
  if (followUp === 'return-review') return { asks: followUp, when: 'now', overtakesPoliceDecision: true }
  return { asks: followUp, when: inCustody ? 'at-release' : 'now', overtakesPoliceDecision: false }
}

/** Whom an answer is told to, and who is asked what: carried out when it is recorded, and shown before. */
export interface ConsentPlan {
  readonly told: readonly string[]
  readonly consequence: ConsentConsequence | null
  /** Null: nobody is asked now, or nobody is there to ask, and the question stands open for the register to show. */
  readonly ownerAgencyId: string | null
}

/** @param about.police agencies of the kind that serve the area */
export const planConsent = (
  followUp: ConsentFollowUp,
  { subject, police, at }: { readonly subject: Subject; readonly police: readonly string[]; readonly at: Date },
): ConsentPlan => {
  const partners = subject.relationships.filter((tie) => holdsAt(tie, at)).map(({ agencyId }) => agencyId)
  const informed = [subject.leadAgencyId, ...partners, ...(followUp === null ? [] : police)]
  const told = [...new Set(informed.filter((id) => id !== null))]
  const consequence = consentConsequence(followUp, subject.custodyAgencyId !== null)
  if (consequence?.when !== 'now') return { told, consequence, ownerAgencyId: null }
  const [first, second] =
    consequence.asks === 'police-strand-decision' ? [police[0], subject.leadAgencyId] : [subject.leadAgencyId, police[0]]
  return { told, consequence, ownerAgencyId: first ?? second ?? null }
}

const cites = 'Scrutiny Board 2009, 1.24; DPA 2018 s.50A; R32'

/** "A decision would be taken by the Police": in every row except custody, and only when there is something to decide. */
export const decidePoliceDecision = (question: {
  readonly callerKind: string
  readonly inCustody: boolean
  readonly openQuestion: boolean
  readonly justification: string | null
}): { readonly allowed: true } | Refused => {
  if (question.callerKind !== 'police') return refuse('not-lead', { ruleId: 'police-decide', stage: 'R32', cites, status: 403 })
  if (question.inCustody)
    return refuse('custody-strand', { ruleId: 'police-decision-waits', stage: 'R30', cites: 'Strand Clarification 2009, preamble; R30' })
  if (!question.openQuestion) return refuse('evidence', { ruleId: 'police-decision-asked', stage: 'R32', cites, status: 409 })
  if (!saysSomething(question.justification)) return refuse('evidence', { ruleId: 'police-decision-justified', stage: 'R32', cites })
  return { allowed: true }
}
