import type { CategoryDefinition } from '../decision/category.ts'
import type { Facts } from '../facts.ts'
import type { Item } from '../snapshot.ts'
import { type CategoryFacts, yesNo } from './derive-facts.ts'

const member = <T extends string>(values: readonly T[], value: string): T | 'unknown' =>
  (values as readonly string[]).includes(value) ? (value as T) : 'unknown'

const gradeOf = (item: Item, graded: boolean): Pick<Facts, 'sourceGrade' | 'intelligenceGrade' | 'handling'> => {
  if (item.grade === null) {
    // Intelligence without its 3x5x2 grade is refused later: absence denies.
    const absent = graded ? 'unknown' : 'not-graded'
    return { sourceGrade: absent, intelligenceGrade: absent, handling: absent }
  }
  return {
    sourceGrade: member(['1', '2', '3'] as const, item.grade.source),
    intelligenceGrade: member(['a', 'b', 'c', 'd', 'e'] as const, item.grade.intelligence.toLowerCase()),
    handling: member(['p', 'c'] as const, item.grade.handling.toLowerCase()),
  }
}

/** BIU and PIU mark what they let out; an item that both marked was let out by neither alone. */
const releasePointOf = (item: Item, graded: boolean): Facts['releasePoint'] => {
  if (!graded) return 'not-graded'
  const units = (['biu', 'piu'] as const).filter((unit) => item.conditions.includes(`released-by-${unit}`))
  return units.length > 1 ? 'unknown' : (units[0] ?? 'none')
}

const markingsKnown = ['official', 'official-sensitive', 'npm', 'protect', 'restricted', 'confidential', 'secret', 'top-secret'] as const

/** The facts that an item has of its own; the others are its category's. */
export const itemFactNames = [
  'item',
  'itemMarking',
  'itemProcessing',
  'sourceGrade',
  'intelligenceGrade',
  'handling',
  'originatorConsulted',
  'releasePoint',
  'collectedOnConsent',
] as const satisfies readonly (keyof Facts)[]

/** The facts of one item that a supplier gave for a category: what the second decision, before release, is made on. */
export const itemFactsOf = (category: CategoryFacts, item: Item, definition: CategoryDefinition): Facts => {
  const grade = gradeOf(item, definition.graded)
  const own: Pick<Facts, (typeof itemFactNames)[number]> = {
    ...grade,
    item: 'fetched',
    itemMarking: member(markingsKnown, item.marking),
    itemProcessing: item.restricted === null ? 'unknown' : item.restricted ? 'restricted' : 'unrestricted',
    originatorConsulted: grade.handling === 'c' ? yesNo(item.conditions.includes('originator-consulted')) : 'not-needed',
    releasePoint: releasePointOf(item, definition.graded),
    collectedOnConsent: yesNo(item.collectedOnConsent),
  }
  return Object.freeze({ ...category.facts, ...own })
}
