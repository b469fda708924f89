import { ageBands, agencyKinds, categories, cohorts, consentStates, legalGateways, markings, purposes, strands } from './vocabulary.ts'

const orUnknown = <const T extends readonly string[]>(values: T) => [...values, 'unknown'] as const
const yesNo = ['yes', 'no', 'unknown'] as const

/** How an agreement stands for a recipient: the best that any version offers, or the nearest thing that is missing. */
export const agreementStandings = [
  'own',
  'in-force',
  'review-grace',
  'review-overdue',
  'suspended',
  'party-unsigned',
  'not-started',
  'lapsed',
  'terminated',
  'age-band',
  'cohort',
  'purpose',
  'category',
  'none',
  'unknown',
] as const
export type AgreementStanding = (typeof agreementStandings)[number]

/** What ties the named person to the case, strongest first (Case Conferencing Guidance 2009, 1.3 b10; Scrutiny Board 1.14, 1.22). */
export const relationships = [
  'lead-case-manager',
  'case-manager',
  'intervention-owner',
  'attendee',
  'core-member',
  'nominating-agency',
  'intel-officer',
  'hub-coordinator',
  'prison-reception',
  'neighbourhood-officer',
  'area-commander',
  'none',
  'unknown',
] as const
export type Relationship = (typeof relationships)[number]

/**
 * Every attribute that a release rule may read, with all the values it may have. Facts are total: what is not known is
 * `unknown`, never a missing key, because a forbidding rule whose attribute is missing would not fire.
 */
export const factVocabulary = {
  actor: ['person', 'system'],
  callerKind: orUnknown(agencyKinds),
  callerAgency: ['active', 'inactive', 'unknown'],
  callerClient: ['active', 'inactive', 'unknown'],
  callerPerson: ['active', 'inactive', 'unknown'],
  /** Vetted and trained to read intelligence, by a dated record of the person's own agency. */
  intelligenceVetting: yesNo,
  visorTraining: yesNo,
  /** The highest marking that the recipient agency and this channel may carry. */
  clearance: ['official', 'official-sensitive', 'unknown'],

  request: ['complete', 'purpose-missing', 'legal-gateway-missing', 'justification-missing', 'unknown'],
  purpose: orUnknown(purposes),
  purposeRegime: ['law-enforcement', 'general', 'either', 'unknown'],
  legalGateway: orUnknown(legalGateways),
  bestInterests: ['noted', 'not-noted'],
  category: categories,

  /** Does any agreement in force let this recipient have the category for the purpose, from whomever. */
  anyAgreement: agreementStandings,

  /** `closed`: no longer in the cohort. `none`: a matter of a meeting that is about nobody. */
  subject: ['cohort', 'pdp', 'no-basis', 'closed', 'none', 'unknown'],
  route: ['established', 'none'],
  cohort: orUnknown(cohorts),
  ageBand: orUnknown(ageBands),
  statutory: yesNo,
  strand: orUnknown(strands),
  custody: yesNo,
  /** Whether the case's next review is still in time; `exempt`: longer-term custody. */
  review: ['current', 'overdue', 'exempt', 'unknown'],

  scheme: ['none', 'mappa', 'marac', 'mash', 'visor'],
  schemeMembership: ['member', 'not-member', 'unknown'],

  supplierKind: orUnknown(agencyKinds),
  recipientStanding: ['partner', 'outside', 'unknown'],
  dataRegime: ['law-enforcement', 'general', 'unknown'],
  authorisingLaw: ['named', 'not-named'],
  agreement: agreementStandings,
  agreementGateway: ['listed', 'not-listed', 'own', 'unknown'],
  prisonMemorandum: ['in-force', 'none', 'not-needed', 'unknown'],
  relationship: relationships,
  processing: ['unrestricted', 'restricted', 'unknown'],

  consentDependency: ['none', 'unless-statutory', 'always', 'unknown'],
  consent: orUnknown(consentStates),
  consentScope: ['covers', 'outside', 'unknown'],

  sensitivity: ['none', 'criminal-offence', 'special-category', 'unknown'],
  /** `own`: the agency's own record, which no agreement has to justify. */
  sensitiveCondition: ['cited', 'own', 'not-cited', 'unknown'],
  policyDocument: ['live', 'own', 'none', 'unknown'],

  /** `not-fetched` at the first look, when only the categories are weighed; `fetched` when an item is about to leave. */
  item: ['fetched', 'not-fetched'],
  itemMarking: orUnknown(markings),
  itemProcessing: ['unrestricted', 'restricted', 'unknown'],
  sourceGrade: ['1', '2', '3', 'not-graded', 'unknown'],
  intelligenceGrade: ['a', 'b', 'c', 'd', 'e', 'not-graded', 'unknown'],
  handling: ['p', 'c', 'not-graded', 'unknown'],
  originatorConsulted: ['yes', 'no', 'not-needed', 'unknown'],
  /** The unit that let a piece of intelligence out; `none`: nobody did. */
  releasePoint: ['biu', 'piu', 'none', 'not-graded', 'unknown'],
  collectedOnConsent: yesNo,

  /** How the person stood to the meeting whose paper is read; `unknown` wherever no meeting is named. */
  attendance: ['attended', 'acting-chair', 'own-action', 'not-attended', 'unknown'],
  /** Of that meeting's own version of the confidentiality statement. */
  acknowledgement: ['acknowledged', 'not-acknowledged', 'unknown'],
  manner: ['view', 'print', 'copy', 'export', 'unknown'],
  /** Whether the chair let this person take a copy. */
  copyPermission: ['granted', 'none', 'unknown'],

  /** How the chair's permission stands that is relied on; `unknown` wherever none is (R23). */
  permission: ['active', 'none', 'refused', 'part', 'expired', 'revoked', 'unknown'],
  /** Do the terms under which the discloser holds it let it go beyond the partnership (R8)? */
  onward: ['allowed', 'not-allowed', 'unknown'],
  riskAssessment: ['recorded', 'none', 'unknown'],
  /** A consent on evidence that names this very recipient (R24). */
  formalConsent: ['given', 'none', 'unknown'],
  /** Only words that were agreed for this recipient leave, not the paragraphs themselves (R24). */
  words: ['agreed', 'none', 'unknown'],
  /** Of a product of several agencies: did each accept this very text (R25)? */
  contributors: ['all-agreed', 'not-agreed', 'not-needed', 'unknown'],
  /** Of a meeting that all who are to be there must have signed for (R7). */
  participants: ['all-signed', 'not-signed', 'not-needed', 'unknown'],
} as const satisfies Record<string, readonly string[]>

export type FactName = keyof typeof factVocabulary
export type Facts = { readonly [Name in FactName]: (typeof factVocabulary)[Name][number] }
export const factNames = Object.keys(factVocabulary) as FactName[]
