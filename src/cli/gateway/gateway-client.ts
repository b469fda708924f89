import { randomUUID } from 'node:crypto'
import { request } from 'undici'
import { CommandProblem } from '../problem.ts'

/** Where to ask and as whom. */
export interface Connection {
  readonly url: string
  readonly token: string
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** The version that a change of a case was decided on (its ETag). */
  readonly ifMatch?: string
}

export interface Reply<Body = Record<string, unknown>> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: Body
}

/** Asks the gateway once; whatever changes something is sent under a key of its own, so that a repeat cannot do it twice. */
export const askGateway = async <Body = Record<string, unknown>>(connection: Connection, question: Question): Promise<Reply<Body>> => {
  const { method, path, body, ifMatch } = question
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const headers = {
    authorization: `Bearer ${connection.token}`,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
  }
  try {
    const reply = await request(connection.url + path, { method, headers, ...sent })
    const text = await reply.body.text()
    return { status: reply.statusCode, headers: reply.headers, text, body: parsed(text, connection.url) as Body }
  } catch (cause) {
    throw cause instanceof CommandProblem ? cause : noAnswer(connection.url, cause)
  }
}

/** Asks for what needs no token: health, and the key that receipts are verified with. */
export const askOpenly = async (url: string, path: string): Promise<{ readonly status: number; readonly body: unknown }> => {
  try {
    const reply = await request(url + path, { method: 'GET', signal: AbortSignal.timeout(5_000) })
    return { status: reply.statusCode, body: parsed(await reply.body.text(), url) }
  } catch (cause) {
    throw cause instanceof CommandProblem ? cause : noAnswer(url, cause)
  }
}

const parsed = (text: string, url: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CommandProblem(`What answers at ${url} is not a gateway.`, 1, cause)
  }
}

const noAnswer = (url: string, cause: unknown): CommandProblem => {
  const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new CommandProblem(`No gateway answers at ${url}${why}. Start one with: npm start`, 1, cause)
}
