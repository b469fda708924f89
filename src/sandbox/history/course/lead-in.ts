import { destinationOf } from '../../../core/casework/lead/destination.ts'
import type { LeadTable } from '../../../core/casework/lead/change-rules.ts'
import type { Cohort, Strand } from '../../../core/vocabulary.ts'
import { agencies, getAgency } from '../../cast.ts'
import { isJuvenile } from '../../people/person.ts'
import type { CohortPerson } from './cohort-person.ts'

/** A case as it stood at an instant. */
export interface Standing {
  readonly cohort: Cohort
  readonly strand: Strand
  readonly custodyAgencyId: string | null
  readonly at: string
}

const provider = (id: string) => ({ id, kind: getAgency(id).kind, signed: true, delivers: true })

/** Row and lead for a case that stands so, by the partners' own table; the provider is named only where the table asks for one. */
export const leadIn = (person: CohortPerson, standing: Standing, table: LeadTable): { readonly row: string; readonly lead: string } => {
  const { cohort, strand, custodyAgencyId, at } = standing
  const { bornOn, statutory, supervisorAgencyId, dip, areaId } = person
  const supervisorKind = supervisorAgencyId === null ? null : getAgency(supervisorAgencyId).kind
  const state = {
    ...{ cohort, bornOn, statutory, supervisorAgencyId, supervisorKind, dip, custodyAgencyId, areaId, strand },
    ...{ leadAgencyId: null, leadAgencyKind: null },
  }
  const serving = agencies.filter((agency) => agency.areaId === null || agency.areaId === areaId)
  const question = { state, toStrand: strand, namedLeadId: null, agencies: serving, table, at: new Date(at) }
  for (const named of [null, isJuvenile(bornOn) ? 'young-horizons' : 'fresh-steps']) {
    const found = destinationOf({ ...question, provider: named === null ? null : provider(named) })
    if (found.allowed) return { row: found.row, lead: found.leadAgencyId }
  }
  throw new Error(`the lead-agency table names nobody for ${person.id} in ${strand}`)
}
