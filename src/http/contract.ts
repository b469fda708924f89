import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { dereference, isTree } from './contract/dereference.ts'
import { announcedIn } from './contract/changes/contract-breaks.ts'
import { findNotices } from './contract/changes/deprecation-headers.ts'
import { storedFormats } from './contract/formats.ts'
import { compileOperation } from './contract/operation.ts'
import type { Compile, ContractOperation } from './contract/operation.ts'

export interface Contract {
  /** The document as it is published at /openapi.json. */
  readonly document: Readonly<Record<string, unknown>>
  /** Paths without parameters stand before those with, so that `/agreements/coverage` is not taken for an id. */
  readonly operations: readonly ContractOperation[]
}

export const contractFile = new URL('../../openapi/gateway.yaml', import.meta.url)

let loaded: Contract | null = null

/** Reads and compiles openapi/gateway.yaml, once; throws with the path of the first fault in it, so that a faulty contract stops the start. */
export const loadContract = (): Contract => (loaded ??= compileContract(readFileSync(contractFile, 'utf8')))

export const compileContract = (yaml: string): Contract => {
  const document: unknown = parse(yaml, { uniqueKeys: true })
  if (!isTree(document) || !isTree(document['paths'])) throw new Error('the contract has no paths')
  announcedIn(document)
  const { paths } = dereference(document) as { paths: Record<string, Record<string, unknown>> }
  const compilers = makeCompilers()
  const noticesIn = findNotices()
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methodsOf(item).map((method) => compileOperation({ path, method, item, compilers, noticesIn })),
  )
  refuseDuplicates(operations.map((operation) => operation.operationId))
  return { document, operations: operations.toSorted((left, right) => byLiteralness(left.path, right.path)) }
}

const methodsOf = (item: object) => (['get', 'put', 'post', 'delete', 'patch'] as const).filter((method) => method in item)

const byLiteralness = (left: string, right: string): number => parametersIn(left) - parametersIn(right)
const parametersIn = (path: string): number => path.split('{').length - 1

const refuseDuplicates = (ids: readonly string[]): void => {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new Error(`the operationId ${twice} is used twice`)
}

/** Parameters arrive as text, so theirs alone may read "20" as a number; a body is taken for what it is. */
const makeCompilers = (): { readonly strict: Compile; readonly fromText: Compile } => ({
  strict: compilerOf(makeAjv(false)),
  fromText: compilerOf(makeAjv(true)),
})

const compilerOf =
  (ajv: Ajv2020): Compile =>
  (schema, where) => {
    try {
      return ajv.compile(schema)
    } catch (cause) {
      throw new Error(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }

const makeAjv = (coerceTypes: boolean): Ajv2020 => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, verbose: true, coerceTypes })
  formats.default(ajv)
  for (const [name, validate] of Object.entries(storedFormats)) ajv.addFormat(name, { type: 'string', validate })
  ajv.addKeyword({ keyword: 'x-unique-by', type: 'array', schemaType: 'string', errors: false, validate: uniqueBy })
  // What integrators are told of a value or a member; it lets nothing through and keeps nothing out.
  for (const keyword of ['x-grows', 'x-deprecated-on', 'x-sunset']) ajv.addKeyword(keyword)
  return ajv
}

/** `uniqueItems` compares objects pair by pair, which a long list turns into a way to keep the gateway busy. */
const uniqueBy = (name: string, items: readonly unknown[]): boolean => {
  const values = items.filter(isTree).map((item) => item[name])
  return new Set(values).size === values.length
}

export type { ContractOperation, ValidateFunction }
