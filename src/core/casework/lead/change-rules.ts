import type { AgeBand, AgencyKind, Cohort, Strand } from '../../vocabulary.ts'
import type { CustodyStatus, EvidenceKind, RecallTier, StrandTrigger } from '../../case-vocabulary.ts'
import type { AggregateRules } from '../../aggregates/aggregate-rules.ts'
import type { ConferenceRules } from '../../conference/conference-rules.ts'
import type { FoiRules } from '../../foi/foi-rules.ts'
import type { DisclosureRules } from '../../disclosure/disclosure-rules.ts'
import type { ClockRules } from '../clock-rules.ts'
import type { EmergencyRules } from '../emergency-rules.ts'
import type { ConsentRules, SystemRules } from '../system-rules.ts'

/** Who fills a cell of the lead-agency table: a kind of agency, a role that a named provider fills, or nobody (the cell is refused). */
export type LeadRole = AgencyKind | 'service-provider' | 'yp-service-provider' | 'none'
export type ProviderRole = 'service-provider' | 'yp-service-provider'

export interface LeadRow {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly when: {
    readonly custody?: 'yes' | 'no'
    readonly statutory?: 'yes' | 'no'
    readonly dip?: 'yes' | 'no'
    readonly ageBand?: AgeBand
    readonly cohort?: readonly Cohort[]
  }
  /** In the order of `strands`: catch and control, prevent and deter, rehabilitate and resettle. */
  readonly leads: readonly [LeadRole, LeadRole, LeadRole]
  readonly cites: string
  readonly disputed?: { readonly strand: Strand; readonly says: string; readonly resolved: string; readonly override: ProviderRole }
}

/** The lead-agency table as the partners agreed it (policies/lead-agency.yaml). */
export interface LeadTable {
  readonly title: string
  readonly cites: string
  /** Groups of rows, the first that has a row for the case answers. */
  readonly precedence: readonly string[]
  readonly supervisors: { readonly group: string; readonly kinds: readonly AgencyKind[]; readonly cites: string }
  readonly namedProviders: { readonly [Role in ProviderRole]: readonly AgencyKind[] }
  readonly rows: readonly LeadRow[]
}

export interface EvidenceRule {
  readonly id: EvidenceKind
  readonly entry: 'direct' | 'through-lead'
  readonly originators: 'any-partner' | readonly AgencyKind[]
  readonly cites: string
}

export interface TriggerRule {
  readonly id: StrandTrigger
  readonly to: readonly Strand[]
  readonly records: 'lead' | 'destination-lead' | 'custody'
  readonly evidence: readonly EvidenceKind[]
  readonly conference?: 'needed' | 'waived'
  readonly decision?: 'police'
  readonly cites: string
}

/** Everything the partners agreed about changing a case; part of the policy bundle, so that a change too can be decided again. */
export interface ChangeRules {
  readonly leadAgency: LeadTable
  readonly evidence: { readonly title: string; readonly kinds: readonly EvidenceRule[] }
  readonly strand: {
    readonly title: string
    readonly triggers: readonly TriggerRule[]
    readonly conferenceRows: { readonly rows: readonly string[]; readonly cites: string }
    readonly sufficientJustification: { readonly row: string; readonly to: Strand; readonly cites: string }
  }
  readonly custody: {
    readonly title: string
    readonly cites: string
    readonly statuses: { readonly [Status in CustodyStatus]: 'custody' | 'release' | 'neither' }
    readonly recordedBy: readonly AgencyKind[]
  }
  readonly recall: {
    readonly title: string
    readonly cites: string
    readonly proposedBy: readonly AgencyKind[]
    readonly tiers: { readonly [Tier in RecallTier]: { readonly hours: number; readonly authorised: 'yes' | 'no' } }
  }
  readonly clocks: ClockRules
  /** Absent from older bundles: then nobody opens emergency access under them. */
  readonly emergency?: EmergencyRules
  /** Absent from older bundles: then no table is published under them. */
  readonly aggregates?: AggregateRules
  /** Absent from older bundles: then no paper of a meeting is written or read under them. */
  readonly conference?: ConferenceRules
  readonly disclosure?: DisclosureRules
  /** Absent from older bundles: then every answer that reaches the police asks them. */
  readonly consent?: ConsentRules
  /** Absent from older bundles: then no named system takes part. */
  readonly systems?: SystemRules
  /** Absent from older bundles: then no request for information is recorded under them. */
  readonly foi?: FoiRules
}
