import type { Cohort, Strand } from '../../../core/vocabulary.ts'
import type { SandboxPerson } from '../../people/person.ts'

/** Somebody in the cohort now: what decides strand and lead is known of each. */
export type CohortPerson = SandboxPerson & {
  readonly cohort: Cohort
  readonly strand: Strand
  readonly statutory: boolean
  readonly leadAgencyId: string
}

export const isInCohort = (person: SandboxPerson): person is CohortPerson =>
  person.basis === 'cohort' && person.cohort !== null && person.strand !== null && person.leadAgencyId !== null && person.statutory !== null
