import { Agent, request } from 'undici'

export interface Sent {
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly token: string
  /** An object is sent as JSON, text as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer whose last byte has arrived. Instants are of this process's monotonic clock. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
  /** Null where the answer names no entry. */
  readonly entryId: string | null
  readonly beganAt: number
  readonly endedAt: number
}

export type Ask = (sent: Sent) => Promise<Reply>

export interface Client {
  readonly ask: Ask
  close(): Promise<void>
}

/** Keeps connections to every gateway it is sent to; throws when an answer does not arrive whole. */
export const makeClient = (limitMs = 20_000): Client => {
  const dispatcher = new Agent({ connections: 128, pipelining: 1, headersTimeout: limitMs, bodyTimeout: limitMs })
  const ask: Ask = async ({ url, method = 'POST', path, token, body, headers = {} }) => {
    const beganAt = performance.now()
    const response = await request(url + path, {
      dispatcher,
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.body.text()
    const endedAt = performance.now()
    const parsed = (text === '' ? {} : JSON.parse(text)) as Reply['body']
    const entryId = typeof parsed.entryId === 'string' ? parsed.entryId : null
    return { status: response.statusCode, headers: response.headers, text, body: parsed, entryId, beganAt, endedAt }
  }
  return { ask, close: () => dispatcher.destroy() }
}

/** Did anything about the person leave? */
export const hasData = (reply: Pick<Reply, 'status' | 'body'>): boolean => {
  const records = (reply.body.records ?? []) as readonly { readonly items?: readonly unknown[] }[]
  const paragraphs = (reply.body.paragraphs ?? []) as readonly unknown[]
  return reply.status < 300 && (records.some((record) => (record.items ?? []).length > 0) || paragraphs.length > 0)
}
