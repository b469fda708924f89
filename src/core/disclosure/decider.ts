import { actingChair, type ChairAuthority, type ChairFacts, type NamedPerson, samePerson } from '../conference/acting-chair.ts'
import { holdsAt } from '../case/relationship.ts'

/** Everybody who asks, gets or gains by it: none of them decides (R41). */
export interface Interested {
  readonly requester: NamedPerson
  readonly recipient: NamedPerson
  readonly beneficiaries: readonly NamedPerson[]
}

export const isInterested = ({ requester, recipient, beneficiaries }: Interested, person: NamedPerson): boolean =>
  samePerson(requester, person) || samePerson(recipient, person) || beneficiaries.some((one) => samePerson(one, person))

export interface DecidingFacts {
  /** Of the conference's own area, with the delegations of everybody. */
  readonly own: ChairFacts
  /** Chairs of other areas, in the order in which they would be asked. */
  readonly others: ChairFacts['chairs']
}

export type Decider = NamedPerson & { readonly as: 'chair' | 'delegate' | 'other-chair' }

/**
 * Who may decide, in the order in which they are asked: the chair; a deputy, for the chair's absence and conflict of interest; and only
 * where there is neither, the chair of another conference (R41, R44).
 */
export const decidersOf = (
  facts: DecidingFacts,
  about: { readonly interested: Interested; readonly conference: { readonly id: string; readonly areaId: string }; readonly at: Date },
): readonly Decider[] => {
  const free = (person: NamedPerson): boolean => !isInterested(about.interested, person)
  const candidates = unique([...facts.own.chairs.map(({ person }) => person), ...facts.own.delegations.map(({ deputy }) => deputy)])
  const weighed = candidates.filter(free).flatMap((person): Decider[] => {
    const authority = actingChair(facts.own, { person, conference: about.conference, act: 'decide-disclosure', at: about.at })
    return authority.may ? [{ ...person, as: authority.as }] : []
  })
  const own = weighed.toSorted((one, other) => Number(one.as === 'delegate') - Number(other.as === 'delegate'))
  if (own.length > 0) return own
  const others = facts.others.filter((held) => holdsAt(held, about.at) && free(held.person))
  return unique(others.map(({ person }) => person)).map((person) => ({ ...person, as: 'other-chair' }))
}

export type DecidingAuthority =
  | ChairAuthority
  | { readonly may: true; readonly as: 'other-chair'; readonly actingFor: null; readonly delegationId: null; readonly lapsesAt: null }

/** The authority of one person to decide one request, with whom they act for. */
export const decidingAuthority = (
  facts: DecidingFacts,
  about: Parameters<typeof decidersOf>[1] & { readonly person: NamedPerson },
): DecidingAuthority => {
  const { person, conference, at } = about
  const authority = actingChair(facts.own, { person, conference, act: 'decide-disclosure', at })
  if (authority.may) return authority
  const asked = decidersOf(facts, about).find((one) => samePerson(one, person))
  return asked?.as === 'other-chair' ? { may: true, as: 'other-chair', actingFor: null, delegationId: null, lapsesAt: null } : authority
}

const unique = (people: readonly NamedPerson[]): readonly NamedPerson[] => [
  ...new Map(people.map((person) => [`${person.agencyId} ${person.sub}`, person])).values(),
]
