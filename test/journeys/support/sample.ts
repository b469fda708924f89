import { contract } from '../../http/support.ts'
import type { ContractOperation } from '../../../src/http/contract.ts'
import type { Json } from '../../support/ask.ts'
import { inventedId } from './requests.ts'

type Schema = Readonly<Record<string, unknown>>

const formats: Readonly<Record<string, () => string>> = {
  uuid: inventedId,
  date: () => '2026-06-01',
  'date-time': () => '2026-06-01T10:00:00.000Z',
  uri: () => 'https://agency.example/keys',
}

const resolve = (schema: Schema): Schema => {
  if (typeof schema.$ref !== 'string') return schema
  const steps = schema.$ref.slice(2).split('/')
  return resolve(steps.reduce<Schema>((at, step) => at[step] as Schema, contract.document))
}

type Extent = 'least' | 'all'

/** A value that fits a schema: its example, its first choice, or what is required; `all` takes what may be left out as well. */
const sampleOf = (given: Schema, extent: Extent = 'least'): unknown => {
  const schema = resolve(given)
  const [example] = (schema.examples as readonly unknown[] | undefined) ?? []
  if (example !== undefined) return example
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0] as unknown
  const choice = [schema.oneOf, schema.anyOf].find(Array.isArray) as readonly Schema[] | undefined
  const type = [schema.type].flat()[0]
  if (type === 'object') return objectOf(schema, choice?.[0], extent)
  if (choice !== undefined) return sampleOf(choice[0]!, extent)
  if (type === 'array')
    return Array.from({ length: Number(schema.minItems ?? (extent === 'all' ? 1 : 0)) }, () => sampleOf(schema.items as Schema, extent))
  if (type === 'integer' || type === 'number') return Number(schema.minimum ?? 1)
  if (type === 'boolean') return false
  return formats[String(schema.format)]?.() ?? 'Said at the conference'.padEnd(Number(schema.minLength ?? 0), '.')
}

const objectOf = (schema: Schema, choice: Schema | undefined, extent: Extent): Json => {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>
  const required = [schema.required, choice?.required].flatMap((names) => (names as readonly string[] | undefined) ?? [])
  const names = extent === 'all' && choice === undefined ? Object.keys(properties) : required
  return Object.fromEntries(names.map((name) => [name, sampleOf(properties[name]!, extent)]))
}

const rawOf = ({ path, method }: ContractOperation): { readonly item: Schema; readonly raw: Schema } => {
  const item = (contract.document.paths as Readonly<Record<string, Schema>>)[path]!
  return { item, raw: item[method] as Schema }
}

const bodyOf = (operation: ContractOperation, extent: Extent): Json => {
  const { raw } = rawOf(operation)
  const content = (raw.requestBody as { content: Readonly<Record<string, { schema: Schema }>> }).content
  return sampleOf(content['application/json']!.schema, extent) as Json
}

/** The least and the most of a body that fit the operation; none where it takes none. Throws where the contract would need an example. */
export const sampleBodies = (operation: ContractOperation): readonly Json[] => {
  const fits = operation.body
  if (fits === null) return []
  const least = bodyOf(operation, 'least')
  if (!fits(least)) throw new Error(`${operation.operationId}: ${JSON.stringify(least)} does not fit: ${JSON.stringify(fits.errors)}`)
  return [least, bodyOf(operation, 'all')].filter((body) => fits(body))
}

/** Something for every parameter in the path. */
export const sampleParams = (operation: ContractOperation): Readonly<Record<string, string>> => {
  const { item, raw } = rawOf(operation)
  const parameters = [item.parameters, raw.parameters].flatMap((list) => (list as readonly Schema[] | undefined) ?? []).map(resolve)
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  return Object.fromEntries(inPath.map(({ name, schema }): [string, string] => [String(name), String(sampleOf(schema as Schema))]))
}

export const pathOf = (operation: ContractOperation, params: Readonly<Record<string, string>>): string =>
  operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string): string => params[name]!)
