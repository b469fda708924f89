import { isTree } from '../dereference.ts'
import { noticeOn } from './notice.ts'
import { type Break, type CompareSchemas, under } from './schema-breaks.ts'

type Tree = Readonly<Record<string, unknown>>

export interface Comparisons {
  readonly request: CompareSchemas
  readonly answer: CompareSchemas
}

/** An operation as it is asked: its own parameters and those of its path, and who may ask. */
export interface Operation {
  readonly name: string
  readonly parameters: ReadonlyMap<string, Tree>
  readonly security: readonly unknown[]
  readonly raw: Tree
}

export const operationBreaks = (before: Operation, after: Operation, comparisons: Comparisons): readonly Break[] => [
  ...renamed(before, after),
  ...accessBreaks(before.security, after.security),
  ...parameterBreaks(before, after, comparisons.request),
  ...bodyBreaks(before.raw, after.raw, comparisons.request),
  ...answerBreaks(treeIn(before.raw, 'responses'), treeIn(after.raw, 'responses'), comparisons.answer),
]

const treeIn = (holder: unknown, name: string): Tree => {
  const found = isTree(holder) ? holder[name] : undefined
  return isTree(found) ? found : {}
}

const made = (kind: Break['kind'], at: string, says: string): Break => ({ kind, at, says, notice: null })

/** Clients that are made from the contract call an operation by its id. */
const renamed = ({ raw: before }: Operation, { raw: after }: Operation): readonly Break[] =>
  before['operationId'] === after['operationId'] ? [] : [made('operation-renamed', '', `is ${String(after['operationId'])} now`)]

/** Each way to be let in that there was is there still; where nothing was asked for, nothing is. */
const accessBreaks = (before: readonly unknown[], after: readonly unknown[]): readonly Break[] => {
  if (after.length === 0) return []
  const ways = after.map((one) => JSON.stringify(one))
  const lost = (before.length === 0 ? [{}] : before).map((one) => JSON.stringify(one)).filter((one) => !ways.includes(one))
  return lost.map((one) => made('access-narrowed', '/security', `${one} is no longer enough`))
}

const parameterBreaks = (before: Operation, after: Operation, compare: CompareSchemas): readonly Break[] => {
  const left = [...before.parameters].flatMap(([key, was]): readonly Break[] => {
    const is = after.parameters.get(key)
    if (is === undefined) return [{ ...made('parameter-removed', `/${key}`, 'is gone'), notice: noticeOn(was, key) }]
    const required = was['required'] !== true && is['required'] === true
    return [
      ...(required ? [made('parameter-required', `/${key}`, 'must be sent')] : []),
      ...under(key, compare(was['schema'], is['schema'])),
    ]
  })
  const added = [...after.parameters].filter(([key, is]) => is['required'] === true && !before.parameters.has(key))
  return [...left, ...added.map(([key]) => made('parameter-required', `/${key}`, 'must be sent'))]
}

const bodyBreaks = (before: Tree, after: Tree, compare: CompareSchemas): readonly Break[] => {
  const [was, is] = [before['requestBody'], after['requestBody']]
  const required = isTree(is) && is['required'] === true && !(isTree(was) && was['required'] === true)
  const limit = (raw: Tree): number => Number(raw['x-body-limit-kb'] ?? 100)
  const lowered = limit(after) < limit(before)
  return [
    ...(required ? [made('body-required', '/body', 'must be sent')] : []),
    ...(lowered ? [made('body-limit-lowered', '/body', `at most ${limit(after)} KB, no longer ${limit(before)}`)] : []),
    ...under('body', contentBreaks(treeIn(was, 'content'), treeIn(is, 'content'), compare)),
  ]
}

const contentBreaks = (before: Tree, after: Tree, compare: CompareSchemas): readonly Break[] =>
  Object.entries(before).flatMap(([mediaType, was]) => {
    const is = after[mediaType]
    if (!isTree(is)) return [made('member-removed', '', `${mediaType} is gone`)]
    return compare((was as Tree)['schema'], is['schema'])
  })

const answerBreaks = (before: Tree, after: Tree, compare: CompareSchemas): readonly Break[] =>
  Object.entries(before).flatMap(([status, was]) => {
    const is = after[status]
    if (!isTree(is)) return [{ ...made('answer-removed', `/${status}`, 'is gone'), notice: noticeOn(was, status) }]
    const headers = Object.entries(treeIn(was, 'headers')).filter(([name]) => !(name in treeIn(is, 'headers')))
    return [
      ...headers.map(([name, header]): Break => ({
        ...made('header-removed', `/${status}/${name}`, 'is gone'),
        notice: noticeOn(header, name),
      })),
      ...under(status, contentBreaks(treeIn(was, 'content'), treeIn(is, 'content'), compare)),
    ]
  })
