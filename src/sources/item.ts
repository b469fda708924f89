import { z } from 'zod'
import type { CategoryDefinition } from '../core/decision/category.ts'
import { factVocabulary } from '../core/facts.ts'
import type { Item } from '../core/snapshot.ts'
import { markings } from '../core/vocabulary.ts'

/** What the policy says of a category, as far as an item that does not say it itself takes it from there. */
export type CategoryTerms = Pick<CategoryDefinition, 'marking' | 'graded' | 'consent'>

/** What an item of a category is taken to be where its supplier does not say. */
export interface ItemDefaults {
  readonly originator: string
  readonly marking: string
  readonly graded: boolean
  readonly collectedOnConsent: boolean
  /** Null where the supplier has to say it itself. */
  readonly restricted: boolean | null
}

/**
 * The defaults for what an agency holds in a category: the category's marking, the agency as originator, in a category that
 * rests on consent always as collected on consent, in a graded one (3x5x2) with grades `unknown`. A category the policy does
 * not know has the unknown marking and grades, so that nothing of it passes the release rules. Whether an item's processing is
 * restricted only its supplier can say.
 */
export function itemDefaults(agencyId: string, category: CategoryTerms | undefined): ItemDefaults {
  return {
    originator: agencyId,
    marking: category?.marking ?? 'unknown',
    graded: category?.graded ?? true,
    collectedOnConsent: category ? category.consent === 'always' : true,
    restricted: null,
  }
}

/** A database and a signature both choke on NUL and lone surrogates, so they end here. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => value.isWellFormed() && !value.includes('\0'))
const grade = z.union([z.string().max(20), z.int()]).nullish()

const itemShape = z.strictObject({
  fields: z.record(
    z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/),
    z.union([text(20_000), z.number(), z.boolean(), z.null(), z.array(text(2_000)).max(200)]),
  ),
  originator: text(200).min(1).nullish(),
  recordedOn: z.iso.date().nullish(),
  nature: z.enum(['fact', 'assessment']).nullish(),
  subjectType: z.enum(['suspect', 'convicted', 'victim', 'witness', 'other']).nullish(),
  marking: z.string().max(40).nullish(),
  restricted: z.boolean().nullish(),
  collectedOnConsent: z.boolean().nullish(),
  grade: z.strictObject({ source: grade, intelligence: grade, handling: grade }).nullish(),
  conditions: z.array(text(500)).max(50).nullish(),
  reviewBy: z.iso.date().nullish(),
})

/**
 * An item in the gateway's own shape from what a mapping or a stored record gave; null when it is none.
 * What is not said is taken carefully: an assessment rather than a fact (DPA 2018 s.38(2)), about somebody `other` than a
 * suspect or a convicted person (s.38(3)), an unknown marking or grade as `unknown`. Null fields are left out.
 */
export function toItem(value: unknown, defaults: ItemDefaults): Item | null {
  const parsed = itemShape.safeParse(value)
  return parsed.success ? completeItem(parsed.data, defaults) : null
}

export type GivenItem = z.infer<typeof itemShape>

/** Fills in what an item of known shape does not say. */
export function completeItem(given: GivenItem, defaults: ItemDefaults): Item {
  return {
    fields: Object.fromEntries(Object.entries(given.fields).filter(([, field]) => field !== null)),
    originator: given.originator ?? defaults.originator,
    recordedOn: given.recordedOn ?? null,
    nature: given.nature ?? 'assessment',
    subjectType: given.subjectType ?? 'other',
    marking: given.marking == null ? defaults.marking : knownMarking(given.marking),
    restricted: given.restricted ?? defaults.restricted,
    collectedOnConsent: given.collectedOnConsent ?? defaults.collectedOnConsent,
    grade: toGrade(given.grade, defaults.graded),
    conditions: given.conditions ?? [],
    reviewBy: given.reviewBy ?? null,
  }
}

function knownMarking(given: string): string {
  const marking = given
    .trim()
    .toLowerCase()
    .replace(/[\s_:-]+/g, '-')
  return markings.find((known) => known === marking) ?? 'unknown'
}

type GivenGrade = z.infer<typeof itemShape>['grade']

function toGrade(given: GivenGrade, graded: boolean): Item['grade'] {
  if (given == null && !graded) return null
  return {
    source: knownGrade(given?.source, factVocabulary.sourceGrade),
    intelligence: knownGrade(given?.intelligence, factVocabulary.intelligenceGrade),
    handling: knownGrade(given?.handling, factVocabulary.handling),
  }
}

/** `not-graded` is for categories without grades: a supplier cannot say it to slip past the rules on intelligence. */
function knownGrade(given: string | number | null | undefined, known: readonly string[]): string {
  const grade = String(given ?? '')
    .trim()
    .toLowerCase()
  return grade !== 'not-graded' && known.includes(grade) ? grade : 'unknown'
}
