/**
 * The closed vocabularies of the partnership: every id that a rule, an agreement, a request or a log entry may name.
 * One word per thing; an id that is not here is refused wherever it is read.
 */

export const agencyKinds = [
  'police',
  'dip-police',
  'probation',
  'yos',
  'dip',
  'prison',
  'third-sector',
  'yp-provider',
  'la-children',
  'la-asb',
  'la-housing',
  'almo',
  'reg-housing-provider',
  'private-landlord',
  'health',
  'mental-health',
  'education-ete',
  'jobcentre',
  'em-provider',
  'immigration',
  'cps',
  'court',
  'fire',
  'councillor',
  'governance-body',
  'iom-hub',
] as const
export type AgencyKind = (typeof agencyKinds)[number]

/** Roles held by appointment: per person, with a first and a last instant, and an area or a conference where the role has one. */
export const roles = [
  'case-manager',
  'lead-case-manager',
  'intervention-owner',
  'hub-coordinator',
  'spoc',
  'chair',
  'deputy-chair',
  'core-member',
  'minute-taker',
  'area-commander',
  'neighbourhood-officer',
  'intel-officer',
  'offender-supervisor',
  'prison-reception',
  'aco-probation',
  'visor-manager',
  'isa-registrar',
  'isa-signatory',
  'ig-officer',
  'dpo',
  'foi-officer',
  'auditor-external',
  'system-admin',
] as const
export type Role = (typeof roles)[number]

export const categories = [
  'identity',
  'cohort-status',
  'address',
  'offence-history',
  'arrest-disposal',
  'police-intel',
  'partner-intel',
  'prison-intel',
  'court-result',
  'oasys',
  'ogrs',
  'asset',
  'selection-score',
  'stat-compliance',
  'engagement',
  'interventions-plan',
  'drug-treatment',
  'health-mental',
  'accommodation',
  'ete',
  'licence-conditions',
  'custody-release',
  'recall',
  'victim-witness',
  'safeguarding',
  'conf-papers',
  'conf-minutes',
  'mappa',
  'marac',
  'mash-results',
  'visor-pointer',
  'mash-form-of-words',
  'disclosure-text',
  'consent-record',
  'disclosure-register',
  'aggregate',
] as const
export type Category = (typeof categories)[number]

export const purposes = [
  'prevent-detect',
  'execute-penalty',
  'risk-management',
  'recall',
  'selection',
  'custody-safety',
  'mappa',
  'emergency-life',
  'safeguarding',
  'rehab-support',
  'accommodation',
  'community-reassurance',
  'audit-ig',
  'rights-request',
  'foi',
  'performance',
] as const
export type Purpose = (typeof purposes)[number]

export const legalGateways = [
  'dpa35-task',
  'dpa35-consent',
  'dpa36-3',
  'dpa36-4-authorised',
  'cda115',
  'cda17a',
  'cda39',
  'cja325',
  'oma14',
  'pcsc16',
  'children-act',
  'police-common-law',
  'vital-interests',
  'court-order',
  'gdpr-6-1-e',
  'gdpr-6-1-ea',
  'gdpr-6-1-a',
] as const
export type LegalGateway = (typeof legalGateways)[number]

/** DPA 2018 Schedule 8 conditions, UK GDPR Article 9(2) points and DPA Schedule 1 conditions an agreement may rest on. */
export const sensitiveConditions = [
  'sch8-1',
  'sch8-2',
  'sch8-3',
  'sch8-4',
  'sch8-5',
  'sch8-6',
  'sch8-7',
  'sch8-8',
  'sch8-9',
  'gdpr-art9-c',
  'gdpr-art9-g',
  'gdpr-art9-h',
  'sch1-2',
  'sch1-6',
  'sch1-10',
  'sch1-18',
] as const
export type SensitiveCondition = (typeof sensitiveConditions)[number]

export const consentStates = [
  'not-sought',
  'pending',
  'given',
  'given-limited',
  'refused',
  'withdrawn',
  'expired',
  'superseded',
  'no-capacity',
  'invalid',
] as const
export type ConsentState = (typeof consentStates)[number]

export const capacityBases = ['adult-presumed', 'young-16-17', 'gillick', 'parental', 'mca-assessed-lacks'] as const
export type CapacityBasis = (typeof capacityBases)[number]

export const cohorts = ['ppo', 'iom', 'dyo'] as const
export type Cohort = (typeof cohorts)[number]

export const strands = ['catch-and-control', 'prevent-and-deter', 'rehabilitate-and-resettle'] as const
export type Strand = (typeof strands)[number]

export const ageBands = ['adult', 'juvenile'] as const
export type AgeBand = (typeof ageBands)[number]

export const identifierKinds = ['pnc-id', 'cro', 'prison-number', 'crn', 'yos-number', 'dip-number', 'provider-number'] as const
export type IdentifierKind = (typeof identifierKinds)[number]

/** Government Security Classifications in use, then the legacy protective markings that older papers still carry. */
export const markings = ['official', 'official-sensitive', 'npm', 'protect', 'restricted', 'confidential', 'secret', 'top-secret'] as const
export type Marking = (typeof markings)[number]

export const foiLabels = [
  'foia-30-1-b',
  'foia-30-1-a',
  'foia-30-2',
  'foia-31',
  'foia-32',
  'foia-38',
  'foia-40-1',
  'foia-40-2',
  'foia-41',
] as const
export type FoiLabel = (typeof foiLabels)[number]

export const obligations = [
  'mark',
  'no-copy',
  'no-onward',
  'named-recipient',
  'expires-at',
  'return-or-destroy',
  'store-restricted',
  'form-of-words-only',
  'verbal-only',
  'not-to-subject',
  'consult-originator',
  'action-before-use',
  'opinion-flag',
  'stale',
  'child',
  'spent',
  'report-back',
  'confidentiality-undertaking',
] as const
export type Obligation = (typeof obligations)[number]

export const effects = ['permit', 'permit-obligations', 'permit-redacted', 'deny', 'deny-ncnd', 'refer'] as const
export type Effect = (typeof effects)[number]

export const outboundTypes = ['share', 'disclose'] as const
export type OutboundType = (typeof outboundTypes)[number]

export const agreementStates = [
  'draft',
  'signing',
  'in-force',
  'review-overdue',
  'suspended',
  'terminated',
  'lapsed',
  'replaced',
  'not-started',
] as const
export type AgreementState = (typeof agreementStates)[number]

export const logEvents = [
  'collection',
  'alteration',
  'consultation',
  'disclosure',
  'combination',
  'erasure',
  'access-denied',
  'auth-failure',
  'isa-changed',
  'consent-changed',
  'strand-changed',
  'delegation-changed',
  'acknowledged',
  'permission-decided',
  'emergency-opened',
  'emergency-reviewed',
  'log-queried',
  'log-exported',
  'integrity-checked',
  'policy-changed',
  'correction-notified',
  'rights-request',
  'foi-request',
  'not-delivered',
  'intent',
  'breach-recorded',
] as const
export type LogEvent = (typeof logEvents)[number]

export const reasonCodes = [
  'log-unavailable',
  'auth',
  'agency-inactive',
  'user-inactive',
  'user-not-vetted',
  'request-incomplete',
  'ncnd',
  'subject-scope',
  'pdp-excluded',
  'scheme-scope',
  'scheme-unsigned',
  'isa-none',
  'isa-not-started',
  'isa-lapsed',
  'isa-suspended',
  'isa-party-unsigned',
  'isa-category',
  'isa-purpose',
  'prison-mou',
  'legal-gateway',
  'purpose-incompatible',
  'need-to-know',
  'consent-absent',
  'consent-refused',
  'consent-withdrawn',
  'consent-expired',
  'consent-scope',
  'consent-invalid',
  'child',
  'sensitive-condition',
  'no-policy-doc',
  'handling-code',
  'originator',
  'marking',
  'restricted-processing',
  'not-attendee',
  'not-acknowledged',
  'copy-prohibited',
  'chair-none',
  'chair-refused',
  'chair-part',
  'chair-expired',
  'chair-revoked',
  'self-approval',
  'delegation',
  'risk-assessment',
  'formal-consent',
  'form-of-words',
  'foi-label',
  'foi-route',
  'foi-exemption',
  'not-lead',
  'custody-strand',
  'juvenile-ppo-closed',
  'conference-ref',
  'evidence',
  'provider-unnamed',
  'automated-decision',
  'emergency-scope',
  'emergency-suspended',
  'address-unstable',
  'recall-authority',
  'police-exchange',
  'separation-of-duties',
  'log-purpose',
  'isa-cohort',
  'isa-age-band',
  'isa-review',
  'isa-terminated',
  'source-identity',
  'third-party',
  'field-not-in-agreement',
  'views-missing',
  'cohort-criteria',
  'deselection-criteria',
  'review-date',
  'release-point',
  'onward',
  'default',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

export const strandTriggers = [
  'arrest-disposal',
  'police-intel',
  'partner-intel',
  'non-compliance-ra',
  'non-compliance-rob',
  'non-compliance-drr',
  'attitude-attendance',
  'engaging-well',
  'consent-refused',
  'consent-restored',
  'custody-entry',
  'release',
  'age-18',
  'conference-decision',
] as const
export type StrandTrigger = (typeof strandTriggers)[number]

export const evidenceKinds = [
  'arrest-disposal',
  'police-intel',
  'partner-intel',
  'non-compliance-ra',
  'non-compliance-rob',
  'non-compliance-drr',
  'attitude-attendance',
  'engagement',
] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** Where a person is, as a prison, a court or the police say it. Which of them are custody and which release stands in the change rules. */
export const custodyStatuses = [
  'remand',
  'sentenced',
  'recalled',
  'rotl',
  'returned-from-rotl',
  'police-cells',
  'licence',
  'hdc',
  'unconditional-release',
  'bail',
] as const
export type CustodyStatus = (typeof custodyStatuses)[number]

export const conferenceKinds = [
  'case-conference',
  'dyo-conference',
  'mappa-meeting',
  'marac',
  'mash',
  'cross-unit-risk',
  'dmm',
  'operational-group',
] as const
export type ConferenceKind = (typeof conferenceKinds)[number]

/** The part somebody has in a meeting, and how they stood to it on the day (Case Conferencing Guidance 2009, aide memoire). */
export const meetingParts = ['chair', 'deputy-acting', 'core-member', 'invited', 'minute-taker', 'spoc'] as const
export type MeetingPart = (typeof meetingParts)[number]
export const attendanceStates = ['attended', 'apologies', 'invited-absent', 'excluded'] as const
export type AttendanceState = (typeof attendanceStates)[number]

/** The one standard form set of a meeting (Case Conferencing Guidance 2009, 1.3 b2 and b11). */
export const paperForms = ['minutes', 'interventions-plan', 'review'] as const
export type PaperForm = (typeof paperForms)[number]

/** Grounds of Article 8(2) of the Convention; which of them a conference may rest on stands in the change rules. */
export const article8Grounds = [
  'public-safety',
  'crime-disorder',
  'health-morals',
  'rights-others',
  'national-security',
  'economic-wellbeing',
] as const
export type Article8Ground = (typeof article8Grounds)[number]

/** What a chair may let somebody do in the chair's place. */
export const delegatedActs = ['chair-meeting', 'decide-disclosure', 'revoke-permission', 'exclude-attendee', 'read-papers'] as const
export type DelegatedAct = (typeof delegatedActs)[number]

export const recallTiers = ['24h', '2h'] as const
export type RecallTier = (typeof recallTiers)[number]

/** DS1 to DS6 of the national guidance, in its order (Offender Management Update 2009, 5.2). */
export const deselectReasons = [
  'stopped-offending',
  'moved-area',
  'significant-custody',
  'regular-review',
  'two-year-review',
  'high-risk-of-harm',
] as const
export type DeselectReason = (typeof deselectReasons)[number]

/** What may wait for a person or an agency. A task asks; it changes nothing that the gateway decides on. */
export const taskKinds = [
  'nomination-matching',
  'police-strand-decision',
  'strand-return-review',
  'strand-acceptance',
  'strand-recording',
  'strand-after-release',
  'lead-after-release',
  'evidence-acceptance',
  'case-review',
  'next-agenda',
  'review-due',
  'review-overdue',
  'pre-release-planning',
  'prison-assessment',
  'quarterly-list-review',
  'ppo-two-year-review',
  'no-activity-candidate',
  'comes-of-age',
  'agreement-expiry',
  'agreement-review',
  'consent-expiry',
  'transfer-acceptance',
  'score-only-report',
  'mappa-referral',
  'recall-report',
  'correction-acknowledgement',
  'mi-case-difference',
  'misuse-review',
  'emergency-triage',
  'emergency-decision',
  'breach-assessment',
  'rights-request',
  'deselection-reconsidering',
  'prosecution-intelligence',
  'foi-request',
  'foi-consultation',
  'disclosure-decision',
  'disclosure-information',
] as const
export type TaskKind = (typeof taskKinds)[number]

/** What an agency's feed may tell of. */
export const eventKinds = [
  'nominated',
  'registered',
  'reviewed',
  'de-selected',
  'transfer-proposed',
  'transferred',
  'consent-changed',
  'evidence-added',
  'strand-changed',
  'lead-changed',
  'custody-entered',
  'released',
  'recalled',
  'corrected',
  'restricted',
  'task-opened',
  'task-overdue',
  'emergency-opened',
  'emergency-reviewed',
  'breach-recorded',
  'mi-case-differs',
  'court-result',
  'prosecution-intelligence',
] as const
export type EventKind = (typeof eventKinds)[number]

/** Which data protection regime a purpose falls under: DPA 2018 Part 3, or the UK GDPR with Part 2. */
export const purposeRegimes: Record<Purpose, 'law-enforcement' | 'general' | 'either'> = {
  'prevent-detect': 'law-enforcement',
  'execute-penalty': 'law-enforcement',
  'risk-management': 'law-enforcement',
  recall: 'law-enforcement',
  selection: 'law-enforcement',
  'custody-safety': 'law-enforcement',
  mappa: 'law-enforcement',
  'emergency-life': 'either',
  safeguarding: 'either',
  'rehab-support': 'general',
  accommodation: 'general',
  'community-reassurance': 'general',
  'audit-ig': 'general',
  'rights-request': 'general',
  foi: 'general',
  performance: 'general',
}
