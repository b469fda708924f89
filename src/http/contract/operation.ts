import type { ValidateFunction } from 'ajv/dist/2020.js'
import { deprecationHeaders, type FindNotices } from './changes/deprecation-headers.ts'
import { isTree } from './dereference.ts'

export type Compile = (schema: object, where: string) => ValidateFunction

export interface ContractOperation {
  readonly operationId: string
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch'
  /** The template, e.g. `/v1/agreements/{agreementId}`. */
  readonly path: string
  /** Null when the operation takes no body. */
  readonly body: ValidateFunction | null
  /** It may be left out, and then stands for an empty object. */
  readonly bodyOptional: boolean
  readonly bodyLimitBytes: number
  readonly params: ValidateFunction
  readonly query: ValidateFunction
  readonly queryNames: readonly string[]
  /** Names in lower case. */
  readonly headers: ValidateFunction
  readonly takesIdempotencyKey: boolean
  /** What every answer says of an end that was announced; empty where none was. */
  readonly deprecation: Readonly<Record<string, string>>
  /** Body validator by status: what each answer must look like. Compiled when first asked for, which only tests do: a start is not kept waiting. */
  readonly answers: ReadonlyMap<string, () => ValidateFunction>
}

interface Source {
  readonly path: string
  readonly method: ContractOperation['method']
  readonly item: Readonly<Record<string, unknown>>
  readonly compilers: { readonly strict: Compile; readonly fromText: Compile }
  readonly noticesIn: FindNotices
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: object
}

export const compileOperation = ({ path, method, item, compilers, noticesIn }: Source): ContractOperation => {
  const where = `paths.${path}.${method}`
  const raw = item[method]
  if (!isTree(raw) || typeof raw['operationId'] !== 'string') throw new Error(`${where}: operationId is missing`)
  const parameters = [item['parameters'], raw['parameters']].flatMap((list) => (Array.isArray(list) ? (list as Parameter[]) : []))
  const inPlace = (place: string) => parameters.filter((parameter) => parameter.in === place)
  refuseUndeclared(path, inPlace('path'), where)
  const headers = inPlace('header').map((parameter) => ({ ...parameter, name: parameter.name.toLowerCase() }))
  return {
    operationId: raw['operationId'],
    method,
    path,
    body: compileBody(raw['requestBody'], compilers.strict, where),
    bodyOptional: isTree(raw['requestBody']) && raw['requestBody']['required'] === false,
    bodyLimitBytes: Number(raw['x-body-limit-kb'] ?? 100) * 1024,
    params: compilers.fromText(objectOf(inPlace('path'), false), `${where}.parameters`),
    query: compilers.fromText(objectOf(inPlace('query'), false), `${where}.parameters`),
    queryNames: inPlace('query').map((parameter) => parameter.name),
    headers: compilers.strict(objectOf(headers, true), `${where}.parameters`),
    takesIdempotencyKey: headers.some((header) => header.name === 'idempotency-key'),
    deprecation: deprecationHeaders(noticesIn([raw, parameters])),
    answers: compileAnswers(raw['responses'], compilers.strict, where),
  }
}

const objectOf = (parameters: readonly Parameter[], additionalProperties: boolean): object => ({
  type: 'object',
  additionalProperties,
  required: parameters.filter((parameter) => parameter.required === true).map((parameter) => parameter.name),
  properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema])),
})

const refuseUndeclared = (path: string, declared: readonly Parameter[], where: string): void => {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string)
  const missing = named.find((name) => !declared.some((parameter) => parameter.name === name))
  if (missing !== undefined) throw new Error(`${where}: the path parameter ${missing} is not declared`)
}

const compileBody = (body: unknown, compile: Compile, where: string): ValidateFunction | null => {
  if (body === undefined) return null
  const schema = schemaOf(body, 'application/json')
  if (schema === null) throw new Error(`${where}.requestBody: no schema for application/json`)
  return compile(schema, `${where}.requestBody`)
}

const compileAnswers = (responses: unknown, compile: Compile, where: string): ContractOperation['answers'] => {
  if (!isTree(responses)) throw new Error(`${where}: responses are missing`)
  const answers = new Map<string, () => ValidateFunction>()
  for (const [status, response] of Object.entries(responses)) {
    const schema = schemaOf(response, status < '400' ? 'application/json' : 'application/problem+json')
    if (schema === null) throw new Error(`${where}.responses.${status}: no schema`)
    let compiled: ValidateFunction | null = null
    answers.set(status, () => (compiled ??= compile(schema, `${where}.responses.${status}`)))
  }
  return answers
}

const schemaOf = (holder: unknown, mediaType: string): object | null => {
  const content = isTree(holder) && isTree(holder['content']) ? holder['content'][mediaType] : undefined
  return isTree(content) && isTree(content['schema']) ? content['schema'] : null
}
