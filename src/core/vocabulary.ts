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
