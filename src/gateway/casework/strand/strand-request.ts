import { londonDay } from '../../../core/london.ts'
import { Fault } from '../../../core/fault.ts'
import type { Strand } from '../../../core/vocabulary.ts'
import type { StrandTrigger } from '../../../core/case-vocabulary.ts'
import { latestReviewOn } from '../../../core/casework/due-dates.ts'

interface NamedPerson {
  readonly agencyId: string
  readonly personSub: string
}

/** The body of a strand change, which the contract has checked, with what may be left out filled in. */
export interface StrandRequest {
  readonly toStrand: Strand
  readonly trigger: StrandTrigger
  readonly justification: string | null
  readonly evidenceIds: readonly string[]
  readonly conferenceId: string | null
  readonly policeDecisionId: string | null
  readonly providerAgencyId: string | null
  readonly leadAgencyId: string | null
  readonly plan: {
    readonly leadCaseManager: NamedPerson
    readonly interventions: readonly (NamedPerson & { readonly what: string })[]
    readonly reviewOn: string
  }
}

export const strandRequestIn = (body: unknown): StrandRequest => {
  const given = body as Partial<StrandRequest> & Pick<StrandRequest, 'toStrand' | 'trigger' | 'plan'>
  return {
    ...given,
    justification: given.justification ?? null,
    evidenceIds: (given.evidenceIds ?? []).map((id) => id.toLowerCase()),
    conferenceId: given.conferenceId?.toLowerCase() ?? null,
    policeDecisionId: given.policeDecisionId?.toLowerCase() ?? null,
    providerAgencyId: given.providerAgencyId ?? null,
    leadAgencyId: given.leadAgencyId ?? null,
  }
}

export const peopleIn = ({ plan }: StrandRequest): readonly NamedPerson[] => [plan.leadCaseManager, ...plan.interventions]

const wrong = (path: string, message: string): Fault =>
  new Fault('invalid', 'The interventions plan cannot be amended like this.', { details: [{ path, message }] })

/** "Each intervention has a named person", the case one manager, at the agency that will lead, and the next review a day. */
export const checkPlan = (
  { plan }: StrandRequest,
  about: { readonly leadAgencyId: string; readonly people: readonly string[]; readonly mostDays: number; readonly at: Date },
): void => {
  const isKnown = ({ agencyId, personSub }: NamedPerson): boolean => about.people.includes(`${agencyId} ${personSub}`)
  if (!isKnown(plan.leadCaseManager)) throw wrong('/plan/leadCaseManager', 'is nobody that the agency has registered')
  if (plan.leadCaseManager.agencyId !== about.leadAgencyId)
    throw wrong('/plan/leadCaseManager/agencyId', 'is not the agency that will lead')
  const unknown = plan.interventions.findIndex((one) => !isKnown(one))
  if (unknown >= 0) throw wrong(`/plan/interventions/${unknown}`, 'names nobody that the agency has registered')
  const today = londonDay(about.at)
  if (plan.reviewOn <= today) throw wrong('/plan/reviewOn', 'is not ahead')
  if (plan.reviewOn > latestReviewOn(today, about.mostDays)) throw wrong('/plan/reviewOn', `is more than ${about.mostDays} days ahead`)
}
