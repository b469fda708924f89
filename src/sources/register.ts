import { londonDay } from '../core/london.ts'
import type { ConsentEvent, Item, Subject } from '../core/snapshot.ts'
import type { Category } from '../core/vocabulary.ts'

export interface RegisterUses {
  /** The agency in whose name the register answers: the lead agency, or the partnership. */
  readonly agencyId: string
  /** The category's own marking. */
  readonly marking: string
}

/**
 * What the gateway's own register holds about a person in `identity`, `cohort-status` or `consent-record`, in the field
 * names of those categories; empty for any other category. Facts that are not known are left out.
 */
export function registerItems(subject: Subject, category: Category, uses: RegisterUses): readonly Item[] {
  switch (category) {
    case 'identity':
      return [toItem(identityFields(subject), null, { subject, uses })]
    case 'cohort-status':
      return [toItem(cohortFields(subject), null, { subject, uses })]
    case 'consent-record':
      // The snapshot may carry events of others only by a fault; they are nobody's record here.
      return subject.consentEvents
        .filter((event) => event.offenderId === subject.offenderId)
        .toSorted((a, b) => a.happenedAt.getTime() - b.happenedAt.getTime() || a.recordedAt.getTime() - b.recordedAt.getTime())
        .map((event) => toItem(consentFields(event), londonDay(event.recordedAt), { subject, uses }))
    default:
      return []
  }
}

const identityFields = (subject: Subject): Item['fields'] => ({
  givenName: subject.givenName,
  familyName: subject.familyName,
  bornOn: subject.bornOn,
  identifiers: [...new Set(subject.identifiers.map(({ kind, value }) => `${kind} ${value}`))].sort(),
})

const cohortFields = (subject: Subject): Item['fields'] => ({
  cohort: subject.cohort,
  strand: subject.strand,
  leadAgency: subject.leadAgencyId,
  area: subject.areaId,
  statutory: subject.statutory,
})

/** Neither the evidence nor who is asked for what purpose: the record says what was decided, the papers stay with the recorder. */
const consentFields = (event: ConsentEvent): Item['fields'] => ({
  kind: event.kind,
  happenedAt: event.happenedAt.toISOString(),
  expiresAt: event.expiresAt?.toISOString(),
  categories: event.scope.categories,
  recipients: event.scope.recipients,
  capacityBasis: event.capacityBasis,
})

function toItem(fields: Item['fields'], recordedOn: string | null, { subject, uses }: { subject: Subject; uses: RegisterUses }): Item {
  return {
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)),
    originator: uses.agencyId,
    recordedOn,
    nature: 'fact',
    // A register of people says nothing of what each was convicted of (DPA 2018 s.38(3)).
    subjectType: 'other',
    marking: uses.marking,
    restricted: subject.processingRestricted,
    collectedOnConsent: false,
    grade: null,
    conditions: [],
    reviewBy: null,
  }
}
