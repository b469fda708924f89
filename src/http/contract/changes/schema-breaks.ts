import { isTree } from '../dereference.ts'
import { type Notice, noticeOn } from './notice.ts'
import { keywordBreaks, type Way } from './schema-rules.ts'

export type BreakKind =
  | 'operation-removed'
  | 'operation-renamed'
  | 'access-narrowed'
  | 'parameter-removed'
  | 'parameter-required'
  | 'body-required'
  | 'body-limit-lowered'
  | 'answer-removed'
  | 'header-removed'
  | 'member-removed'
  | 'member-required'
  | 'member-optional'
  | 'narrowed'
  | 'widened'

export interface Break {
  readonly kind: BreakKind
  /** The members that lead there; `*` stands for any item. */
  readonly at: string
  readonly says: string
  /** What the former contract said of the end of what is gone. */
  readonly notice: Notice | null
}

type Schema = Readonly<Record<string, unknown>>
export type CompareSchemas = (before: unknown, after: unknown) => readonly Break[]

/** Compares resolved schemas of requests or of answers; the same two are compared once, however many operations use them. */
export const makeSchemaComparison = (way: Way): CompareSchemas => {
  const known = new Map<unknown, Map<unknown, readonly Break[]>>()
  const compare: CompareSchemas = (before, after) => {
    if (before === after) return []
    const found = known.get(before)?.get(after)
    if (found !== undefined) return found
    const breaks = isTree(before) && isTree(after) ? schemaBreaks(before, after, { way, compare }) : openness(before, after, way)
    known.set(before, (known.get(before) ?? new Map<unknown, readonly Break[]>()).set(after, breaks))
    return breaks
  }
  return compare
}

interface Comparison {
  readonly way: Way
  readonly compare: CompareSchemas
}

const schemaBreaks = (before: Schema, after: Schema, comparison: Comparison): readonly Break[] => {
  const choice = choiceBreaks(before, after, comparison)
  if (choice !== null) return choice
  return [
    ...keywordBreaks(before, after, comparison.way).map(({ kind, says }) => ({ kind, says, at: '', notice: null })),
    ...memberBreaks(before, after, comparison),
    ...(['items', 'propertyNames', 'additionalProperties'] as const).flatMap((keyword) =>
      under('*', comparison.compare(before[keyword] ?? unsaid[keyword], after[keyword] ?? unsaid[keyword])),
    ),
  ]
}

const unsaid = { items: {}, propertyNames: {}, additionalProperties: true }

/** True lets anything through, false nothing; what an answer may hold besides was never promised not to come. */
const openness = (before: unknown, after: unknown, way: Way): readonly Break[] =>
  way === 'request' && after !== true && before !== false && before !== after
    ? [{ kind: 'narrowed', at: '', says: 'other members are no longer taken as they were', notice: null }]
    : []

export const under = (name: string, breaks: readonly Break[]): readonly Break[] =>
  breaks.map((one) => ({ ...one, at: `/${name}${one.at}` }))

const membersOf = (schema: Schema): Schema => (isTree(schema['properties']) ? schema['properties'] : {})
const requiredBy = (schema: Schema): readonly string[] => (Array.isArray(schema['required']) ? (schema['required'] as string[]) : [])

const memberBreaks = (before: Schema, after: Schema, { way, compare }: Comparison): readonly Break[] => {
  const [left, right] = [membersOf(before), membersOf(after)]
  const removed = Object.keys(left).filter((name) => !(name in right))
  const [stricter, laxer] = way === 'request' ? [after, before] : [before, after]
  const changed = requiredBy(stricter).filter((name) => !requiredBy(laxer).includes(name) && !removed.includes(name))
  return [
    ...removed.map((name): Break => ({ kind: 'member-removed', at: `/${name}`, says: 'is gone', notice: noticeOn(left[name], name) })),
    ...changed.map((name): Break =>
      way === 'request'
        ? { kind: 'member-required', at: `/${name}`, says: 'must be sent', notice: null }
        : { kind: 'member-optional', at: `/${name}`, says: 'is not always there', notice: null },
    ),
    ...Object.keys(left).flatMap((name) => (name in right ? under(name, compare(left[name], right[name])) : [])),
  ]
}

const branchesOf = (schema: Schema): readonly unknown[] | null => {
  const branches = schema['oneOf'] ?? schema['anyOf']
  return Array.isArray(branches) ? (branches as unknown[]) : null
}

/** What stands beside the branches; with none of it a schema is its branches alone. */
const withoutBranches = ({ oneOf: _, anyOf: __, ...rest }: Schema): Schema => rest
const isChoice = (schema: Schema): boolean =>
  branchesOf(schema) !== null && !['type', 'properties', 'required', 'enum', 'const'].some((keyword) => keyword in schema)

/** Branches are compared with their like; null where neither schema has any, or one has members of its own and no branch on either side. */
const choiceBreaks = (before: Schema, after: Schema, comparison: Comparison): readonly Break[] | null => {
  if (branchesOf(before) === null && branchesOf(after) === null) return null
  if (isChoice(before) || isChoice(after)) return branchBreaks(alone(before), alone(after), comparison)
  const [left, right] = [branchesOf(before), branchesOf(after)]
  const added: Break = { kind: 'narrowed', at: '', says: 'is a choice now', notice: null }
  const branches = left === null ? [added] : right === null ? [] : branchBreaks(left, right, comparison)
  const seen = comparison.way === 'answer' && left === null ? [] : branches
  return [...schemaBreaks(withoutBranches(before), withoutBranches(after), comparison), ...seen]
}

const alone = (schema: Schema): readonly unknown[] => (isChoice(schema) ? branchesOf(schema)! : [schema])

const branchBreaks = (before: readonly unknown[], after: readonly unknown[], { way, compare }: Comparison): readonly Break[] => {
  const [left, right] = [apart(before, after), apart(after, before)]
  const paired = left.slice(0, right.length).flatMap((branch, index) => compare(branch, right[index]))
  const more = way === 'request' ? left.slice(right.length) : right.slice(left.length)
  const says = way === 'request' ? 'one of the forms it may have is no longer taken' : 'it may have another form as well'
  return [...paired, ...more.map((): Break => ({ kind: way === 'request' ? 'narrowed' : 'widened', at: '', says, notice: null }))]
}

const apart = (these: readonly unknown[], those: readonly unknown[]): readonly unknown[] => {
  const known = those.map((branch) => JSON.stringify(branch))
  return these.filter((branch) => !known.includes(JSON.stringify(branch)))
}
