import type { Facts } from '../facts.ts'
import { type Category, type Purpose, purposeRegimes } from '../vocabulary.ts'
import type { CategoryDefinition } from './category.ts'

/** Whom and what a category is usually asked for, where a probation officer managing risk would not be the one. */
const usual: Partial<Record<Category, Partial<Facts>>> = {
  asset: { callerKind: 'police' },
  'disclosure-register': { purpose: 'audit-ig' },
  aggregate: { purpose: 'performance', legalGateway: 'cda17a' },
}

const supplierOf = (definition: CategoryDefinition): Facts['supplierKind'] =>
  definition.owner === 'lead' ? 'police' : (definition.owner[0] ?? 'unknown')

const grades = (graded: boolean): Pick<Facts, 'sourceGrade' | 'intelligenceGrade' | 'handling'> =>
  graded
    ? { sourceGrade: '1', intelligenceGrade: 'a', handling: 'p' }
    : { sourceGrade: 'not-graded', intelligenceGrade: 'not-graded', handling: 'not-graded' }

/**
 * A request with nothing wrong with it, for an item about to leave: what each row of a decision table, and each made-up case, varies. How
 * the category is owned, graded and bound to consent the definition says, so that other rules make another case of the same words.
 */
// eslint-disable-next-line max-lines-per-function -- a table: one line for each fact
export const plainCase = (definition: CategoryDefinition, changed: Partial<Facts> = {}): Facts => {
  const category = definition.id
  const facts: Facts = {
    actor: 'person',
    callerKind: 'probation',
    callerAgency: 'active',
    callerClient: 'active',
    callerPerson: 'active',
    intelligenceVetting: 'yes',
    visorTraining: 'yes',
    clearance: 'official-sensitive',
    request: 'complete',
    purpose: 'risk-management',
    purposeRegime: 'unknown',
    legalGateway: 'cda115',
    bestInterests: 'not-noted',
    category,
    anyAgreement: 'in-force',
    subject: 'cohort',
    route: 'established',
    cohort: 'ppo',
    ageBand: 'adult',
    statutory: 'yes',
    strand: 'rehabilitate-and-resettle',
    custody: 'no',
    review: 'current',
    scheme: definition.scheme,
    schemeMembership: 'member',
    supplierKind: supplierOf(definition),
    recipientStanding: 'partner',
    dataRegime: definition.dataRegime,
    authorisingLaw: 'not-named',
    agreement: 'in-force',
    agreementGateway: 'listed',
    prisonMemorandum: category === 'prison-intel' ? 'in-force' : 'not-needed',
    relationship: 'lead-case-manager',
    processing: 'unrestricted',
    consentDependency: definition.consent,
    consent: 'given',
    consentScope: 'covers',
    sensitivity: definition.sensitivity,
    sensitiveCondition: 'cited',
    policyDocument: 'live',
    item: 'fetched',
    itemMarking: 'official-sensitive',
    itemProcessing: 'unrestricted',
    ...grades(definition.graded),
    originatorConsulted: 'not-needed',
    releasePoint: category === 'prison-intel' ? 'piu' : category === 'police-intel' ? 'biu' : definition.graded ? 'none' : 'not-graded',
    collectedOnConsent: 'no',
    attendance: 'attended',
    acknowledgement: 'acknowledged',
    manner: 'view',
    copyPermission: 'none',
    permission: 'active',
    onward: 'allowed',
    riskAssessment: 'recorded',
    formalConsent: 'given',
    words: 'none',
    contributors: 'not-needed',
    participants: 'not-needed',
    ...usual[category],
    ...changed,
  }
  return Object.freeze({ ...facts, purposeRegime: changed.purposeRegime ?? regimeOf(facts.purpose) })
}

const regimeOf = (purpose: Purpose | 'unknown'): Facts['purposeRegime'] => (purpose === 'unknown' ? 'unknown' : purposeRegimes[purpose])
