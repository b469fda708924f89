import { earliest } from '../earliest.ts'
import { ageOn, eighteenthBirthday, londonDay, sixteenthBirthday, startOfLondonDay } from '../london.ts'
import type { ConsentEvent } from '../snapshot.ts'
import type { CapacityBasis, Category, ConsentState, Purpose } from '../vocabulary.ts'

export interface ConsentQuestion {
  readonly offenderId: string
  readonly category: Category
  readonly recipient: string
  /** Null, when the request names none, is covered only by what was said of every purpose. */
  readonly purpose: Purpose | null
  /** The subject's birth date; null is unknown, and then no basis of capacity can be shown to fit. */
  readonly bornOn: string | null
  readonly at: Date
}

export interface ConsentAnswer {
  /** `not-sought` when nothing the person said bears on the question. Only `given` and `given-limited` open a gate. */
  readonly state: ConsentState
  /** `outside`: what was last said was a consent, but not to this category, recipient and purpose. */
  readonly scope: 'covers' | 'outside' | 'unknown'
  /** The event that the state rests on. */
  readonly eventId: string | null
  /** The first instant at which the state changes by itself; null when it only changes by a new event. */
  readonly lapsesAt: Date | null
}

/**
 * What the person's own words leave, for one category, recipient and purpose. The newest event that covers the question
 * decides; nothing older is ever revived by it, and asking again changes no answer already given.
 */
export const consentFor = (events: readonly ConsentEvent[], question: ConsentQuestion): ConsentAnswer => {
  if (events.length === 0) return unsaid
  const own = events.filter((event) => event.offenderId === question.offenderId)
  const said = own.filter((event) => event.happenedAt <= question.at).sort(newestFirst)
  const ahead = own.filter((event) => event.happenedAt > question.at).map((event) => event.happenedAt)
  const answer = answerFrom(said, question)
  return { ...answer, lapsesAt: earliest([answer.lapsesAt, ...ahead]) }
}

const unsaid: ConsentAnswer = { state: 'not-sought', scope: 'unknown', eventId: null, lapsesAt: null }

const answerFrom = (said: readonly ConsentEvent[], question: ConsentQuestion): ConsentAnswer => {
  const covering = said.filter((event) => covers(event, question))
  const answered = covering.find((event) => event.kind !== 'sought')
  if (answered !== undefined) return stateOf(answered, question)
  const elsewhere = said.find((event) => event.kind !== 'sought')
  if (elsewhere?.kind === 'given' && stateOf(elsewhere, question).state.startsWith('given')) {
    return { state: 'given-limited', scope: 'outside', eventId: elsewhere.id, lapsesAt: elsewhere.expiresAt }
  }
  const sought = covering[0]
  if (sought !== undefined) return closed('pending', sought)
  return unsaid
}

const stateOf = (event: ConsentEvent, question: ConsentQuestion): ConsentAnswer => {
  if (event.kind === 'no-capacity') return closed('no-capacity', event)
  // "A person who lacks capacity" can neither consent nor refuse (Mental Capacity Act 2005 ss.1-3).
  if (event.capacityBasis === 'mca-assessed-lacks') return closed('no-capacity', event)
  if (event.kind === 'withdrawn') return closed('withdrawn', event)
  if (event.kind !== 'given') return closed('refused', event)
  if (!capacityFits(event, question.bornOn)) return closed('invalid', event)
  if (event.expiresAt !== null && question.at >= event.expiresAt) return closed('expired', event)
  const parentEndsAt = parentalEnd(event.capacityBasis, question.bornOn)
  if (parentEndsAt !== null && question.at >= parentEndsAt) return closed('invalid', event)
  return {
    state: isLimited(event) ? 'given-limited' : 'given',
    scope: 'covers',
    eventId: event.id,
    lapsesAt: earliest([event.expiresAt, parentEndsAt]),
  }
}

const closed = (state: ConsentState, event: ConsentEvent): ConsentAnswer => ({ state, scope: 'covers', eventId: event.id, lapsesAt: null })

/**
 * Does the recorded basis of capacity fit the person's age on the day? Capacity is presumed at 16 and over; under 16 it
 * takes Gillick competence or someone with parental responsibility. An unknown birth date fits nothing.
 */
export const capacityFits = (event: Pick<ConsentEvent, 'capacityBasis' | 'happenedAt'>, bornOn: string | null): boolean => {
  if (event.capacityBasis === null || bornOn === null) return false
  const age = ageOn(bornOn, londonDay(event.happenedAt))
  if (age < 0) return false
  return basesFor(age).includes(event.capacityBasis)
}

const basesFor = (age: number): readonly CapacityBasis[] =>
  age < 16 ? ['gillick', 'parental'] : age < 18 ? ['young-16-17'] : ['adult-presumed']

/** A parent speaks for the child only until the child is presumed able to: at 16 the question goes to the young person. */
const parentalEnd = (basis: CapacityBasis | null, bornOn: string | null): Date | null =>
  basis === 'parental' && bornOn !== null ? startOfLondonDay(sixteenthBirthday(bornOn)) : null

const covers = (event: ConsentEvent, question: ConsentQuestion): boolean =>
  listed(event.scope.categories, question.category) &&
  listed(event.scope.recipients, question.recipient) &&
  listed(event.scope.purposes, question.purpose)

/** An empty list means all of the kind. */
const listed = <Value>(list: readonly Value[], value: Value | null): boolean =>
  list.length === 0 || (value !== null && list.includes(value))

const isLimited = ({ scope }: ConsentEvent): boolean =>
  scope.categories.length > 0 || scope.recipients.length > 0 || scope.purposes.length > 0

const newestFirst = (one: ConsentEvent, other: ConsentEvent): number =>
  other.happenedAt.getTime() - one.happenedAt.getTime() ||
  other.recordedAt.getTime() - one.recordedAt.getTime() ||
  (one.id < other.id ? 1 : one.id > other.id ? -1 : 0)

/** The instant at which a juvenile becomes an adult, 00:00 in London on the 18th birthday; null when unknown or behind. */
export const comesOfAgeAt = (bornOn: string | null, at: Date): Date | null => {
  if (bornOn === null) return null
  const adultAt = startOfLondonDay(eighteenthBirthday(bornOn))
  return adultAt > at ? adultAt : null
}

type Answer = Pick<ConsentEvent, 'kind' | 'scope' | 'capacityBasis'>

/** The sharing whose refusal puts the strand in question: with whom, what and what for. */
export interface SharingInQuestion {
  readonly policeAgencies: readonly string[]
  readonly categories: readonly Category[]
  readonly purposes: readonly Purpose[]
}

/**
 * Is this answer about the sharing between the case manager's agency and the police? A narrower one ("do not tell my landlord", "not
 * what I take") closes its own gate and asks nobody (R32).
 */
export const concernsStrand = (event: Answer, { policeAgencies, categories, purposes }: SharingInQuestion): boolean =>
  event.capacityBasis !== 'mca-assessed-lacks' &&
  overlaps(event.scope.recipients, policeAgencies) &&
  overlaps(event.scope.categories, categories) &&
  overlaps(event.scope.purposes, purposes)

const overlaps = <Value>(said: readonly Value[], asked: readonly Value[]): boolean =>
  said.length === 0 || said.some((value) => asked.includes(value))

/**
 * What an answer about sharing with police sets going (R32): a refusal or withdrawal that reaches police opens a decision for
 * the police, who move nobody by machine (Scrutiny Board 2009, 1.24; DPA 2018 s.50A); consent given again opens a review.
 */
export const consentFollowUp = (
  event: Answer,
  context: SharingInQuestion & { readonly refusedBefore: boolean },
): 'police-strand-decision' | 'return-review' | null => {
  if (!concernsStrand(event, context)) return null
  if (event.kind === 'refused' || event.kind === 'withdrawn') return 'police-strand-decision'
  return event.kind === 'given' && context.refusedBefore ? 'return-review' : null
}
