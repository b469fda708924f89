import { holdsAt } from '../case/relationship.ts'
import { earliest } from '../earliest.ts'
import type { DelegatedAct } from '../case-vocabulary.ts'

/** A named person of an agency. */
export interface NamedPerson {
  readonly agencyId: string
  readonly sub: string
}

/** Half-open: from is included, to is not; null is open-ended. */
interface Interval {
  readonly fromAt: Date
  readonly toAt: Date | null
}

/** An appointment to chair the area's conferences, cut to the time in which the person and their agency are active. */
export interface ChairHeld extends Interval {
  readonly person: NamedPerson
}

export interface Delegation extends Interval {
  readonly id: string
  readonly areaId: string
  /** Null: every conference of the area. */
  readonly conferenceId: string | null
  /** Null: whoever chairs the area when it is used. */
  readonly chair: NamedPerson | null
  readonly deputy: NamedPerson
  readonly acts: readonly DelegatedAct[]
  readonly acceptedAt: Date | null
  /** Declined or revoked. */
  readonly endedAt: Date | null
}

export interface ChairQuestion {
  readonly person: NamedPerson
  readonly conference: { readonly id: string; readonly areaId: string }
  readonly act: DelegatedAct
  readonly at: Date
}

export interface ChairFacts {
  /** Of the conference's area. */
  readonly chairs: readonly ChairHeld[]
  readonly delegations: readonly Delegation[]
}

/** Why nobody acts for the chair here; the nearest that was missing. */
export type NoDelegation = 'none' | 'scope' | 'act' | 'not-accepted' | 'not-started' | 'ended' | 'chair-ended'

export type ChairAuthority =
  | { readonly may: true; readonly as: 'chair'; readonly actingFor: null; readonly delegationId: null; readonly lapsesAt: Date | null }
  | {
      readonly may: true
      readonly as: 'delegate'
      readonly actingFor: NamedPerson
      readonly delegationId: string
      /** First instant at which it ends by itself; null when only somebody's act ends it. */
      readonly lapsesAt: Date | null
    }
  | { readonly may: false; readonly because: NoDelegation }

const nearest: readonly NoDelegation[] = ['none', 'scope', 'act', 'not-accepted', 'not-started', 'chair-ended', 'ended']

/**
 * May this person act as chair of the conference at this instant, and for whom (R44)? A chair acts for nobody. A delegation is
 * weighed as it stood at `at`, so that what was done under it stays valid when it has ended; it is never passed on, because only the
 * chair's own appointment stands behind it.
 */
export const actingChair = (facts: ChairFacts, question: ChairQuestion): ChairAuthority => {
  const { person, at } = question
  const own = facts.chairs.filter((held) => samePerson(held.person, person) && holdsAt(held, at))
  if (own.length > 0) return { may: true, as: 'chair', actingFor: null, delegationId: null, lapsesAt: latest(own.map(({ toAt }) => toAt)) }
  let because: NoDelegation = 'none'
  let best: Extract<ChairAuthority, { as: 'delegate' }> | null = null
  for (const delegation of facts.delegations) {
    if (!samePerson(delegation.deputy, person)) continue
    const weighed = weigh(facts, delegation, question)
    if (typeof weighed === 'string') because = nearest.indexOf(weighed) > nearest.indexOf(because) ? weighed : because
    else if (best === null || lastsLonger(weighed, best)) best = weighed
  }
  return best ?? { may: false, because }
}

/**
 * Who chaired a meeting of the area on a day: the authority of that person at any instant of it, the chair's own first. A day is chaired
 * by whoever was entitled for a part of it; what was accepted or began only afterwards counts for nothing.
 */
export const chairedOn = (
  facts: ChairFacts,
  asked: { readonly person: NamedPerson; readonly areaId: string; readonly day: { readonly fromAt: Date; readonly toAt: Date } },
): ChairAuthority => {
  const { person, areaId, day } = asked
  // Whatever changes within the day changes at one of these instants.
  const changes = [
    ...facts.chairs.map(({ fromAt }) => fromAt),
    ...facts.delegations.flatMap(({ fromAt, acceptedAt }) => [fromAt, acceptedAt]),
  ]
  const instants = [day.fromAt, ...changes.filter((at) => at !== null && at > day.fromAt && at < day.toAt)] as Date[]
  const weighed = instants.map((at) => actingChair(facts, { person, conference: { id: '', areaId }, act: 'chair-meeting', at }))
  const entitled = weighed.find(({ may, ...one }) => may && 'as' in one && one.as === 'chair') ?? weighed.find(({ may }) => may)
  return entitled ?? weighed.toSorted((one, other) => nearness(other) - nearness(one))[0]!
}

const nearness = (authority: ChairAuthority): number => (authority.may ? 0 : nearest.indexOf(authority.because))

const weigh = (
  { chairs }: ChairFacts,
  delegation: Delegation,
  { conference, act, at }: ChairQuestion,
): NoDelegation | Extract<ChairAuthority, { as: 'delegate' }> => {
  if (delegation.areaId !== conference.areaId) return 'scope'
  if (delegation.conferenceId !== null && delegation.conferenceId !== conference.id) return 'scope'
  if (!delegation.acts.includes(act)) return 'act'
  if (at < delegation.fromAt) return 'not-started'
  if (!holdsAt(delegation, at) || (delegation.endedAt !== null && at >= delegation.endedAt)) return 'ended'
  if (delegation.acceptedAt === null || at < delegation.acceptedAt) return 'not-accepted'
  const chair = chairs.find(
    (held) =>
      holdsAt(held, at) &&
      !samePerson(held.person, delegation.deputy) &&
      (delegation.chair === null || samePerson(held.person, delegation.chair)),
  )
  if (chair === undefined) return 'chair-ended'
  const ends = [delegation.toAt, chair.toAt, delegation.endedAt]
  return { may: true, as: 'delegate', actingFor: chair.person, delegationId: delegation.id, lapsesAt: earliest(ends) }
}

export const samePerson = (one: NamedPerson, other: NamedPerson): boolean => one.agencyId === other.agencyId && one.sub === other.sub

const latest = (instants: readonly (Date | null)[]): Date | null =>
  instants.reduce((last, next) => (last === null || next === null ? null : next > last ? next : last))

const lastsLonger = (one: { readonly lapsesAt: Date | null }, other: { readonly lapsesAt: Date | null }): boolean =>
  other.lapsesAt !== null && (one.lapsesAt === null || one.lapsesAt > other.lapsesAt)
