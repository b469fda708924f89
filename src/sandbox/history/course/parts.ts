import type { AreaId } from '../../cast.ts'
import { isJuvenile } from '../../people/person.ts'
import { isStoryPerson } from '../../people/story.ts'
import type { CohortPerson } from './cohort-person.ts'

/** What happened to a few people besides the ordinary course of a case. */
export type Part = 'transferred' | 'passed-to-iom' | 'recalled' | 'released' | 'move-waits' | 'move-declined' | 'taken-over' | 'corrected'

interface Casting {
  readonly part: Part
  readonly count: number
  readonly fits: (person: CohortPerson, facts: { readonly juvenile: boolean; readonly held: boolean }) => boolean
}

const inArea = (person: CohortPerson, areaId: AreaId): boolean => person.areaId === areaId

const castings: readonly Casting[] = [
  // Closed to young people since 1 September 2009: those on the list came with it, and nobody registers them anew (R33).
  { part: 'taken-over', count: 219, fits: (person, { juvenile }) => juvenile && person.cohort === 'ppo' },
  { part: 'recalled', count: 1, fits: (person, { held }) => held && person.statutory && person.consent.length === 0 },
  { part: 'released', count: 4, fits: (person, { juvenile, held }) => !juvenile && !held && person.consent.length === 0 },
  {
    part: 'transferred',
    count: 1,
    fits: (person, { juvenile, held }) => inArea(person, 'wharfe') && person.statutory && !juvenile && !held && person.consent.length === 0,
  },
  {
    part: 'passed-to-iom',
    count: 1,
    fits: (person, { juvenile, held }) => inArea(person, 'calder') && person.statutory && !juvenile && !held && person.cohort === 'iom',
  },
  {
    part: 'move-waits',
    count: 2,
    fits: (person, { juvenile, held }) => inArea(person, 'calder') && !juvenile && !held && person.leadAgencyId === 'ridings-police',
  },
  {
    part: 'move-declined',
    count: 1,
    fits: (person, { juvenile, held }) => inArea(person, 'calder') && !juvenile && !held && person.leadAgencyId === 'ridings-police',
  },
  { part: 'corrected', count: 1, fits: (person, { held }) => inArea(person, 'calder') && !held },
]

/** Who has which part: the first who fit, nobody twice, and nobody of the story, whose lives are told elsewhere. */
export const castParts = (people: readonly CohortPerson[]): ReadonlyMap<string, Part> => {
  const given = new Map<string, Part>()
  for (const { part, count, fits } of castings) {
    people
      .filter((person) => !given.has(person.id) && !isStoryPerson(person.id))
      .filter((person) => fits(person, { juvenile: isJuvenile(person.bornOn), held: person.custodyAgencyId !== null }))
      .slice(0, count)
      .forEach(({ id }) => given.set(id, part))
  }
  return given
}
