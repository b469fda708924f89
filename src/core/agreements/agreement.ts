import { lifeOf, replacedBy, stateIn, standingIn } from './agreement-life.ts'
import type { AgreementLife } from './agreement-life.ts'
import { agreementStandings } from '../facts.ts'
import type { AgreementStanding } from '../facts.ts'
import { candidatesFor, namesPair } from './agreement-index.ts'
import type { Candidate } from './agreement-index.ts'
import type { AgreementVersion, Grant } from '../snapshot.ts'
import type { AgeBand, AgreementState, Category, Cohort, LegalGateway, Purpose } from '../vocabulary.ts'

export interface AgreementQuestion {
  readonly recipient: string
  readonly category: Category
  /** Null, when the request names none, is covered by no grant. */
  readonly purpose: Purpose | null
  /** Absent: does any agreement let the recipient have it from anybody; then cohort and age band are not tested. */
  readonly supplier?: string
  /** With a supplier, an unknown cohort or age band is not covered by any grant. */
  readonly cohort?: Cohort | null
  readonly ageBand?: AgeBand | null
  /** Of several grants that would do, the one that lists this gateway is taken. */
  readonly legalGateway?: LegalGateway | null
  readonly at: Date
}

export interface AgreementAnswer {
  readonly standing: AgreementStanding
  /** The version that the standing is about: the one relied on, or the nearest. */
  readonly version: AgreementVersion | null
  /** The grant that covers the question; null unless every limb matches, whatever state the version is in. */
  readonly grant: Grant | null
  /** The first instant at which the standing changes by itself; null when it only changes by somebody's act. */
  readonly lapsesAt: Date | null
}

/** The state of a version at an instant (MPA report 2011, para 43: no authority to share but a registered, signed agreement). */
export const agreementState = (version: AgreementVersion, at: Date): AgreementState => stateIn(lifeOf(version), at.getTime())

/** How one version stands by itself (`none` once it is replaced), and when sharing under it ends, any grace for review included. */
export const versionStanding = (
  version: AgreementVersion,
  at: Date,
): { readonly standing: AgreementStanding; readonly endsAt: Date | null } => {
  const life = lifeOf(version)
  return { standing: standingIn(life, at.getTime()), endsAt: dateOf(Math.min(life.closesAt, life.replacedAt, life.graceEndsAt)) }
}

/**
 * The best that any of the versions offers, or the nearest thing that is missing, in the order of `agreementStandings`.
 * `in-force`, `review-grace` and `own` are the only standings to rely on. Versions that are replaced do not count.
 */
export const agreementStanding = (versions: readonly AgreementVersion[], question: AgreementQuestion): AgreementAnswer => {
  if (question.supplier === question.recipient) return nothing('own')
  const at = question.at.getTime()
  let best: Weighed | null = null
  for (const candidate of candidatesFor(versions, question)) {
    if (replacedBy(candidate.life, at)) continue
    const weighed = weigh(candidate, question, at)
    if (best === null || isBetter(weighed, best)) best = weighed
    if (question.supplier === undefined && best.standing === 'in-force') break
  }
  if (best !== null) return answer(best, at)
  return nothing(namesPair(versions, question, at) ? 'category' : 'none')
}

/** Is there a memorandum in force between this establishment and this recipient? "One MoU is needed per prison" (MPA report, para 42). */
export const prisonMemorandum = (
  versions: readonly AgreementVersion[],
  question: { readonly establishment: string; readonly recipient: string; readonly at: Date },
): 'in-force' | 'none' => {
  const at = question.at.getTime()
  const holds = versions.some(
    (version) =>
      version.terms.kind === 'prison-memorandum' &&
      version.terms.parties.includes(question.establishment) &&
      version.terms.parties.includes(question.recipient) &&
      !replacedBy(lifeOf(version), at) &&
      usable(standingIn(lifeOf(version), at)),
  )
  return holds ? 'in-force' : 'none'
}

/** When the memorandum relied on changes by itself; null when there is none in force or it has no end. */
export const prisonMemorandumLapsesAt = (
  versions: readonly AgreementVersion[],
  question: { readonly establishment: string; readonly recipient: string; readonly at: Date },
): Date | null => {
  const lapses = versions
    .filter((version) => prisonMemorandum([version], question) === 'in-force')
    .map((version) => nextChange(lifeOf(version), question.at.getTime()))
  return dateOf(lapses.length === 0 ? Infinity : Math.min(...lapses))
}

/** Is the appropriate policy document that the version rests on in force (DPA 2018 s.42)? Both its days are included. */
export const policyDocumentLive = (version: AgreementVersion, at: Date): boolean => {
  const { documentFrom, documentTo } = lifeOf(version)
  return at.getTime() >= documentFrom && at.getTime() < documentTo
}

/** The first instant at which the live policy document is no longer live; null when it is not live or has no end. */
export const policyDocumentLapsesAt = (version: AgreementVersion, at: Date): Date | null =>
  policyDocumentLive(version, at) ? dateOf(lifeOf(version).documentTo) : null

/** The standings under which sharing may rest on the agreement. */
export const usable = (standing: AgreementStanding): boolean => standing === 'in-force' || standing === 'review-grace' || standing === 'own'

interface Weighed {
  readonly standing: AgreementStanding
  readonly rank: number
  readonly preference: number
  readonly candidate: Candidate
}

const rankOf = new Map(agreementStandings.map((standing, rank) => [standing, rank]))

const weigh = (candidate: Candidate, question: AgreementQuestion, at: number): Weighed => {
  const standing = missingLimb(candidate, question) ?? standingIn(candidate.life, at)
  return { standing, rank: rankOf.get(standing) ?? agreementStandings.length, preference: preferenceOf(candidate, question, at), candidate }
}

const missingLimb = (candidate: Candidate, question: AgreementQuestion): 'purpose' | 'cohort' | 'age-band' | null => {
  if (question.purpose === null || !candidate.purposes.has(question.purpose)) return 'purpose'
  if (question.supplier === undefined) return null
  if (question.cohort == null || !candidate.cohorts.has(question.cohort)) return 'cohort'
  if (question.ageBand == null || !candidate.ageBands.has(question.ageBand)) return 'age-band'
  return null
}

/** Of grants that would all do, the one that answers most of what later rules ask: gateway, named law, policy document, fields. */
const preferenceOf = (candidate: Candidate, question: AgreementQuestion, at: number): number => {
  const { grant, life } = candidate
  const documented = grant.sensitiveConditions.length > 0 && at >= life.documentFrom && at < life.documentTo
  return (
    (question.legalGateway != null && candidate.legalGateways.has(question.legalGateway) ? 8 : 0) +
    (grant.authorisingLaw === undefined ? 0 : 4) +
    (documented ? 2 : 0) +
    (candidate.wholeCategory ? 1 : 0)
  )
}

const isBetter = (one: Weighed, other: Weighed): boolean => {
  if (usable(one.standing) && usable(other.standing)) {
    if (one.preference >> 3 !== other.preference >> 3) return one.preference > other.preference
    if (one.rank !== other.rank) return one.rank < other.rank
    return one.preference > other.preference
  }
  return one.rank !== other.rank ? one.rank < other.rank : one.preference > other.preference
}

const answer = ({ standing, candidate }: Weighed, at: number): AgreementAnswer => {
  const limb = standing === 'purpose' || standing === 'cohort' || standing === 'age-band'
  return {
    standing,
    version: candidate.version,
    grant: limb ? null : candidate.grant,
    lapsesAt: limb ? null : dateOf(nextChange(candidate.life, at)),
  }
}

const nothing = (standing: AgreementStanding): AgreementAnswer => ({ standing, version: null, grant: null, lapsesAt: null })

const nextChange = (life: AgreementLife, at: number): number => {
  const standing = standingIn(life, at)
  if (standing === 'not-started') return life.opensAt
  if (!usable(standing)) return Infinity
  const ends = [life.closesAt, life.replacedAt, standing === 'in-force' ? life.reviewOverdueAt : life.graceEndsAt]
  return Math.min(...ends.filter((end) => end > at))
}

const dateOf = (instant: number): Date | null => (Number.isFinite(instant) ? new Date(instant) : null)
