/**
 * What the shell reads for the core to decide on: plain, immutable snapshots of one instant. Nothing here knows how it was read.
 * Instants are `Date` in UTC; days are London calendar days as `YYYY-MM-DD`.
 */
import type {
  AgencyKind,
  CapacityBasis,
  Category,
  Cohort,
  IdentifierKind,
  LegalGateway,
  Purpose,
  Role,
  SensitiveCondition,
  Strand,
  AgeBand,
} from './vocabulary.ts'

export interface Appointment {
  readonly role: Role
  readonly areaId: string | null
  /** Half-open: from is included, to is not; null is open-ended. */
  readonly fromAt: Date
  readonly toAt: Date | null
}

/** The asking side: the agency, its system and its person, with every agreement version that names the agency. */
export interface Standing {
  readonly agency: {
    readonly id: string
    readonly kind: AgencyKind
    readonly regime: 'law-enforcement' | 'general'
    readonly clearance: 'official' | 'official-sensitive'
    readonly active: boolean
    readonly schemes: readonly string[]
  }
  readonly clientActive: boolean
  /** When what is active now ends by itself: the agency, the person, their vetting and training, the token. */
  readonly endsAt?: readonly Date[]
  readonly person: {
    readonly sub: string
    readonly active: boolean
    readonly intelligenceVetted: boolean
    readonly visorTrained: boolean
  } | null
  readonly appointments: readonly Appointment[]
  readonly agreements: readonly AgreementVersion[]
}

export interface Grant {
  readonly id: string
  readonly providers: readonly string[]
  readonly recipients: readonly string[]
  /** Absent `fields` means every releasable field of the category. */
  readonly categories: readonly { readonly id: Category; readonly fields?: readonly string[] }[]
  readonly purposes: readonly Purpose[]
  readonly cohorts: readonly Cohort[]
  readonly ageBands: readonly AgeBand[]
  readonly legalGateways: readonly LegalGateway[]
  /** The named law that lets law enforcement data serve another purpose (DPA 2018 s.36(4)); absent where none is relied on. */
  readonly authorisingLaw?: string
  readonly sensitiveConditions: readonly SensitiveCondition[]
  readonly onward: 'none' | 'with-chair-permission'
}

export interface AgreementTerms {
  readonly reference: string
  readonly title: string
  readonly kind: 'partnership' | 'prison-memorandum' | 'scheme'
  readonly owner: string
  readonly parties: readonly string[]
  readonly grants: readonly Grant[]
  readonly inForceFrom: string
  /** Inclusive: the agreement lapses at 00:00 London time on the next day. Null is until terminated. */
  readonly inForceTo: string | null
  readonly reviewOn: string
  /** Days after `reviewOn` during which sharing continues with an alert; null: none. */
  readonly reviewGraceDays: number | null
  /** The appropriate policy document (DPA 2018 s.42) that sensitive processing under this agreement rests on. */
  readonly policyDocument: { readonly reference: string; readonly liveFrom: string; readonly liveTo: string | null } | null
}

export interface AgreementVersion {
  readonly agreementId: string
  readonly version: number
  /** SHA-256 over the RFC 8785 form of the terms, base64url: what the parties sign. */
  readonly hash: string
  readonly terms: AgreementTerms
  /** Agencies whose own signatory has signed exactly this hash. */
  readonly signedBy: readonly string[]
  readonly suspendedAt: Date | null
  readonly terminatedAt: Date | null
  /** Set when a later version has been signed by every party. */
  readonly replacedAt: Date | null
}

export interface ConsentEvent {
  readonly id: string
  readonly offenderId: string
  readonly kind: 'sought' | 'given' | 'refused' | 'withdrawn' | 'no-capacity'
  /** Empty means all of the kind. */
  readonly scope: {
    readonly categories: readonly Category[]
    readonly recipients: readonly string[]
    readonly purposes: readonly Purpose[]
  }
  readonly capacityBasis: CapacityBasis | null
  readonly evidence: string | null
  readonly happenedAt: Date
  readonly expiresAt: Date | null
  readonly recordedAt: Date
}

export interface CaseRelationship {
  readonly kind: 'lead-case-manager' | 'case-manager' | 'intervention-owner' | 'nominating-agency'
  readonly agencyId: string
  /** Null: any active person of the agency (a nomination is made by an agency). */
  readonly personSub: string | null
  readonly fromAt: Date
  readonly toAt: Date | null
}

export interface Subject {
  readonly offenderId: string
  readonly basis: 'cohort' | 'pdp' | 'no-basis' | 'closed'
  readonly givenName: string
  readonly familyName: string
  readonly bornOn: string | null
  readonly cohort: Cohort | null
  readonly strand: Strand | null
  readonly statutory: boolean | null
  readonly supervisorAgencyId: string | null
  readonly leadAgencyId: string | null
  readonly leadAgencyKind: AgencyKind | null
  readonly dip: boolean
  /** The establishment that holds the person now; null outside custody. */
  readonly custodyAgencyId: string | null
  /** The last London day on which the next review is in time; null: never set. */
  readonly reviewOn: string | null
  /** Decided at a review; meaningless outside custody. */
  readonly longTermCustody: boolean
  readonly areaId: string
  readonly processingRestricted: boolean
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string; readonly agencyId: string }[]
  readonly relationships: readonly CaseRelationship[]
  readonly consentEvents: readonly ConsentEvent[]
  /** Records kept in the gateway for agencies without a system of their own; sealed until released. */
  readonly hosted: readonly HostedRecord[]
}

export interface HostedRecord {
  readonly id: string
  readonly category: Category
  readonly agencyId: string
  readonly sealed: Uint8Array
  readonly recordedAt: Date
}

/** An agency that holds a category about a person, and where it is asked. */
export interface Supplier {
  readonly agencyId: string
  readonly kind: AgencyKind
  readonly regime: 'law-enforcement' | 'general'
  readonly via: 'hosted' | 'http' | 'register'
}

/** One thing a supplier holds in a category: an arrest, an assessment, a grade of intelligence. */
export interface Item {
  readonly fields: Readonly<Record<string, unknown>>
  readonly originator: string
  readonly recordedOn: string | null
  readonly nature: 'fact' | 'assessment'
  readonly subjectType: 'suspect' | 'convicted' | 'victim' | 'witness' | 'other'
  readonly marking: string
  /** Null: the supplier did not say, and what nobody said does not leave (DPA 2018 s.47; I3). */
  readonly restricted: boolean | null
  readonly collectedOnConsent: boolean
  readonly grade: { readonly source: string; readonly intelligence: string; readonly handling: string } | null
  readonly conditions: readonly string[]
  /** Why the supplier's own stale-date has passed, when it has. */
  readonly reviewBy: string | null
}

export interface CategoryAsk {
  readonly id: Category
  /** Set where it is asked of this supplier and of no other, as a permission names it. */
  readonly supplierAgencyId?: string
  readonly fields?: readonly string[]
  readonly legalGateway?: LegalGateway
  readonly bestInterestsNote?: string
}

export interface Ask {
  readonly offenderId: string
  readonly categories: readonly CategoryAsk[]
  readonly purpose: Purpose | null
  readonly legalGateway: LegalGateway | null
  readonly justification: string | null
  /** Asked as emergency access (R38): decided by the rules for emergencies, without agreement or consent. */
  readonly emergency?: {
    /** The condition cited for sensitive data; null: none. */
    readonly condition: SensitiveCondition | null
    readonly policyDocument: 'live' | 'none'
    readonly endsAt: Date | null
  }
}
