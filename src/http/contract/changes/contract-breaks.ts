import { dereference, isTree } from '../dereference.ts'
import { isDue, noticeOn } from './notice.ts'
import { type Operation, operationBreaks } from './operation-breaks.ts'
import { type Break, makeSchemaComparison } from './schema-breaks.ts'

type Tree = Readonly<Record<string, unknown>>

/** One thing that whoever is built on the former contract cannot do or rely on any more, e.g. `POST /v1/searches`, `/body/name`. */
export interface ContractBreak extends Break {
  readonly operation: string
}

/** A break that is no removal, announced in the contract itself under `x-announced`. `operation` is `*` for all it touches. */
export interface AnnouncedBreak {
  readonly kind: string
  readonly operation: string
  readonly at: string
  readonly announcedOn: string
  readonly fromOn: string
  readonly instead: string
}

/** What in the later contract breaks whoever was built on the former one. What is only added breaks nobody. */
export const contractBreaks = (former: Tree, later: Tree): readonly ContractBreak[] => {
  const comparisons = { request: makeSchemaComparison('request'), answer: makeSchemaComparison('answer') }
  const [before, after] = [operationsOf(former), operationsOf(later)]
  const operations = [...before].flatMap(([key, was]): readonly ContractBreak[] => {
    const is = after.get(key)
    const found: readonly Break[] =
      is === undefined
        ? [{ kind: 'operation-removed', at: '', says: 'is gone', notice: noticeOn(was.raw, key) }]
        : operationBreaks(was, is, comparisons)
    return found.map((one) => ({ ...one, operation: was.name }))
  })
  return [...schemeBreaks(former, later), ...operations]
}

/** Those that nobody was told of in time: neither by a notice on what is gone, nor under `x-announced`, in the former contract. */
export const untimely = (breaks: readonly ContractBreak[], former: Tree, today: string): readonly ContractBreak[] => {
  const announced = announcedIn(former)
  return breaks.filter(({ kind, operation, at, notice }) => {
    if (notice !== null && isDue(notice, today)) return false
    const told = announced.filter((one) => one.kind === kind && one.at === at && (one.operation === operation || one.operation === '*'))
    return !told.some(({ announcedOn, fromOn }) => isDue({ deprecatedOn: announcedOn, sunsetOn: fromOn }, today))
  })
}

/** @throws Error for one that was announced for a day sooner than promised */
export const announcedIn = (document: Tree): readonly AnnouncedBreak[] =>
  listIn(document, 'x-announced').map((given) => {
    const one = given as AnnouncedBreak
    noticeOn({ deprecated: true, 'x-deprecated-on': one.announcedOn, 'x-sunset': one.fromOn }, `x-announced ${one.operation} ${one.at}`)
    return one
  })

export const breakLine = ({ operation, at, kind, says }: ContractBreak): string => `${operation} ${at || '/'}: ${says} (${kind})`

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const

const operationsOf = (document: Tree): ReadonlyMap<string, Operation> => {
  const resolved = dereference(document)
  const paths = isTree(resolved['paths']) ? resolved['paths'] : {}
  const everywhere = listIn(resolved, 'security')
  return new Map(
    Object.entries(paths as Readonly<Record<string, Tree>>).flatMap(([path, item]) =>
      methods.flatMap((method): readonly (readonly [string, Operation])[] => {
        const raw = item[method]
        if (!isTree(raw)) return []
        const parameters = new Map(
          [...listIn(item, 'parameters'), ...listIn(raw, 'parameters')].map((one) => [keyOf(one as Tree, path), one as Tree]),
        )
        const security = raw['security'] === undefined ? everywhere : listIn(raw, 'security')
        // What a parameter of the path is called, no request says.
        return [[`${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`, { name: `${method.toUpperCase()} ${path}`, parameters, security, raw }]]
      }),
    ),
  )
}

const listIn = (holder: Tree, name: string): readonly unknown[] => (Array.isArray(holder[name]) ? (holder[name] as unknown[]) : [])

const keyOf = (parameter: Tree, path: string): string => {
  const name = String(parameter['name'])
  if (parameter['in'] === 'path') return `path ${[...path.matchAll(/\{(\w+)\}/g)].findIndex((match) => match[1] === name) + 1}`
  return `${String(parameter['in'])} ${parameter['in'] === 'header' ? name.toLowerCase() : name}`
}

const schemesIn = (document: Tree): Tree => {
  const components = document['components']
  const schemes = isTree(components) ? components['securitySchemes'] : undefined
  return isTree(schemes) ? schemes : {}
}

/** How somebody proves who they are, without the words about it. */
const schemeBreaks = (former: Tree, later: Tree): readonly ContractBreak[] =>
  Object.entries(schemesIn(former)).flatMap(([name, was]) => {
    const is = schemesIn(later)[name]
    const bare = (scheme: unknown): string => JSON.stringify(isTree(scheme) ? { ...scheme, description: undefined } : null)
    return bare(was) === bare(is)
      ? []
      : [
          {
            kind: 'access-narrowed' as const,
            operation: '*',
            at: `/securitySchemes/${name}`,
            says: is === undefined ? 'is gone' : 'is another one now',
            notice: null,
          },
        ]
  })
