import type { Cohort, Strand } from '../../core/vocabulary.ts'

/** What decides which agency leads, by the table that ends the Strand Clarification of 29.3.09. */
export interface LeadQuestion {
  readonly custodyAgencyId: string | null
  readonly juvenile: boolean
  readonly statutory: boolean
  readonly cohort: Cohort
  readonly dip: boolean
  readonly strand: Strand
}

/**
 * The agency of the sandbox that leads, in the table's precedence: custody, statutory, non-statutory prolific offender, adult on the
 * drug programme, other. A juvenile on the drug programme follows the juvenile rows: paragraphs 4 and 8 speak of adults only.
 */
export const sandboxLead = (person: LeadQuestion): string => {
  if (person.custodyAgencyId !== null) return person.custodyAgencyId
  if (person.statutory) return person.juvenile ? 'calder-yos' : 'ridings-probation'
  const engaging = person.strand === 'rehabilitate-and-resettle'
  if (person.cohort === 'ppo') return engaging && !person.juvenile ? 'ridings-probation' : 'ridings-police'
  if (person.dip && !person.juvenile) return person.strand === 'catch-and-control' ? 'ridings-dip-police' : 'calder-dip'
  if (!engaging) return 'ridings-police'
  return person.juvenile ? 'young-horizons' : 'fresh-steps'
}
