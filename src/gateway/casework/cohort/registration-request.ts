import type { ConferenceView } from '../../../core/casework/conference-views.ts'
import type { DyoSelection } from '../../../core/casework/registration.ts'
import type { Cohort, Strand } from '../../../core/vocabulary.ts'
import type { StrandRequest } from '../strand/strand-request.ts'

/** The body of a registration, which the contract has checked, with what may be left out filled in. */
export interface RegistrationRequest extends StrandRequest {
  /** A person who was in the cohort before; absent: somebody new. */
  readonly offenderId: string | null
  readonly conferenceId: string
  readonly cohort: Cohort
  readonly strand: Strand
  readonly bornOn: string | null
  readonly statutory: boolean
  readonly supervisorAgencyId: string | null
  readonly dip: boolean
  readonly criteriaVersion: string
  readonly score: number | null
  readonly scoreOnly: boolean
  readonly scoreOnlyReason: string | null
  readonly views: readonly ConferenceView[]
  readonly dyo: DyoSelection | null
  readonly offence: string
  readonly justiceStatus: string
  readonly agreementToRegister: string
}

export const registrationRequestIn = (body: unknown): RegistrationRequest => {
  const given = body as Partial<RegistrationRequest> &
    Pick<
      RegistrationRequest,
      'conferenceId' | 'cohort' | 'strand' | 'criteriaVersion' | 'plan' | 'offence' | 'justiceStatus' | 'agreementToRegister'
    >
  return {
    ...given,
    ...{ toStrand: given.strand, trigger: 'conference-decision', justification: null, evidenceIds: [], policeDecisionId: null },
    offenderId: given.offenderId?.toLowerCase() ?? null,
    conferenceId: given.conferenceId.toLowerCase(),
    bornOn: given.bornOn ?? null,
    statutory: given.statutory ?? false,
    supervisorAgencyId: given.supervisorAgencyId ?? null,
    dip: given.dip ?? false,
    score: given.score ?? null,
    scoreOnly: given.scoreOnly ?? false,
    scoreOnlyReason: given.scoreOnlyReason ?? null,
    views: (given.views ?? []).map((view) => ({ ...view, evidence: (view.evidence as readonly string[] | undefined) ?? [] })),
    dyo: given.dyo ?? null,
    providerAgencyId: given.providerAgencyId ?? null,
    leadAgencyId: given.leadAgencyId ?? null,
  }
}
