import { agreementStanding, policyDocumentLapsesAt, policyDocumentLive, prisonMemorandum } from '../agreements/agreement.ts'
import { caseFactsOf, type CategoryFacts, categoryFactsOf } from '../case/derive-facts.ts'
import { type PaperQuestion, paperFactsOf } from '../conference/meeting-facts.ts'
import type { CategoryDefinition } from '../decision/category.ts'
import type { Facts } from '../facts.ts'
import type { AgreementVersion } from '../snapshot.ts'
import { formalConsentOf } from './formal-consent.ts'

/** What the chair's permission adds to the facts of a paper. */
export type PermissionFacts = Pick<Facts, 'permission' | 'riskAssessment' | 'words' | 'contributors' | 'participants'>

/** Who it is to be told to, what for and by whom: the same for what was said at a meeting and for what a record holds. */
export interface PermittedQuestion extends Pick<PaperQuestion, 'standing' | 'subject' | 'originator' | 'ask' | 'category' | 'at'> {
  readonly permission: PermissionFacts
  /** Who lets it out, with its agreements: where the recipient is no partner, these are what it is held under (R8). */
  readonly discloser: { readonly agencyId: string; readonly agreements: readonly AgreementVersion[] }
  readonly expiresAt: Date | null
}

export type PermissionQuestion = PaperQuestion & PermittedQuestion

/** A part of the person's shared record instead of a paper, with the scheme of the meeting whose chair permits it. */
export interface RecordQuestion extends PermittedQuestion {
  readonly definition: CategoryDefinition
  readonly scheme: Facts['scheme']
}

/**
 * The facts of a release under a permission. Towards a partner they are those of any paper. Towards anybody else "R23 replaces the limb
 * of the parties": the discloser must itself hold the item under an agreement in force whose onward terms let it go.
 */
export const permissionFactsOf = (question: PermissionQuestion): CategoryFacts => withPermission(question, paperFactsOf(question))

/**
 * The facts of a part of the record under a permission: those of an enquiry by whoever is to have it. What a scheme's meeting lets out
 * stays inside that scheme as well.
 */
export const permittedRecordFacts = (question: RecordQuestion): CategoryFacts => {
  const { standing, subject, ask, category, definition, originator, at } = question
  const ownSupplies = originator?.agencyId === standing.agency.id
  const about = categoryFactsOf(caseFactsOf({ standing, subject, ask, at }), category, { definition, supplier: originator, ownSupplies })
  const scheme = definition.scheme === 'none' ? question.scheme : definition.scheme
  const schemeMembership = scheme === 'none' || standing.agency.schemes.includes(scheme) ? 'member' : 'not-member'
  return withPermission(question, { ...about, facts: Object.freeze({ ...about.facts, scheme, schemeMembership }) })
}

const withPermission = (question: PermittedQuestion, paper: CategoryFacts): CategoryFacts => {
  const outside = paper.facts.recipientStanding !== 'partner'
  const held = outside ? heldByDiscloser(question, paper) : paper
  const { standing, subject, ask, category, at } = question
  const formalConsent = formalConsentOf(subject, { category: category.id, recipient: standing.agency.id, purpose: ask.purpose, at })
  const facts: Facts = { ...held.facts, ...question.permission, formalConsent }
  const lapses = question.expiresAt === null ? held.lapses : [...held.lapses, question.expiresAt]
  return { ...held, facts: Object.freeze(facts), lapses }
}

const heldByDiscloser = (question: PermittedQuestion, paper: CategoryFacts): CategoryFacts => {
  const { discloser, originator, ask, category, at } = question
  const { cohort, ageBand } = paper.facts
  const legalGateway = category.legalGateway ?? ask.legalGateway
  const asked = { recipient: discloser.agencyId, category: category.id, purpose: ask.purpose, legalGateway, at }
  const supplier = originator === null || originator.agencyId === discloser.agencyId ? {} : { supplier: originator.agencyId }
  const agreement = agreementStanding(discloser.agreements, {
    ...{ ...asked, ...supplier },
    cohort: cohort === 'unknown' ? null : cohort,
    ageBand: ageBand === 'unknown' ? null : ageBand,
  })
  const { grant, version, standing } = agreement
  const memorandum = { establishment: originator?.agencyId ?? '', recipient: discloser.agencyId, at }
  const facts: Facts = {
    ...paper.facts,
    ...{ anyAgreement: standing, agreement: standing },
    agreementGateway: legalGateway !== null && grant?.legalGateways.includes(legalGateway) === true ? 'listed' : 'not-listed',
    authorisingLaw: grant?.authorisingLaw === undefined ? 'not-named' : 'named',
    sensitiveCondition: (grant?.sensitiveConditions.length ?? 0) > 0 ? 'cited' : 'not-cited',
    policyDocument: version !== null && policyDocumentLive(version, at) ? 'live' : 'none',
    prisonMemorandum: originator?.kind === 'prison' ? prisonMemorandum(discloser.agreements, memorandum) : 'not-needed',
    onward: grant?.onward === 'with-chair-permission' ? 'allowed' : 'not-allowed',
  }
  const ends = [agreement.lapsesAt, version === null ? null : policyDocumentLapsesAt(version, at)].filter((end) => end !== null)
  const agreementFields = grant?.categories.find((entry) => entry.id === category.id)?.fields ?? null
  return { ...paper, facts, agreement, agreementFields, lapses: [...paper.lapses, ...ends] }
}
