import { ageOn, londonDay } from '../../london.ts'
import type { AgencyKind, Cohort, Strand } from '../../vocabulary.ts'
import type { LeadFacts } from './lead-agency.ts'

/** What decides strand and lead of one case, as it stands. */
export interface CaseState {
  readonly cohort: Cohort | null
  readonly bornOn: string | null
  readonly statutory: boolean | null
  readonly supervisorAgencyId: string | null
  readonly supervisorKind: AgencyKind | null
  readonly dip: boolean
  readonly custodyAgencyId: string | null
  readonly areaId: string
  readonly strand: Strand | null
  readonly leadAgencyId: string | null
  readonly leadAgencyKind: AgencyKind | null
}

/** The facts of the lead-agency table for a case that would be in that strand. */
export const leadFactsOf = (state: CaseState, strand: Strand | null, at: Date): LeadFacts => ({
  cohort: state.cohort ?? 'unknown',
  ageBand: state.bornOn === null ? 'unknown' : ageOn(state.bornOn, londonDay(at)) < 18 ? 'juvenile' : 'adult',
  statutory: state.statutory === null ? 'unknown' : state.statutory ? 'yes' : 'no',
  dip: state.dip ? 'yes' : 'no',
  custody: state.custodyAgencyId === null ? 'no' : 'yes',
  strand: strand ?? 'unknown',
})

/** Released, and nobody has yet said in which strand and under whose lead: the prison still holds the case. */
export const awaitsReleaseDecision = (state: CaseState): boolean => state.custodyAgencyId === null && state.leadAgencyKind === 'prison'
