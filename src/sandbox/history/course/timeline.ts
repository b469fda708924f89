import type { LeadTable } from '../../../core/casework/lead/change-rules.ts'
import type { Cohort, Strand } from '../../../core/vocabulary.ts'
import type { CustodyStatus, StrandTrigger } from '../../../core/case-vocabulary.ts'
import type { AreaId } from '../../cast.ts'
import type { CohortPerson } from './cohort-person.ts'
import { leadIn } from './lead-in.ts'
import type { Meeting } from '../meetings.ts'

type Kind =
  // On the list before the register was kept here.
  | 'taken-over'
  | 'registered'
  | 'moved'
  // Recorded by the outgoing lead: not accepted yet, or declined.
  | 'move-waits'
  | 'move-declined'
  | 'admitted'
  | 'released'
  | 'recalled'
  | 'reviewed'
  | 'transferred'
  | 'passed-to-iom'

/** Something that happened, before it is worked out what it did. */
export interface Happening {
  readonly kind: Kind
  readonly at: string
  /** The conference that decided it; null where none did. */
  readonly meeting: Meeting | null
  readonly strand?: Strand
  readonly trigger?: StrandTrigger
  readonly custodyAgencyId?: string
  readonly status?: CustodyStatus
}

/** The same, with how the case stood before and after. */
export interface Step extends Happening {
  readonly cohort: Cohort
  readonly areaId: AreaId
  readonly fromStrand: Strand | null
  readonly fromLead: string | null
  readonly toStrand: Strand
  readonly toLead: string
  readonly row: string
  readonly heldAt: string | null
  /** How the case stands after it; the same as before where a move is not accepted. */
  readonly strand: Strand
  readonly lead: string
}

export interface Begun {
  readonly cohort: Cohort
  readonly areaId: AreaId
  readonly heldAt: string | null
}

/** Works out strand and lead through everything that happened to a case, by the lead-agency table as it speaks for each moment. */
export const settle = (
  person: CohortPerson,
  happenings: readonly Happening[],
  { begun, table }: { readonly begun: Begun; readonly table: LeadTable },
): readonly Step[] => {
  let { cohort, areaId, heldAt } = begun
  let strand: Strand | null = null
  let lead: string | null = null
  return happenings
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .map((happening) => {
      const { kind, at } = happening
      const before = { fromStrand: strand, fromLead: lead }
      if (kind === 'admitted') heldAt = happening.custodyAgencyId!
      if (kind === 'released') heldAt = null
      if (kind === 'passed-to-iom') cohort = 'iom'
      if (kind === 'transferred') areaId = person.areaId
      const toStrand: Strand = heldAt !== null ? 'rehabilitate-and-resettle' : (happening.strand ?? strand!)
      const answer = leadIn(person, { cohort, strand: toStrand, custodyAgencyId: heldAt, at }, table)
      // After a release the prison holds the case until somebody decides.
      const stays = kind === 'released' || kind === 'recalled' || kind === 'move-waits' || kind === 'move-declined'
      if (!stays) {
        strand = toStrand
        lead = answer.lead
      }
      return {
        ...happening,
        ...before,
        ...{ cohort, areaId, toStrand, toLead: answer.lead, row: answer.row, heldAt, strand: strand!, lead: lead! },
      }
    })
}
