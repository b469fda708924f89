import type { AgreementStanding } from '../facts.ts'
import { dayAfter, daysAfter, startOfLondonDay } from '../london.ts'
import type { AgreementVersion } from '../snapshot.ts'
import type { AgreementState } from '../vocabulary.ts'

/** The instants of a version's life in milliseconds, worked out once: each interval is half-open, infinity is never. */
export interface AgreementLife {
  readonly signatures: 'none' | 'some' | 'all'
  readonly suspended: boolean
  readonly terminated: boolean
  readonly opensAt: number
  readonly closesAt: number
  readonly reviewOverdueAt: number
  readonly graceEndsAt: number
  readonly replacedAt: number
  readonly documentFrom: number
  readonly documentTo: number
}

const lives = new WeakMap<AgreementVersion, AgreementLife>()

export const lifeOf = (version: AgreementVersion): AgreementLife => {
  const known = lives.get(version)
  if (known !== undefined) return known
  const life = workOut(version)
  lives.set(version, life)
  return life
}

const workOut = (version: AgreementVersion): AgreementLife => {
  const { terms, signedBy } = version
  const signed = terms.parties.filter((party) => signedBy.includes(party)).length
  return {
    signatures: signed === 0 ? 'none' : signed === terms.parties.length ? 'all' : 'some',
    // A suspension or a termination that has been recorded counts from any instant: a clock stepping back must not undo it.
    suspended: version.suspendedAt !== null,
    terminated: version.terminatedAt !== null,
    opensAt: startOfLondonDay(terms.inForceFrom).getTime(),
    // The last day is included: the agreement lapses at 00:00 on the next.
    closesAt: endOfLondonDay(terms.inForceTo),
    reviewOverdueAt: endOfLondonDay(terms.reviewOn),
    graceEndsAt: endOfLondonDay(daysAfter(terms.reviewOn, terms.reviewGraceDays ?? 0)),
    replacedAt: version.replacedAt?.getTime() ?? Infinity,
    documentFrom: terms.policyDocument === null ? Infinity : startOfLondonDay(terms.policyDocument.liveFrom).getTime(),
    documentTo: terms.policyDocument === null ? -Infinity : endOfLondonDay(terms.policyDocument.liveTo),
  }
}

const endOfLondonDay = (day: string | null): number => (day === null ? Infinity : startOfLondonDay(dayAfter(day)).getTime())

/** Replacement may be ahead: a later version that is signed already begins on its own first day. */
export const replacedBy = (life: AgreementLife, at: number): boolean => at >= life.replacedAt

export const stateIn = (life: AgreementLife, at: number): AgreementState => {
  if (life.terminated) return 'terminated'
  if (replacedBy(life, at)) return 'replaced'
  if (life.suspended) return 'suspended'
  if (life.signatures === 'none') return 'draft'
  if (life.signatures === 'some') return 'signing'
  if (at < life.opensAt) return 'not-started'
  if (at >= life.closesAt) return 'lapsed'
  return at >= life.reviewOverdueAt ? 'review-overdue' : 'in-force'
}

const standings: Readonly<Record<AgreementState, AgreementStanding>> = {
  draft: 'party-unsigned',
  signing: 'party-unsigned',
  'not-started': 'not-started',
  'in-force': 'in-force',
  'review-overdue': 'review-overdue',
  suspended: 'suspended',
  terminated: 'terminated',
  lapsed: 'lapsed',
  replaced: 'none',
}

export const standingIn = (life: AgreementLife, at: number): AgreementStanding => {
  const state = stateIn(life, at)
  return state === 'review-overdue' && at < life.graceEndsAt ? 'review-grace' : standings[state]
}
