import { newId } from '../../src/gateway/new-id.ts'

export type Json = Readonly<Record<string, unknown>>

export interface Sent {
  readonly method: string
  readonly url: string
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Json
  /** The X-Request-Id sent along: every entry of a known caller carries it. */
  readonly requestId: string
  /** The entry that the answer names; empty when it names none. */
  readonly entryId: string
}

export interface Asker {
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  delete(path: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

/** One request over a real connection. */
export const ask = async ({ method, url, body, headers = {} }: Sent): Promise<Reply> => {
  const requestId = headers['x-request-id'] ?? newId()
  const response = await fetch(url, {
    method,
    headers: { 'x-request-id': requestId, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: bytesOf(body),
    redirect: 'manual',
  })
  return replyFrom(response, await response.text(), requestId)
}

const bytesOf = (body: unknown): string | Uint8Array<ArrayBuffer> | undefined => {
  if (body === undefined || typeof body === 'string') return body
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body)
}

const replyFrom = ({ status, headers }: Response, text: string, requestId: string): Reply => {
  const parsed: unknown = text === '' ? {} : JSON.parse(text)
  const body = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Json
  return { status, headers, text, body, requestId, entryId: typeof body.entryId === 'string' ? body.entryId : '' }
}
