import {
  agreementStanding,
  type AgreementAnswer,
  policyDocumentLapsesAt,
  policyDocumentLive,
  prisonMemorandum,
  prisonMemorandumLapsesAt,
} from '../agreements/agreement.ts'
import type { CategoryDefinition } from '../decision/category.ts'
import { comesOfAgeAt, type ConsentAnswer, consentFor } from './consent.ts'
import type { Facts } from '../facts.ts'
import { reviewLapsesAt, reviewStanding } from '../casework/due-dates.ts'
import { ageOn, londonDay } from '../london.ts'
import { recipientStandingOf } from './recipient-standing.ts'
import { relationshipTo, type Tie } from './relationship.ts'
import type { Ask, CategoryAsk, Standing, Subject, Supplier } from '../snapshot.ts'
import { purposeRegimes } from '../vocabulary.ts'

/** Everything one enquiry is decided on, read at one instant. */
export interface CaseFile {
  readonly standing: Standing
  readonly subject: Subject | null
  readonly ask: Ask
  /** The database's clock when the facts were read. */
  readonly at: Date
}

type BaseFacts = Pick<
  Facts,
  | 'actor'
  | 'callerKind'
  | 'callerAgency'
  | 'callerClient'
  | 'callerPerson'
  | 'intelligenceVetting'
  | 'visorTraining'
  | 'clearance'
  | 'purpose'
  | 'purposeRegime'
  | 'subject'
  | 'route'
  | 'cohort'
  | 'ageBand'
  | 'statutory'
  | 'strand'
  | 'custody'
  | 'review'
  | 'recipientStanding'
  | 'relationship'
  | 'processing'
>

/** The facts that all the categories of one enquiry share. */
export interface CaseFacts {
  readonly file: CaseFile
  readonly base: BaseFacts
  readonly tie: Tie
  /** The 18th birthday ahead, when the age band changes by itself; null when it is behind or unknown. */
  readonly comesOfAgeAt: Date | null
  /** The midnight after which the review is overdue; null when it is already, or never. */
  readonly reviewLapsesAt: Date | null
}

/** The facts of one category from one supplier, and what they rest on. */
export interface CategoryFacts {
  readonly facts: Facts
  readonly supplier: Supplier | null
  readonly agreement: AgreementAnswer
  readonly consentEventId: string | null
  /** Narrower than the category where the agreement says so; null: every field. */
  readonly agreementFields: readonly string[] | null
  readonly lapses: readonly Date[]
}

export const yesNo = (value: boolean | null): 'yes' | 'no' | 'unknown' => (value === null ? 'unknown' : value ? 'yes' : 'no')

export const caseFactsOf = (file: CaseFile): CaseFacts => {
  const { standing, subject, ask, at } = file
  const person = standing.person
  const tie = relationshipTo(standing, subject, at)
  return {
    file,
    tie,
    comesOfAgeAt: comesOfAgeAt(subject?.bornOn ?? null, at),
    reviewLapsesAt: subject === null ? null : reviewLapsesAt(subject, londonDay(at)),
    base: {
      actor: person === null ? 'system' : 'person',
      callerKind: standing.agency.kind,
      callerAgency: standing.agency.active ? 'active' : 'inactive',
      callerClient: standing.clientActive ? 'active' : 'inactive',
      callerPerson: person === null ? 'unknown' : person.active ? 'active' : 'inactive',
      intelligenceVetting: person === null ? 'unknown' : yesNo(person.intelligenceVetted),
      visorTraining: person === null ? 'unknown' : yesNo(person.visorTrained),
      clearance: standing.agency.clearance,
      purpose: ask.purpose ?? 'unknown',
      purposeRegime: purposeRegimeOf(ask, standing),
      subject: subject === null ? 'unknown' : subject.basis,
      route: tie.relationship === 'none' || tie.relationship === 'unknown' ? 'none' : 'established',
      cohort: subject?.cohort ?? 'unknown',
      ageBand: subject?.bornOn ? (ageOn(subject.bornOn, londonDay(at)) < 18 ? 'juvenile' : 'adult') : 'unknown',
      statutory: yesNo(subject?.statutory ?? null),
      strand: subject?.strand ?? 'unknown',
      custody: subject === null ? 'unknown' : yesNo(subject.custodyAgencyId !== null),
      review: subject === null ? 'unknown' : reviewStanding(subject, londonDay(at)),
      recipientStanding: recipientStandingOf(standing, at),
      relationship: tie.relationship,
      processing: subject === null ? 'unknown' : subject.processingRestricted ? 'restricted' : 'unrestricted',
    },
  }
}

/** "PUR_EMERGENCY_LIFE" is law enforcement where a competent authority acts, and either where anybody else does (R9). */
const purposeRegimeOf = (ask: Ask, { agency }: Standing): Facts['purposeRegime'] => {
  if (ask.emergency !== undefined && agency.regime === 'law-enforcement') return 'law-enforcement'
  return ask.purpose === null ? 'unknown' : purposeRegimes[ask.purpose]
}

const requestFact = (ask: Ask, category: CategoryAsk): Facts['request'] => {
  if (ask.purpose === null) return 'purpose-missing'
  if ((category.legalGateway ?? ask.legalGateway) === null) return 'legal-gateway-missing'
  // Policy, not statute, since the Data (Use and Access) Act 2025 s.82: accountability still wants a reason in words.
  if (ask.justification === null || ask.justification.trim().length < 3) return 'justification-missing'
  return 'complete'
}

/** What every request is that names no meeting: nobody attended it. */
const noMeeting = { attendance: 'unknown', acknowledgement: 'unknown', manner: 'view', copyPermission: 'none' } as const

/** What every request is that relies on no permission of a chair. */
const noPermission = {
  permission: 'unknown',
  onward: 'unknown',
  riskAssessment: 'unknown',
  formalConsent: 'unknown',
  words: 'unknown',
  contributors: 'unknown',
  participants: 'unknown',
} as const

/** What a category is at the first look, when nothing was fetched of it yet. */
export const notAnItem = {
  item: 'not-fetched',
  itemMarking: 'unknown',
  itemProcessing: 'unknown',
  sourceGrade: 'unknown',
  intelligenceGrade: 'unknown',
  handling: 'unknown',
  originatorConsulted: 'unknown',
  releasePoint: 'unknown',
  collectedOnConsent: 'unknown',
} as const

/**
 * The facts of one category. `supplier` null means that nobody who may be asked holds the category for the person: the
 * decision then rests on the limb that does not depend on the person, so that nothing is said of what is held.
 */
export const categoryFactsOf = (
  caseFacts: CaseFacts,
  category: CategoryAsk,
  about: { readonly definition: CategoryDefinition; readonly supplier: Supplier | null; readonly ownSupplies: boolean },
  // eslint-disable-next-line max-lines-per-function -- a table: one line for each fact
): CategoryFacts => {
  const { standing, subject, ask, at } = caseFacts.file
  const { definition, supplier, ownSupplies } = about
  const base = caseFacts.base
  const gateway = category.legalGateway ?? ask.legalGateway
  const { anybody, agreement } = agreementsOf(caseFacts, category, { supplier, ownSupplies })
  const consent = consentOf(caseFacts, category)
  const documented = agreement.version !== null && policyDocumentLive(agreement.version, at)
  const memorandum = { establishment: supplier?.agencyId ?? '', recipient: standing.agency.id, at }
  const isOwn = agreement.standing === 'own'
  const facts: Facts = {
    ...base,
    request: requestFact(ask, category),
    legalGateway: gateway ?? 'unknown',
    bestInterests: (category.bestInterestsNote ?? '').trim().length >= 3 ? 'noted' : 'not-noted',
    category: category.id,
    anyAgreement: anybody.standing,
    scheme: definition.scheme,
    schemeMembership: definition.scheme === 'none' || standing.agency.schemes.includes(definition.scheme) ? 'member' : 'not-member',
    supplierKind: supplier?.kind ?? 'unknown',
    // Data that a competent authority holds stay law enforcement data in whoever's category (DPA 2018 s.36(4)).
    dataRegime: supplier?.regime === 'law-enforcement' ? 'law-enforcement' : definition.dataRegime,
    authorisingLaw: agreement.grant?.authorisingLaw === undefined ? 'not-named' : 'named',
    agreement: agreement.standing,
    agreementGateway: isOwn
      ? 'own'
      : gateway !== null && agreement.grant?.legalGateways.includes(gateway) === true
        ? 'listed'
        : 'not-listed',
    prisonMemorandum:
      (supplier?.kind !== 'prison' && category.id !== 'prison-intel') || isOwn
        ? 'not-needed'
        : prisonMemorandum(standing.agreements, memorandum),
    consentDependency: definition.consent,
    consent: subject === null ? 'unknown' : consent.state,
    consentScope: subject === null ? 'unknown' : consent.scope,
    sensitivity: definition.sensitivity,
    sensitiveCondition: isOwn ? 'own' : (agreement.grant?.sensitiveConditions.length ?? 0) > 0 ? 'cited' : 'not-cited',
    policyDocument: isOwn ? 'own' : documented ? 'live' : 'none',
    ...(ask.emergency === undefined ? {} : sensitiveInEmergency(ask.emergency)),
    ...notAnItem,
    ...noMeeting,
    ...noPermission,
  }
  return {
    facts: Object.freeze(facts),
    supplier,
    agreement,
    consentEventId: consent.eventId,
    agreementFields: agreement.grant?.categories.find((entry) => entry.id === category.id)?.fields ?? null,
    lapses: lapsesOf([
      agreement.lapsesAt,
      caseFacts.tie.lapsesAt,
      agreement.version === null ? null : policyDocumentLapsesAt(agreement.version, at),
      supplier?.kind === 'prison' ? prisonMemorandumLapsesAt(standing.agreements, memorandum) : null,
      consent.lapsesAt,
      caseFacts.comesOfAgeAt,
      ...(standing.endsAt ?? []),
      caseFacts.reviewLapsesAt,
      ask.emergency?.endsAt ?? null,
    ]),
  }
}

/** In an emergency the condition is the asker's to cite, and the document the partnership's own (R17, R38). */
const sensitiveInEmergency = ({ condition, policyDocument }: NonNullable<Ask['emergency']>) =>
  ({ sensitiveCondition: condition === null ? 'not-cited' : 'cited', policyDocument }) as const

/** The limb that does not depend on the person, and the agreement with the actual supplier. */
const agreementsOf = (
  caseFacts: CaseFacts,
  category: CategoryAsk,
  { supplier, ownSupplies }: { readonly supplier: Supplier | null; readonly ownSupplies: boolean },
): { anybody: AgreementAnswer; agreement: AgreementAnswer } => {
  const { standing, ask, at } = caseFacts.file
  // What gave way in an emergency is not relied on either: the entry names no agreement.
  if (ask.purpose === null || ask.emergency !== undefined) return { anybody: undecided, agreement: undecided }
  const question = {
    recipient: standing.agency.id,
    category: category.id,
    purpose: ask.purpose,
    legalGateway: category.legalGateway ?? ask.legalGateway,
    at,
  }
  const anybody = ownSupplies ? own : agreementStanding(standing.agreements, question)
  if (supplier === null) return { anybody, agreement: anybody }
  const { cohort, ageBand } = caseFacts.base
  const agreement = agreementStanding(standing.agreements, {
    ...question,
    supplier: supplier.agencyId,
    cohort: cohort === 'unknown' ? null : cohort,
    ageBand: ageBand === 'unknown' ? null : ageBand,
  })
  return { anybody, agreement }
}

const consentOf = (caseFacts: CaseFacts, category: CategoryAsk): ConsentAnswer => {
  const { standing, subject, ask, at } = caseFacts.file
  if (subject === null || ask.purpose === null) return { state: 'not-sought', scope: 'unknown', eventId: null, lapsesAt: null }
  return consentFor(subject.consentEvents, {
    offenderId: subject.offenderId,
    category: category.id,
    recipient: standing.agency.id,
    purpose: ask.purpose,
    bornOn: subject.bornOn,
    at,
  })
}

const undecided: AgreementAnswer = { standing: 'unknown', version: null, grant: null, lapsesAt: null }
const own: AgreementAnswer = { standing: 'own', version: null, grant: null, lapsesAt: null }

const lapsesOf = (instants: readonly (Date | null)[]): readonly Date[] => instants.filter((instant) => instant !== null)
